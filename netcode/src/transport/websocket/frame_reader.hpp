// WebSocket frames out of bytes (RFC 6455, 5): bytes in, events out, whole messages and control frames.
//
// The bytes are the caller's and are unmasked where they are: a message that lies whole in them is an event that points
// into them, and nothing is copied or allocated. Of a message that has come in part the reader keeps that part, in
// memory that grows with what has come and not with the length that was declared, and goes with the message.
//
//   for (auto event = reader.next(bytes); event.kind != FrameEvent::Kind::kNeedsMore; event = reader.next(bytes)) ...
//
// After a close frame or a violation the reader is through: it takes what comes and says nothing more.
// Pure, any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "netcode/bytes.hpp"
#include "transport/close.hpp"
#include "transport/websocket/frame_format.hpp"
#include "transport/websocket/utf8_stream.hpp"

namespace netcode::transport {

/// Bounds of one message.
struct FrameLimits {
  std::size_t message_bytes_max;
  std::size_t message_fragments_max;  // empty ones count
};

struct FrameEvent {
  enum class Kind : std::uint8_t {
    kNeedsMore,  // all bytes are taken
    kText,
    kBinary,
    kPing,
    kPong,
    kClose,
    kViolation,
  };
  Kind kind = Kind::kNeedsMore;
  /// Of the message or the control frame; of a close its reason, which is UTF-8. Valid until the next call.
  BytesView payload = {};
  /// Of a close that has one (0: it has none). Of a violation: what to close with.
  CloseCode code = {};
  /// Which rule a violation breaks, in words for a log; empty where the code says it all.
  std::string_view rule = {};
};

class FrameReader {
 public:
  enum class From : std::uint8_t {
    kClient,  // frames have to be masked
    kServer,  // frames must not be
  };

  FrameReader(From from, FrameLimits limits) : limits_(limits), from_(from) {}

  /// Takes bytes from the front up to the end of the next event. Call again until it needs more.
  FrameEvent next(std::span<std::uint8_t>& bytes);

  /// Between the first byte of a frame and the last byte of its message.
  bool mid_message() const { return header_size_ > 0 || in_frame_ || fragments_ > 0; }
  /// Messages that have ended. Wraps.
  std::uint32_t messages() const { return messages_; }
  /// Pings, pongs and closes that have come.
  std::uint64_t control_frames() const { return control_frames_; }
  /// Of memory that is kept for a message under way.
  std::size_t bytes_kept() const { return kept_.capacity(); }

 private:
  bool take_header(std::span<std::uint8_t>& bytes);
  std::string_view broken_rule() const;
  FrameEvent begin_frame();
  FrameEvent end_control(BytesView last);
  FrameEvent end_message(BytesView last);
  FrameEvent close_event(BytesView payload);
  FrameEvent fail(CloseCode code, std::string_view rule = {});
  BytesView with_kept(BytesView last, std::size_t from);
  void keep(BytesView bytes) { kept_.insert(kept_.end(), bytes.begin(), bytes.end()); }
  void release();

  Opcode opcode() const { return static_cast<Opcode>(header_[0] & 0x0f); }
  bool is_control_frame() const { return is_control(header_[0] & 0x0f); }
  bool is_final() const { return (header_[0] & kFinBit) != 0; }

  FrameLimits limits_;
  Bytes kept_;                      // of the message under way; behind it, of a control frame that came in between
  std::size_t message_bytes_ = 0;   // of it, the message's
  std::uint64_t payload_left_ = 0;  // of the frame under way
  std::uint64_t control_frames_ = 0;
  std::size_t fragments_ = 0;  // of the message under way, the one under way counted
  std::uint32_t messages_ = 0;
  std::array<std::uint8_t, kFrameHeaderBytesMax> header_{};  // of the frame under way
  std::uint8_t header_size_ = 0;                             // while it is being read, or 0
  std::uint8_t masked_ = 0;                                  // bytes of the payload so far, modulo 4
  Mask mask_{};
  Utf8Stream utf8_;
  From from_;
  bool in_frame_ = false;  // its header is complete, its payload is not
  bool is_text_ = false;   // the message
  bool is_over_ = false;
};

}  // namespace netcode::transport
