#include "transport/websocket/frame_stream.hpp"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <string_view>

#include "engine/core/assert.hpp"
#include "netcode/limits.hpp"
#include "transport/websocket/frame_format.hpp"

namespace netcode::transport {

namespace {

constexpr std::string_view kHeadEnd = "\r\n\r\n";
constexpr std::uint8_t kPongByte = kFinBit | static_cast<std::uint8_t>(Opcode::kPong);
constexpr std::uint8_t kCloseByte = kFinBit | static_cast<std::uint8_t>(Opcode::kClose);
constexpr std::size_t kJobsMax = 4;
constexpr std::size_t kPartsPerCallMax = 64;

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

}  // namespace

FrameStream::FrameStream(IoLoop& loop, SocketParts socket)
    : executor_(loop.context().get_executor()), socket_(loop, std::move(socket)), http_end_matched_(kHeadEnd.size()) {
  socket_.set_owner(*this);
}

void FrameStream::on_abandoned() {
  // Whatever waits here may own the connection and, with it, this: taken out first.
  const auto reading = std::move(reading_);
  const auto jobs = std::move(jobs_);
  const auto draining = std::move(draining_);
}

// Reading -----------------------------------------------------------------------------------------------------------

void FrameStream::start_read(IoDone done) {
  std::size_t bytes = 0;
  const bool nobody_reads = discarding_ && socket_.is_open();  // until its end
  if (!nobody_reads && socket_.may_read()) {
    if (const auto ended = try_read(bytes)) return std::move(done).post(executor_, *ended, bytes);
  }
  ENGINE_ASSERT(!reading_, "Beast reads once at a time");
  reading_.emplace(std::move(done));
}

/// How the read ended; none if there is nothing to read yet.
std::optional<error_code> FrameStream::try_read(std::size_t& bytes) {
  const error_code error = socket_.read(std::span(read_into_.parts).first(read_into_.size), bytes);
  if (is_would_block(error)) return std::nullopt;
  if (bytes > 0) account_read(bytes);
  return error;
}

void FrameStream::on_readable() {
  if (!reading_ || discarding_ || draining_) return;
  std::size_t bytes = 0;
  if (const auto ended = try_read(bytes)) {
    IoDone done = std::move(*reading_);
    reading_.reset();
    std::move(done).run(*ended, bytes);
  }
}

void FrameStream::account_read(std::size_t bytes) {
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

std::optional<error_code> FrameStream::write_data(std::span<const iovec> parts) {
  std::size_t sent = 0;
  if (jobs_.empty()) {
    while (!parts.empty()) {
      const auto batch = parts.first(std::min(parts.size(), kPartsPerCallMax));
      const error_code error = socket_.write(batch, sent);
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

void FrameStream::write_control(std::vector<iovec> parts, IoDone done) {
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

void FrameStream::write_close(Bytes frame) {
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
void FrameStream::write_after_close(std::uint8_t first_byte, std::size_t total, IoDone done) {
  const auto ours = std::find_if(jobs_.begin(), jobs_.end(), [](const Job& job) { return job.is_close; });
  if (first_byte != kCloseByte || ours == jobs_.end()) return std::move(done).post(executor_, {}, total);
  ours->total = total;
  ours->done.emplace(std::move(done));
}

/// Beast refuses broken frames with a bare code. A server's (unmasked) close frame of that kind gets its reason here.
Bytes FrameStream::explained_close(std::span<const iovec> parts) const {
  Bytes frame = copy_of(parts);
  if (frame.size() != 4 || frame[1] != 2) return {};
  const auto reason = owner_->reason_for(static_cast<CloseCode>(frame[2] << 8 | frame[3]));
  if (reason.empty() || 2 + reason.size() > kControlPayloadBytesMax) return {};
  frame[1] = static_cast<std::uint8_t>(2 + reason.size());
  frame.insert(frame.end(), reason.begin(), reason.end());
  return frame;
}

/// Until all is sent or the kernel takes no more.
error_code FrameStream::send_some(std::vector<iovec>& parts) {
  while (!parts.empty()) {
    std::size_t sent = 0;
    const auto batch = std::span(parts).first(std::min(parts.size(), kPartsPerCallMax));
    if (const error_code error = socket_.write(batch, sent)) return error;
    consume(parts, sent);
  }
  return {};
}

/// After an EAGAIN, so that the kernel tells when there is room again.
void FrameStream::on_writable() {
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

void FrameStream::fail_jobs(error_code error) {
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

void FrameStream::close() {
  if (!socket_.is_open()) return;
  socket_.close();
  end_all();
}

void FrameStream::cut() {
  if (!socket_.is_open()) return;
  socket_.cut();
  end_all();
}

/// Whatever waits fails.
void FrameStream::end_all() {
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

void FrameStream::begin_teardown(bool is_server, TeardownDone done) {
  if (!socket_.is_open()) return std::move(done).post(executor_, {});
  // The server ends the TCP connection first (RFC 6455, 7.1.1), so that the wait for stray packets is not the client's.
  if (is_server) socket_.end_output();
  draining_.emplace(std::move(done));
  socket_.drain(limits::kClosingBytesMax);
}

void FrameStream::discard_input() {
  if (std::exchange(discarding_, true)) return;
  if (closing_ && jobs_.empty()) end_output();
  socket_.drain(limits::kClosingBytesMax);
}

/// Where the peer's frames are not read, its end is what shows that it has had ours. It comes when it sees our end.
void FrameStream::end_output() {
  if (discarding_) socket_.end_output();
}

}  // namespace netcode::transport
