#include "transport/loop/poller.hpp"

#include <boost/asio/post.hpp>
#include <cerrno>
#include <span>

#include "engine/core/assert.hpp"

namespace netcode::transport {

void Poller::open(asio::io_context& context) {
  const int fd = ::epoll_create1(EPOLL_CLOEXEC);
  ENGINE_ASSERT(fd >= 0, "no epoll from the kernel");
  epoll_.emplace(context.get_executor(), fd);
  wait();
}

error_code Poller::add(int fd, Watcher& watcher) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = &watcher;
  if (::epoll_ctl(epoll_->native_handle(), EPOLL_CTL_ADD, fd, &event) != 0) {
    return {errno, boost::system::system_category()};
  }
  watchers_.insert(&watcher);
  return {};
}

void Poller::remove(int fd, Watcher& watcher) {
  if (watchers_.erase(&watcher) == 0) return;
  ::epoll_ctl(epoll_->native_handle(), EPOLL_CTL_DEL, fd, nullptr);
  for (epoll_event& event : std::span(events_).first(events_fetched_)) {
    if (event.data.ptr == &watcher) event.data.ptr = nullptr;
  }
}

void Poller::shut() {
  while (!watchers_.empty()) {
    Watcher* const watcher = *watchers_.begin();
    watchers_.erase(watchers_.begin());
    watcher->abandon();
  }
  epoll_.reset();
}

void Poller::wait() {
  epoll_->async_wait(asio::posix::descriptor_base::wait_read, [this](error_code error) {
    if (!error) run();
  });
}

void Poller::run() {
  const int fetched = ::epoll_wait(epoll_->native_handle(), events_.data(), static_cast<int>(events_.size()), 0);
  events_fetched_ = fetched > 0 ? static_cast<std::size_t>(fetched) : 0;
  for (std::size_t i = 0; i < events_fetched_; ++i) {
    if (auto* const watcher = static_cast<Watcher*>(events_[i].data.ptr)) watcher->on_ready(events_[i].events);
  }
  const bool may_be_more = events_fetched_ == events_.size();
  events_fetched_ = 0;
  if (may_be_more) return asio::post(epoll_->get_executor(), [this] { run(); });  // timers and posts get their turn
  wait();
}

}  // namespace netcode::transport
