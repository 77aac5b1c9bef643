// Tells connections when their sockets can be read and written: one edge-triggered epoll registration a socket, for
// life.
//
// Asio's own sockets pay for each message with a recv that finds nothing, a lock and a queued operation, together a
// tenth of a broadcast's time. Asio waits for this poller's descriptor instead, and the sockets behind it cost a system
// call only where there are bytes.
//
// Threading: its loop's thread. Ownership: watchers are borrowed; each is removed before it goes. A watcher may hold
// what keeps itself alive, so the loop has them all let go of it before its context ends.
#pragma once

#include <sys/epoll.h>

#include <array>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_set>

#include "transport/loop/asio_types.hpp"

namespace netcode::transport {

class Poller {
 public:
  class Watcher {
   public:
    /// Since the last call there is something new: EPOLLIN, EPOLLOUT, EPOLLRDHUP, EPOLLHUP, EPOLLERR.
    virtual void on_ready(std::uint32_t events) = 0;
    /// The loop ends: drop the operations that wait, uncalled.
    virtual void abandon() = 0;

   protected:
    ~Watcher() = default;
  };

  Poller() = default;
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;
  ~Poller() = default;

  /// Before anything else.
  void open(asio::io_context& context);
  /// Abandons all watchers. After it only `remove` may be called, so that what goes with the context still can.
  void shut();

  /// Returns why not, if not.
  error_code add(int fd, Watcher& watcher);
  /// After it no event reaches the watcher, not even one that was fetched already.
  void remove(int fd, Watcher& watcher);

 private:
  static constexpr std::size_t kEventsPerTurnMax = 128;

  void wait();
  void run();

  std::optional<asio::posix::basic_stream_descriptor<Executor>> epoll_;
  std::unordered_set<Watcher*> watchers_;
  std::array<epoll_event, kEventsPerTurnMax> events_{};
  std::size_t events_fetched_ = 0;
};

}  // namespace netcode::transport
