#include "transport/websocket/socket_stream.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <string_view>

#include "engine/core/assert.hpp"
#include "netcode/limits.hpp"
#include "transport/http/socket_options.hpp"
#include "transport/loop/io_faults.hpp"
#include "transport/websocket/frame_format.hpp"

namespace netcode::transport {

namespace {

constexpr std::string_view kHeadEnd = "\r\n\r\n";
constexpr std::uint8_t kPongByte = kFinBit | static_cast<std::uint8_t>(Opcode::kPong);
constexpr std::uint8_t kCloseByte = kFinBit | static_cast<std::uint8_t>(Opcode::kClose);
constexpr std::size_t kJobsMax = 4;
constexpr std::size_t kPartsPerCallMax = 64;
/// What is thrown away in one turn of the loop while a peer is waited for to close.
constexpr std::size_t kDrainPerTurnBytesMax = 64 * 1024;

std::size_t bytes_in(std::span<const iovec> parts) {
  std::size_t total = 0;
  for (const iovec& part : parts) total += part.iov_len;
  return total;
}

/// Removes the first `bytes` bytes.
void consume(std::vector<iovec>& parts, std::size_t bytes) {
  std::size_t gone = 0;
  while (gone < parts.size() && bytes >= parts[gone].iov_len) bytes -= parts[gone++].iov_len;
  parts.erase(parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(gone));
  if (bytes > 0) {
    parts.front().iov_base = static_cast<std::uint8_t*>(parts.front().iov_base) + bytes;
    parts.front().iov_len -= bytes;
  }
}

Bytes copy_of(std::span<const iovec> parts) {
  Bytes copy;
  for (const iovec& part : parts) {
    const auto* begin = static_cast<const std::uint8_t*>(part.iov_base);
    copy.insert(copy.end(), begin, begin + part.iov_len);
  }
  return copy;
}

error_code last_error() { return {errno, boost::system::system_category()}; }

bool is_would_block(error_code error) { return error == asio::error::would_block || error == asio::error::try_again; }

}  // namespace

SocketStream::SocketStream(IoLoop& loop, UniqueFd socket, Bytes early)
    : poller_(loop.poller()),
      faults_(loop.faults()),
      executor_(loop.context().get_executor()),
      socket_(std::move(socket)),
      early_(std::move(early)),
      http_end_matched_(kHeadEnd.size()) {
  if (poller_.add(socket_.get(), *this)) socket_.reset();  // reads and writes will say that there is none
}

SocketStream::~SocketStream() { poller_.remove(socket_.get(), *this); }

void SocketStream::on_ready(std::uint32_t events) {
  const auto keep = owner_->keep_alive();
  const bool over = (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
  hung_up_ = hung_up_ || over;
  readable_ = readable_ || over || (events & EPOLLIN) != 0;
  if (!jobs_.empty() && (events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0) pump();
  if (draining_ || discarding_) return drain();
  if (!reading_ || !readable_) return;
  std::size_t bytes = 0;
  if (const auto ended = try_read(bytes)) {
    IoDone done = std::move(*reading_);
    reading_.reset();
    std::move(done).run(*ended, bytes);
  }
}

void SocketStream::abandon() {
  // Whatever waits here may own the connection and, with it, this: taken out first.
  const auto reading = std::move(reading_);
  const auto jobs = std::move(jobs_);
  const auto draining = std::move(draining_);
}

// Reading -----------------------------------------------------------------------------------------------------------

void SocketStream::start_read(IoDone done) {
  std::size_t bytes = 0;
  if (discarding_ && socket_) return static_cast<void>(reading_.emplace(std::move(done)));  // until its end
  if (!early_.empty()) {
    bytes = take_early();
    account_read(bytes);
    return std::move(done).post(executor_, {}, bytes);
  }
  if (readable_ || !socket_) {
    if (const auto ended = try_read(bytes)) return std::move(done).post(executor_, *ended, bytes);
  }
  ENGINE_ASSERT(!reading_, "Beast reads once at a time");
  reading_.emplace(std::move(done));
}

/// How the read ended; none if there is nothing to read yet.
std::optional<error_code> SocketStream::try_read(std::size_t& bytes) {
  const error_code error = receive(bytes);
  if (is_would_block(error)) {
    readable_ = false;
    return std::nullopt;
  }
  // A short read has emptied the socket: the next event tells of more (epoll(7), on edge-triggered stream sockets).
  if (!hung_up_ && bytes < bytes_in(std::span(read_into_.parts).first(read_into_.size))) readable_ = false;
  if (bytes > 0) account_read(bytes);
  return error;
}

error_code SocketStream::receive(std::size_t& bytes) {
  bytes = 0;
  if (!socket_) return asio::error::operation_aborted;
  if (faults_.strikes()) return asio::error::connection_reset;
  const auto parts = std::span(read_into_.parts).first(read_into_.size);
  for (;;) {
    ssize_t got = 0;
    if (parts.size() == 1) {
      got = ::recv(socket_.get(), parts[0].iov_base, parts[0].iov_len, MSG_DONTWAIT);
    } else {
      msghdr message{};
      message.msg_iov = parts.data();
      message.msg_iovlen = parts.size();
      got = ::recvmsg(socket_.get(), &message, MSG_DONTWAIT);
    }
    if (got > 0) {
      bytes = static_cast<std::size_t>(got);
      return {};
    }
    if (got == 0) return asio::error::eof;
    if (errno != EINTR) return last_error();
  }
}

bool SocketStream::peer_has_ended() const {
  if (!early_.empty() || !socket_) return !socket_;
  std::uint8_t next = 0;
  const auto got = ::recv(socket_.get(), &next, sizeof next, MSG_PEEK | MSG_DONTWAIT);
  return got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

std::size_t SocketStream::take_early() {
  std::size_t taken = 0;
  for (const iovec& part : std::span(read_into_.parts).first(read_into_.size)) {
    const auto size = std::min(part.iov_len, early_.size() - taken);
    std::copy_n(early_.data() + taken, size, static_cast<std::uint8_t*>(part.iov_base));
    taken += size;
  }
  early_.erase(early_.begin(), early_.begin() + static_cast<std::ptrdiff_t>(taken));
  if (early_.empty()) Bytes().swap(early_);
  return taken;
}

void SocketStream::account_read(std::size_t bytes) {
  bytes_received_ += bytes;
  for (const iovec& part : std::span(read_into_.parts).first(read_into_.size)) {
    BytesView view(static_cast<const std::uint8_t*>(part.iov_base), std::min(part.iov_len, bytes));
    bytes -= view.size();
    while (http_end_matched_ < kHeadEnd.size() && !view.empty()) {
      const auto c = static_cast<char>(view.front());
      view = view.subspan(1);
      if (c == kHeadEnd[http_end_matched_]) {
        ++http_end_matched_;
      } else {
        http_end_matched_ = c == '\r' ? 1 : 0;
      }
    }
    fragment_counter_.feed(view);
  }
  owner_->on_bytes_read();
}

// Writing -----------------------------------------------------------------------------------------------------------

std::optional<error_code> SocketStream::write_data(std::span<const iovec> parts) {
  std::size_t sent = 0;
  if (jobs_.empty()) {
    while (!parts.empty()) {
      const auto batch = parts.first(std::min(parts.size(), kPartsPerCallMax));
      const error_code error = send_once(batch, sent);
      if (error && !is_would_block(error)) return error;
      if (error || sent < bytes_in(batch)) break;
      parts = parts.subspan(batch.size());
      sent = 0;
    }
    if (parts.empty()) return error_code{};
  }
  Job& job = jobs_.emplace_back();
  job.parts.assign(parts.begin(), parts.end());
  consume(job.parts, sent);
  job.is_data = true;
  return std::nullopt;
}

void SocketStream::write_control(std::vector<iovec> parts, IoDone done) {
  const std::size_t total = bytes_in(parts);
  if (total == 0) return std::move(done).post(executor_, {}, 0);
  const auto first = *static_cast<const std::uint8_t*>(parts.front().iov_base);
  if (open_ && closing_) return write_after_close(first, total, std::move(done));
  Bytes copy;  // what is sent in place of Beast's bytes, if anything is
  if (open_ && first == kCloseByte) {
    closing_ = true;
    owner_->on_closing();
    copy = explained_close(parts);
    if (!copy.empty()) parts.assign(1, {copy.data(), copy.size()});
  }
  const bool is_pong = open_ && first == kPongByte;
  if (jobs_.empty()) {
    const error_code error = send_some(parts);
    // Beast answers a ping before it reads on. That nobody takes the answer must not end reading: behind the ping may
    // lie the peer's close frame, and if not, the next read ends.
    if (error && is_pong && !is_would_block(error)) return std::move(done).post(executor_, {}, total);
    if (error && !is_would_block(error)) return std::move(done).post(executor_, error, 0);
    if (parts.empty()) return std::move(done).post(executor_, {}, total);
  }
  ENGINE_ASSERT(jobs_.size() < kJobsMax, "Beast writes one frame at a time");
  const bool has_pong = std::any_of(jobs_.begin(), jobs_.end(), [](const Job& one) { return one.is_pong_copy; });
  const bool waits = !jobs_.empty();
  Job& job = jobs_.emplace_back();
  job.total = total;
  if (is_pong && waits && !has_pong) {
    // Reading goes on while a pong waits behind data for a slow peer; the next pong then waits, and reading with it.
    job.copy = copy_of(parts);
    job.parts.push_back({job.copy.data(), job.copy.size()});
    job.is_pong_copy = true;
    return std::move(done).post(executor_, {}, total);
  }
  job.copy = std::move(copy);
  job.parts = std::move(parts);
  job.is_pong = is_pong;
  job.done.emplace(std::move(done));
}

void SocketStream::write_close(Bytes frame) {
  if (closing_) return;  // Beast has been faster: it answers the peer's, or refuses what it sent
  closing_ = true;
  std::vector<iovec> parts{{frame.data(), frame.size()}};
  if (jobs_.empty()) {
    const error_code error = send_some(parts);
    if (error && !is_would_block(error)) return cut();
    if (parts.empty()) return end_output();
  }
  ENGINE_ASSERT(jobs_.size() < kJobsMax, "one close frame");
  Job& job = jobs_.emplace_back();
  job.parts = std::move(parts);
  job.copy = std::move(frame);
  job.is_close = true;
}

/// Beast does not know of the close frame before it. Its own has the peer's to answer: that is over once ours is
/// through.
void SocketStream::write_after_close(std::uint8_t first_byte, std::size_t total, IoDone done) {
  const auto ours = std::find_if(jobs_.begin(), jobs_.end(), [](const Job& job) { return job.is_close; });
  if (first_byte != kCloseByte || ours == jobs_.end()) return std::move(done).post(executor_, {}, total);
  ours->total = total;
  ours->done.emplace(std::move(done));
}

/// Beast refuses broken frames with a bare code. A server's (unmasked) close frame of that kind gets its reason here.
Bytes SocketStream::explained_close(std::span<const iovec> parts) const {
  Bytes frame = copy_of(parts);
  if (frame.size() != 4 || frame[1] != 2) return {};
  const auto reason = owner_->reason_for(static_cast<CloseCode>(frame[2] << 8 | frame[3]));
  if (reason.empty() || 2 + reason.size() > kControlPayloadBytesMax) return {};
  frame[1] = static_cast<std::uint8_t>(2 + reason.size());
  frame.insert(frame.end(), reason.begin(), reason.end());
  return frame;
}

/// Until all is sent or the kernel takes no more.
error_code SocketStream::send_some(std::vector<iovec>& parts) {
  while (!parts.empty()) {
    std::size_t sent = 0;
    const auto batch = std::span(parts).first(std::min(parts.size(), kPartsPerCallMax));
    if (const error_code error = send_once(batch, sent)) return error;
    consume(parts, sent);
  }
  return {};
}

error_code SocketStream::send_once(std::span<const iovec> parts, std::size_t& sent) {
  sent = 0;
  if (!socket_) return asio::error::operation_aborted;
  if (faults_.strikes()) return asio::error::connection_reset;
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(parts.data());
  message.msg_iovlen = parts.size();
  for (;;) {
    const auto result = ::sendmsg(socket_.get(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (result >= 0) {
      sent = static_cast<std::size_t>(result);
      bytes_sent_ += sent;
      return {};
    }
    if (errno != EINTR) return last_error();
  }
}

/// After an EAGAIN, so that the kernel tells when there is room again.
void SocketStream::pump() {
  while (!jobs_.empty()) {
    const error_code error = send_some(jobs_.front().parts);
    if (is_would_block(error)) return;
    if (error) return fail_jobs(error);
    std::list<Job> through;  // moved as a node: nothing is allocated
    through.splice(through.end(), jobs_, jobs_.begin());
    Job& job = through.front();
    if (job.done) std::move(*job.done).post(executor_, {}, job.total);
    if (job.is_close) end_output();
    if (job.is_data) owner_->on_data_written({});
  }
}

void SocketStream::fail_jobs(error_code error) {
  bool close_is_lost = false;
  for (Job& job : std::exchange(jobs_, {})) {
    if (job.done) std::move(*job.done).post(executor_, job.is_pong ? error_code{} : error, job.is_pong ? job.total : 0);
    close_is_lost = close_is_lost || job.is_close;
    if (!job.is_data) continue;
    asio::post(executor_, [keep = owner_->keep_alive(), owner = owner_, error] { owner->on_data_written(error); });
  }
  if (close_is_lost) cut();  // nothing will come that ends reading
}

// Ending ------------------------------------------------------------------------------------------------------------

void SocketStream::close() {
  if (!socket_) return;
  poller_.remove(socket_.get(), *this);
  socket_.reset();
  if (reading_) {
    std::move(*reading_).post(executor_, asio::error::operation_aborted, 0);
    reading_.reset();
  }
  fail_jobs(asio::error::operation_aborted);
  if (draining_) {
    std::move(*draining_).post(executor_, {});
    draining_.reset();
  }
}

void SocketStream::cut() {
  if (socket_) set_reset_on_close(socket_.get());
  close();
}

void SocketStream::begin_teardown(bool is_server, TeardownDone done) {
  if (!socket_) return std::move(done).post(executor_, {});
  // The server ends the TCP connection first (RFC 6455, 7.1.1), so that the wait for stray packets is not the client's.
  if (is_server) ::shutdown(socket_.get(), SHUT_WR);
  draining_.emplace(std::move(done));
  drain();
}

void SocketStream::discard_input() {
  if (std::exchange(discarding_, true)) return;
  if (closing_ && jobs_.empty()) end_output();
  asio::post(executor_, [this, keep = owner_->keep_alive()] { drain(); });  // the kernel may have told of all there is
}

/// Where the peer's frames are not read, its end is what shows that it has had ours. It comes when it sees our end.
void SocketStream::end_output() {
  if (discarding_ && socket_) ::shutdown(socket_.get(), SHUT_WR);
}

/// Throws away what still comes: closing with bytes unread would reset the connection, and the peer might lose our
/// close frame.
void SocketStream::drain() {
  if (!socket_) return;
  std::array<std::uint8_t, 16 * 1024> scrap;
  for (std::size_t taken = 0; taken < kDrainPerTurnBytesMax;) {
    const auto got = ::recv(socket_.get(), scrap.data(), scrap.size(), MSG_DONTWAIT);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;  // until the next event
    if (got <= 0) return close();
    taken += static_cast<std::size_t>(got);
    bytes_received_ += static_cast<std::size_t>(got);
    thrown_away_bytes_ += static_cast<std::size_t>(got);
    if (thrown_away_bytes_ >= limits::kClosingBytesMax) return cut();
  }
  asio::post(executor_, [this, keep = owner_->keep_alive()] { drain(); });
}

}  // namespace netcode::transport
