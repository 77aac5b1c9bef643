#include "transport/websocket/frame_writer.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/core/assert.hpp"

namespace netcode::transport {

namespace {

constexpr std::size_t kJobsMax = 6;
constexpr std::size_t kPartsPerCallMax = 64;
/// Buffers above this are given back after use: most connections never need more.
constexpr std::size_t kBufferBytesKept = 64;

iovec part_of(BytesView bytes) { return {const_cast<std::uint8_t*>(bytes.data()), bytes.size()}; }

BytesView body_of(const OutgoingMessage& message) {
  return message.body ? BytesView(*message.body).subspan(message.body_offset) : BytesView();
}

Opcode opcode_of(const OutgoingMessage& message) {
  return message.kind == MessageKind::kText ? Opcode::kText : Opcode::kBinary;
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

}  // namespace

FrameWriter::Ended FrameWriter::write(std::vector<OutgoingMessage> messages) {
  ENGINE_ASSERT(!messages_wait() && !closing_, "one write at a time, and none behind a close frame");
  if (messages.empty()) return error_code{};
  messages_ = std::move(messages);
  const Parts parts = to_ == To::kClient ? plain_parts() : masked_parts();
  const Ended ended = send_or_wait(parts, {.parts = {}, .own = {}, .is_messages = true});
  if (ended) forget_messages();
  return ended;
}

FrameWriter::Ended FrameWriter::write_control(Opcode opcode, BytesView payload) {
  ENGINE_ASSERT(!closing_ && payload.size() <= kControlPayloadBytesMax);
  closing_ = opcode == Opcode::kClose;
  const auto mask = to_ == To::kServer ? std::optional(make_mask()) : std::nullopt;
  std::array<std::uint8_t, kFrameHeaderBytesMax + kControlPayloadBytesMax> frame;
  const auto header_size = write_frame_header(std::span(frame).first<kFrameHeaderBytesMax>(), opcode, payload.size(),
                                              mask ? &*mask : nullptr);
  const auto masked = std::span(frame).subspan(header_size, payload.size());
  std::copy(payload.begin(), payload.end(), masked.begin());
  if (mask) apply_mask(masked, *mask);
  const iovec part = part_of(std::span(frame).first(header_size + payload.size()));
  return send_or_wait({&part, 1}, {.parts = {}, .own = {}, .opcode = opcode});
}

FrameWriter::Ended FrameWriter::write_raw(Bytes bytes) {
  const iovec part = part_of(bytes);
  return send_or_wait({&part, 1}, {});
}

FrameWriter::Ended FrameWriter::send_or_wait(std::span<const iovec> parts, Job job) {
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
  ENGINE_ASSERT(jobs_.size() < kJobsMax, "whoever writes control frames bounds them");
  job.parts.assign(parts.begin(), parts.end());
  consume(job.parts, sent);
  if (!job.is_messages) {
    for (const iovec& part : job.parts) {
      const auto* const begin = static_cast<const std::uint8_t*>(part.iov_base);
      job.own.insert(job.own.end(), begin, begin + part.iov_len);
    }
    job.parts.assign(1, part_of(job.own));
  }
  jobs_.push_back(std::move(job));
  return std::nullopt;
}

FrameWriter::Progress FrameWriter::on_writable() {
  Progress progress;
  while (!jobs_.empty()) {
    const error_code error = send_some(jobs_.front().parts);
    if (is_would_block(error)) break;
    if (error) {
      drop();
      return {false, error};
    }
    if (jobs_.front().is_messages) {
      forget_messages();
      progress.messages_written = true;
    }
    jobs_.pop_front();
  }
  return progress;
}

/// Until all is sent or the kernel takes no more.
error_code FrameWriter::send_some(std::vector<iovec>& parts) {
  while (!parts.empty()) {
    std::size_t sent = 0;
    const auto batch = std::span(parts).first(std::min(parts.size(), kPartsPerCallMax));
    if (const error_code error = socket_.write(batch, sent)) return error;
    consume(parts, sent);
  }
  return {};
}

void FrameWriter::drop() {
  jobs_.clear();
  forget_messages();
}

std::size_t FrameWriter::waiting(Opcode opcode) const {
  const auto is_one = [&](const Job& job) { return !job.is_messages && job.opcode == opcode; };
  return static_cast<std::size_t>(std::count_if(jobs_.begin(), jobs_.end(), is_one));
}

/// Headers of ours, payloads where they are: a body that many connections share is not copied.
FrameWriter::Parts FrameWriter::plain_parts() {
  Parts parts;
  headers_.resize(messages_.size() * kFrameHeaderBytesMax);
  auto room = std::span(headers_);
  for (const OutgoingMessage& message : messages_) {
    const auto size =
        write_frame_header(room.first<kFrameHeaderBytesMax>(), opcode_of(message), message.size(), nullptr);
    parts.push_back(part_of(room.first(size)));
    room = room.subspan(kFrameHeaderBytesMax);
    if (!message.head.empty()) parts.push_back(part_of(message.head));
    if (message.body_size() > 0) parts.push_back(part_of(body_of(message)));
  }
  return parts;
}

/// A client masks what it sends (RFC 6455, 5.3), so its payloads are copied, headers and all into one piece.
FrameWriter::Parts FrameWriter::masked_parts() {
  headers_.clear();
  for (const OutgoingMessage& message : messages_) {
    const Mask mask = make_mask();
    std::array<std::uint8_t, kFrameHeaderBytesMax> header;
    const auto size = write_frame_header(header, opcode_of(message), message.size(), &mask);
    headers_.insert(headers_.end(), header.begin(), header.begin() + static_cast<std::ptrdiff_t>(size));
    const auto payload_at = headers_.size();
    const auto body = body_of(message);
    headers_.insert(headers_.end(), message.head.begin(), message.head.end());
    headers_.insert(headers_.end(), body.begin(), body.end());
    apply_mask(std::span(headers_).subspan(payload_at), mask);
  }
  return {part_of(headers_)};
}

void FrameWriter::forget_messages() {
  std::vector<OutgoingMessage>().swap(messages_);  // the next write brings its own
  if (headers_.capacity() > kBufferBytesKept) Bytes().swap(headers_);
}

}  // namespace netcode::transport
