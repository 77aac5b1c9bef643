// Frames as a test writes them, well-formed or not, and what a FrameReader makes of bytes that come in pieces.
#pragma once

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "transport/websocket/frame_reader.hpp"

namespace netcode::transport {

/// One frame, field by field.
struct RawFrame {
  std::uint8_t first = 0x82;  // FIN, RSV1-3, opcode
  std::string payload = {};
  bool masked = true;
  int length_bytes = -1;  // 0, 2 or 8 where it is not to be the shortest form
};

inline void append(Bytes& bytes, const RawFrame& frame) {
  constexpr Mask kMask = {0x37, 0xfa, 0x21, 0x3d};
  const auto size = frame.payload.size();
  const int extended = frame.length_bytes >= 0 ? frame.length_bytes : size < 126 ? 0 : size < 65536 ? 2 : 8;
  bytes.push_back(frame.first);
  const std::uint8_t mask_bit = frame.masked ? kMaskBit : 0;
  bytes.push_back(static_cast<std::uint8_t>(mask_bit | (extended == 0 ? size : extended == 2 ? 126 : 127)));
  for (int i = extended - 1; i >= 0; --i) bytes.push_back(static_cast<std::uint8_t>(size >> (8 * i)));
  if (frame.masked) bytes.insert(bytes.end(), kMask.begin(), kMask.end());
  const auto at = bytes.size();
  bytes.insert(bytes.end(), frame.payload.begin(), frame.payload.end());
  if (frame.masked) apply_mask(std::span(bytes).subspan(at), kMask);
}

inline Bytes bytes_of_frames(const std::vector<RawFrame>& frames) {
  Bytes bytes;
  for (const RawFrame& frame : frames) append(bytes, frame);
  return bytes;
}

/// An event with its own copy of the payload.
struct SeenEvent {
  FrameEvent::Kind kind;
  std::string payload = {};
  int code = 0;
  bool operator==(const SeenEvent&) const = default;
  friend std::ostream& operator<<(std::ostream& out, const SeenEvent& event) {
    return out << "kind " << static_cast<int>(event.kind) << ", " << event.payload.size() << " bytes \""
               << event.payload.substr(0, 40) << "\", code " << event.code;
  }
};

/// All events of `bytes`, given in one piece after the other, cut where `cuts` says.
inline std::vector<SeenEvent> events_of(FrameReader& reader, Bytes bytes, const std::vector<std::size_t>& cuts = {}) {
  std::vector<SeenEvent> seen;
  std::size_t from = 0;
  const auto feed_to = [&](std::size_t to) {
    std::span<std::uint8_t> piece = std::span(bytes).subspan(from, to - from);
    for (;;) {
      const FrameEvent event = reader.next(piece);
      if (event.kind == FrameEvent::Kind::kNeedsMore) break;
      seen.push_back(
          {event.kind, std::string(event.payload.begin(), event.payload.end()), static_cast<int>(event.code)});
    }
    from = to;
  };
  for (const std::size_t cut : cuts) feed_to(cut);
  feed_to(bytes.size());
  return seen;
}

}  // namespace netcode::transport
