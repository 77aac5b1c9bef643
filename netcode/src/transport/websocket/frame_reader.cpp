#include "transport/websocket/frame_reader.hpp"

#include <algorithm>
#include <cstring>
#include <tuple>

namespace netcode::transport {

namespace {

std::size_t length_bytes(std::uint8_t second) {
  const int marker = second & 0x7f;
  return marker == 127 ? 8 : marker == 126 ? 2 : 0;
}

/// By its first two bytes.
std::size_t header_bytes(std::uint8_t second) {
  return 2 + length_bytes(second) + ((second & kMaskBit) != 0 ? std::tuple_size_v<Mask> : 0);
}

/// What an endpoint may send (RFC 6455, 7.4, and the registry of 11.7): 1004 to 1006 and 1015 never travel.
bool is_sendable_code(std::uint16_t code) {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1013) || code >= 3000;
}

}  // namespace

FrameEvent FrameReader::next(std::span<std::uint8_t>& bytes) {
  release();
  while (!is_over_) {
    if (!in_frame_) {
      if (!take_header(bytes)) return {};
      if (const auto event = begin_frame(); event.kind != FrameEvent::Kind::kNeedsMore) return event;
    }
    const auto here = bytes.first(static_cast<std::size_t>(std::min<std::uint64_t>(payload_left_, bytes.size())));
    bytes = bytes.subspan(here.size());
    payload_left_ -= here.size();
    if (from_ == From::kClient) {
      apply_mask(here, mask_, masked_);
      masked_ = static_cast<std::uint8_t>((masked_ + here.size()) % mask_.size());
    }
    if (is_text_ && !is_control_frame() && !utf8_.feed(here)) return fail(CloseCode::kBadPayload);
    in_frame_ = payload_left_ > 0;
    if (!in_frame_ && is_control_frame()) return end_control(here);
    if (!in_frame_ && is_final()) return end_message(here);
    keep(here);
    if (!is_control_frame()) message_bytes_ = kept_.size();
    if (in_frame_) return {};
  }
  bytes = {};
  return {};
}

/// Whether it is complete. What its first two bytes break is not waited for.
bool FrameReader::take_header(std::span<std::uint8_t>& bytes) {
  for (;;) {
    const bool has_two = header_size_ >= 2;
    if (has_two && !broken_rule().empty()) return true;
    const std::size_t wanted = has_two ? header_bytes(header_[1]) : 2;
    const auto taken = std::min(wanted - header_size_, bytes.size());
    std::copy_n(bytes.begin(), taken, header_.begin() + header_size_);
    bytes = bytes.subspan(taken);
    header_size_ = static_cast<std::uint8_t>(header_size_ + taken);
    if (header_size_ < wanted) return false;
    if (has_two) return true;
  }
}

/// By the header's first two bytes. Empty: none.
std::string_view FrameReader::broken_rule() const {
  const auto code = header_[0] & 0x0f;
  const bool mid_fragments = fragments_ > 0;
  if ((header_[0] & 0x70) != 0) return "a reserved bit is set, and no extension was agreed on";
  if (is_control_frame()) {
    if (code > static_cast<int>(Opcode::kPong)) return "a reserved opcode";
    if (!is_final()) return "a control frame in fragments";
    if (length_bytes(header_[1]) > 0) return "a control frame above 125 bytes";
  } else {
    if (code > static_cast<int>(Opcode::kBinary)) return "a reserved opcode";
    if (code == 0 && !mid_fragments) return "a continuation of no message";
    if (code != 0 && mid_fragments) return "a message that begins inside another";
  }
  const bool is_masked = (header_[1] & kMaskBit) != 0;
  if (from_ == From::kClient && !is_masked) return "an unmasked frame from a client";
  if (from_ == From::kServer && is_masked) return "a masked frame from a server";
  return {};
}

/// An event only if the frame is refused.
FrameEvent FrameReader::begin_frame() {
  header_size_ = 0;
  if (const auto rule = broken_rule(); !rule.empty()) return fail(CloseCode::kProtocolError, rule);
  const auto extended = length_bytes(header_[1]);
  payload_left_ = extended == 0 ? header_[1] & 0x7f : 0;
  for (std::size_t i = 0; i < extended; ++i) payload_left_ = payload_left_ << 8 | header_[2 + i];
  if ((extended == 2 && payload_left_ < 126) || (extended == 8 && payload_left_ < 65536)) {
    return fail(CloseCode::kProtocolError, "a length that is not in its shortest form");
  }
  if (from_ == From::kClient) std::memcpy(mask_.data(), &header_[2 + extended], mask_.size());
  masked_ = 0;
  in_frame_ = true;
  if (is_control_frame()) return {};
  if (opcode() != Opcode::kContinuation) {
    is_text_ = opcode() == Opcode::kText;
    utf8_.reset();
  }
  if (payload_left_ > limits_.message_bytes_max - message_bytes_) return fail(CloseCode::kTooBig);
  if (++fragments_ > limits_.message_fragments_max) return fail(CloseCode::kPolicy);
  return {};
}

FrameEvent FrameReader::end_control(BytesView last) {
  ++control_frames_;
  const auto payload = with_kept(last, message_bytes_);
  switch (opcode()) {
    case Opcode::kPing:
      return {FrameEvent::Kind::kPing, payload};
    case Opcode::kPong:
      return {FrameEvent::Kind::kPong, payload};
    default:
      return close_event(payload);
  }
}

FrameEvent FrameReader::end_message(BytesView last) {
  if (is_text_ && !utf8_.is_whole()) return fail(CloseCode::kBadPayload);
  const auto message = with_kept(last, 0);
  message_bytes_ = 0;
  fragments_ = 0;
  ++messages_;
  return {is_text_ ? FrameEvent::Kind::kText : FrameEvent::Kind::kBinary, message};
}

FrameEvent FrameReader::close_event(BytesView payload) {
  is_over_ = true;
  message_bytes_ = 0;
  if (payload.empty()) return {FrameEvent::Kind::kClose};
  if (payload.size() == 1) return fail(CloseCode::kProtocolError, "a close frame with half a code");
  const auto code = static_cast<std::uint16_t>(payload[0] << 8 | payload[1]);
  if (!is_sendable_code(code)) return fail(CloseCode::kProtocolError, "a close code that is never sent");
  const auto reason = payload.subspan(2);
  Utf8Stream utf8;
  if (!utf8.feed(reason) || !utf8.is_whole()) {
    return fail(CloseCode::kProtocolError, "a close reason that is not UTF-8");
  }
  return {FrameEvent::Kind::kClose, reason, static_cast<CloseCode>(code)};
}

FrameEvent FrameReader::fail(CloseCode code, std::string_view rule) {
  is_over_ = true;
  message_bytes_ = 0;
  in_frame_ = false;
  return {FrameEvent::Kind::kViolation, {}, code, rule};
}

/// What was kept from there on, and the last of it behind: in one piece.
BytesView FrameReader::with_kept(BytesView last, std::size_t from) {
  if (kept_.size() == from) return last;
  keep(last);
  return BytesView(kept_).subspan(from);
}

/// What the last event has shown is not needed any more; what is under way stays.
void FrameReader::release() {
  if (kept_.capacity() == 0 || (in_frame_ && is_control_frame())) return;
  if (message_bytes_ == 0) return Bytes().swap(kept_);
  kept_.resize(message_bytes_);
}

}  // namespace netcode::transport
