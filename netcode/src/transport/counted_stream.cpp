#include "transport/counted_stream.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/error.hpp>
#include <boost/asio/prepend.hpp>
#include <cerrno>
#include <climits>
#include <string_view>

#include "engine/core/assert.hpp"
#include "transport/socket_options.hpp"

namespace netcode::transport {

namespace {

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

bool is_would_block(error_code error) { return error == asio::error::would_block || error == asio::error::try_again; }

}  // namespace

CountedStream::CountedStream(TcpSocket socket, Bytes early, IoFaults& faults)
    : socket_(std::move(socket)), faults_(faults), early_(std::move(early)) {}

// Reading
// ---------------------------------------------------------------------------------------------------------------

void CountedStream::account_read(BytesView bytes) {
  constexpr std::string_view kHeadEnd = "\r\n\r\n";
  bytes_received_ += bytes.size();
  while (http_end_matched_ < kHeadEnd.size() && !bytes.empty()) {
    const auto c = static_cast<char>(bytes.front());
    bytes = bytes.subspan(1);
    if (c == kHeadEnd[http_end_matched_]) {
      ++http_end_matched_;
    } else {
      http_end_matched_ = c == '\r' ? 1 : 0;
    }
  }
  watch_.feed(bytes);
}

// Writing
// ---------------------------------------------------------------------------------------------------------------

std::optional<error_code> CountedStream::write_data(std::span<const iovec> parts) {
  std::size_t sent = 0;
  if (jobs_.empty()) {
    while (!parts.empty()) {
      const auto batch = parts.first(std::min(parts.size(), kPartsPerCallMax));
      const std::size_t size = bytes_in(batch);
      const error_code error = send_once(batch, sent);
      if (error && !is_would_block(error)) return error;
      if (error || sent < size) break;
      parts = parts.subspan(batch.size());
      sent = 0;
    }
    if (parts.empty()) return error_code{};
  }
  Job job;
  job.parts.assign(parts.begin(), parts.end());
  consume(job.parts, sent);
  job.is_data = true;
  const bool is_first = jobs_.empty();
  jobs_.push_back(std::move(job));
  if (is_first) wait_writable();
  return std::nullopt;
}

void CountedStream::write_control(std::vector<iovec> parts, WriteDone done) {
  const std::size_t total = bytes_in(parts);
  if (total == 0) return complete(std::move(done), {}, 0);
  const auto first = *static_cast<const std::uint8_t*>(parts.front().iov_base);
  if (open_ && first == kCloseByte && !closing_) {
    closing_ = true;
    owner_->on_closing();
  }
  if (jobs_.empty()) {
    const error_code error = send_some(parts);
    if (error && !is_would_block(error)) return complete(std::move(done), error, 0);
    if (parts.empty()) return complete(std::move(done), {}, total);
  }
  ENGINE_ASSERT(jobs_.size() < kJobsMax, "Beast writes one frame at a time");
  Job job;
  const bool has_pong = std::any_of(jobs_.begin(), jobs_.end(), [](const Job& one) { return one.is_pong_copy; });
  if (open_ && first == kPongByte && !has_pong && !jobs_.empty()) {
    // Reading goes on while a pong waits behind data for a slow peer; the next pong then waits, and reading with it.
    for (const iovec& part : parts) {
      const auto* begin = static_cast<const std::uint8_t*>(part.iov_base);
      job.copy.insert(job.copy.end(), begin, begin + part.iov_len);
    }
    parts.assign(1, {job.copy.data(), job.copy.size()});
    job.is_pong_copy = true;
    complete(std::move(done), {}, total);
  }
  job.parts = std::move(parts);
  job.total = total;
  if (!job.is_pong_copy) job.done.emplace(std::move(done));
  const bool is_first = jobs_.empty();
  jobs_.push_back(std::move(job));
  if (is_first) wait_writable();
}

void CountedStream::complete(WriteDone done, error_code error, std::size_t bytes) {
  asio::post(get_executor(), asio::prepend(std::move(done), error, bytes));
}

/// Until all is sent or the kernel takes no more.
error_code CountedStream::send_some(std::vector<iovec>& parts) {
  while (!parts.empty()) {
    std::size_t sent = 0;
    const auto batch = std::span(parts).first(std::min(parts.size(), kPartsPerCallMax));
    if (const error_code error = send_once(batch, sent)) return error;
    consume(parts, sent);
  }
  return {};
}

error_code CountedStream::send_once(std::span<const iovec> parts, std::size_t& sent) {
  sent = 0;
  if (faults_.strikes()) return asio::error::connection_reset;
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(parts.data());
  message.msg_iovlen = parts.size();
  for (;;) {
    const auto result = ::sendmsg(socket_.native_handle(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (result >= 0) {
      sent = static_cast<std::size_t>(result);
      bytes_sent_ += sent;
      return {};
    }
    if (errno != EINTR) return {errno, boost::system::system_category()};
  }
}

void CountedStream::wait_writable() {
  socket_.async_wait(asio::socket_base::wait_write, [this, keep = owner_->keep_alive()](error_code error) {
    if (error) return fail_all(error);
    pump();
  });
}

void CountedStream::pump() {
  while (!jobs_.empty()) {
    const error_code error = send_some(jobs_.front().parts);
    if (is_would_block(error)) return wait_writable();
    if (error) return fail_all(error);
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    if (job.done) complete(std::move(*job.done), {}, job.total);
    if (job.is_data) owner_->on_data_written({});
  }
}

void CountedStream::fail_all(error_code error) {
  for (Job& job : std::exchange(jobs_, {})) {
    if (job.done) complete(std::move(*job.done), error, 0);
    if (job.is_data) owner_->on_data_written(error);
  }
}

// Ending
// ----------------------------------------------------------------------------------------------------------------

void CountedStream::cut() {
  if (!socket_.is_open()) return;
  set_reset_on_close(socket_);
  error_code ignored;
  socket_.close(ignored);
}

void CountedStream::begin_teardown(bool is_server, asio::any_completion_handler<void(error_code)> done) {
  // The server ends the TCP connection first (RFC 6455, 7.1.1), so that the wait for stray packets is not the client's.
  error_code ignored;
  if (is_server) socket_.shutdown(asio::socket_base::shutdown_send, ignored);
  drain(std::move(done));
}

/// Throws away what still comes: closing with bytes unread would reset the connection, and the peer might lose our
/// close frame.
void CountedStream::drain(asio::any_completion_handler<void(error_code)> done) {
  std::array<std::uint8_t, 4096> scrap;
  for (std::size_t taken = 0; taken < kDrainPerTurnBytesMax;) {
    const auto result = ::recv(socket_.native_handle(), scrap.data(), scrap.size(), MSG_DONTWAIT);
    if (result < 0 && errno == EINTR) continue;
    if (result < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
    if (result <= 0) return finish_teardown(std::move(done));
    taken += static_cast<std::size_t>(result);
    bytes_received_ += static_cast<std::size_t>(result);
  }
  socket_.async_wait(asio::socket_base::wait_read,
                     [this, keep = owner_->keep_alive(), done = std::move(done)](error_code error) mutable {
                       if (error) return finish_teardown(std::move(done));
                       drain(std::move(done));
                     });
}

/// Never with an error: what counts is why the frames ended, and Beast would report this instead.
void CountedStream::finish_teardown(asio::any_completion_handler<void(error_code)> done) {
  error_code ignored;
  socket_.close(ignored);
  asio::post(get_executor(), asio::prepend(std::move(done), error_code{}));
}

}  // namespace netcode::transport
