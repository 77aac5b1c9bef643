#include "transport/stream/socket_stream.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <utility>

#include "transport/loop/io_faults.hpp"
#include "transport/stream/socket_options.hpp"

namespace netcode::transport {

namespace {

/// What is thrown away in one turn of the loop.
constexpr std::size_t kDrainPerTurnBytesMax = 64 * 1024;

error_code last_error() { return {errno, boost::system::system_category()}; }

}  // namespace

std::size_t bytes_in(std::span<const iovec> parts) {
  std::size_t total = 0;
  for (const iovec& part : parts) total += part.iov_len;
  return total;
}

bool is_would_block(error_code error) { return error == asio::error::would_block || error == asio::error::try_again; }

SocketStream::SocketStream(IoLoop& loop, SocketParts parts)
    : loop_(loop),
      fd_(std::move(parts.fd)),
      tls_(std::move(parts.tls)),
      early_(std::move(parts.early)),
      readable_(tls_ != nullptr) {
  if (loop_.poller().add(fd_.get(), *this)) fd_.reset();  // reads and writes will say that there is none
}

SocketStream::~SocketStream() { loop_.poller().remove(fd_.get(), *this); }

void SocketStream::on_ready(std::uint32_t events) {
  const auto keep = owner_->keep_alive();
  const bool over = (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
  const bool has_room = (events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0;
  hung_up_ = hung_up_ || over;
  readable_ = readable_ || over || (events & EPOLLIN) != 0 || (has_room && tls_ && tls_->read_waits_for_room());
  if (has_room) owner_->on_writable();
  if (!fd_) return;
  if (is_draining_) return drain_on();
  if (readable_) owner_->on_readable();
}

// Reading -----------------------------------------------------------------------------------------------------------

error_code SocketStream::read(std::span<const iovec> into, std::size_t& bytes) {
  bytes = 0;
  if (!early_.empty()) {
    bytes = take_early(into);
    bytes_received_ += bytes;
    return {};
  }
  if (!fd_) return asio::error::operation_aborted;
  if (loop_.faults().strikes()) return asio::error::connection_reset;
  const error_code error = tls_ ? tls_->read(into, bytes) : receive(into, bytes);
  bytes_received_ += bytes;
  // A short read has emptied the socket: the next event tells of more (epoll(7), on edge-triggered stream sockets).
  // Of TLS it has only emptied a record.
  const bool has_emptied_it = !tls_ && !hung_up_ && bytes < bytes_in(into);
  if (is_would_block(error) || has_emptied_it) readable_ = false;
  return error;
}

error_code SocketStream::receive(std::span<const iovec> into, std::size_t& bytes) {
  for (;;) {
    ssize_t got = 0;
    if (into.size() == 1) {
      got = ::recv(fd_.get(), into[0].iov_base, into[0].iov_len, MSG_DONTWAIT);
    } else {
      msghdr message{};
      message.msg_iov = const_cast<iovec*>(into.data());
      message.msg_iovlen = into.size();
      got = ::recvmsg(fd_.get(), &message, MSG_DONTWAIT);
    }
    if (got > 0) {
      bytes = static_cast<std::size_t>(got);
      return {};
    }
    if (got == 0) return asio::error::eof;
    if (errno != EINTR) return last_error();
  }
}

std::size_t SocketStream::take_early(std::span<const iovec> into) {
  std::size_t taken = 0;
  for (const iovec& part : into) {
    const auto size = std::min(part.iov_len, early_.size() - taken);
    std::copy_n(early_.data() + taken, size, static_cast<std::uint8_t*>(part.iov_base));
    taken += size;
  }
  early_.erase(early_.begin(), early_.begin() + static_cast<std::ptrdiff_t>(taken));
  if (early_.empty()) Bytes().swap(early_);
  return taken;
}

bool SocketStream::peer_has_ended() const {
  if (!fd_) return true;
  if (!early_.empty() || (tls_ && tls_->has_unread_bytes())) return false;
  std::uint8_t next = 0;
  const auto got = ::recv(fd_.get(), &next, sizeof next, MSG_PEEK | MSG_DONTWAIT);
  return got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

// Writing -----------------------------------------------------------------------------------------------------------

error_code SocketStream::write(std::span<const iovec> parts, std::size_t& bytes) {
  bytes = 0;
  if (!fd_) return asio::error::operation_aborted;
  if (loop_.faults().strikes()) return asio::error::connection_reset;
  const error_code error = tls_ ? tls_->write(parts, bytes) : send(parts, bytes);
  bytes_sent_ += bytes;
  return error;
}

error_code SocketStream::send(std::span<const iovec> parts, std::size_t& bytes) {
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(parts.data());
  message.msg_iovlen = parts.size();
  for (;;) {
    const auto sent = ::sendmsg(fd_.get(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) {
      bytes = static_cast<std::size_t>(sent);
      return {};
    }
    if (errno != EINTR) return last_error();
  }
}

// Ending ------------------------------------------------------------------------------------------------------------

SocketParts SocketStream::release(BytesView unread) {
  loop_.poller().remove(fd_.get(), *this);
  Bytes early;  // stays with the socket: no larger than it has to be
  early.reserve(unread.size() + early_.size());
  early.insert(early.end(), unread.begin(), unread.end());
  early.insert(early.end(), early_.begin(), early_.end());
  return {.fd = std::move(fd_), .tls = std::move(tls_), .early = std::move(early)};
}

void SocketStream::end_output() {
  if (!fd_) return;
  if (tls_) tls_->end_output();
  ::shutdown(fd_.get(), SHUT_WR);
}

void SocketStream::drain(std::size_t bytes_max) {
  if (is_draining_) return;
  is_draining_ = true;
  drain_bytes_left_ = bytes_max;
  // Posted: the kernel may have told of all there is.
  asio::post(loop_.context(), [this, keep = owner_->keep_alive()] { drain_on(); });
}

void SocketStream::drain_on() {
  if (!fd_) return;
  std::array<std::uint8_t, 16 * 1024> scrap;
  for (std::size_t taken = 0; taken < kDrainPerTurnBytesMax;) {
    const auto got = ::recv(fd_.get(), scrap.data(), scrap.size(), MSG_DONTWAIT);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;  // until the next event
    if (got <= 0) return owner_->on_drained(false);
    const auto bytes = static_cast<std::size_t>(got);
    taken += bytes;
    bytes_received_ += bytes;
    if (bytes >= drain_bytes_left_) return owner_->on_drained(true);
    drain_bytes_left_ -= bytes;
  }
  asio::post(loop_.context(), [this, keep = owner_->keep_alive()] { drain_on(); });
}

void SocketStream::close() {
  if (fd_ && tls_) tls_->end_output();
  shut();
}

void SocketStream::cut() {
  if (fd_) set_reset_on_close(fd_.get());
  shut();
}

void SocketStream::shut() {
  if (!fd_) return;
  loop_.poller().remove(fd_.get(), *this);
  fd_.reset();
}

}  // namespace netcode::transport
