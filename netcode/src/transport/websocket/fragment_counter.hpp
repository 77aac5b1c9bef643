// Reads along with incoming WebSocket bytes and counts what Beast does not: the fragments of a message (empty ones
// never surface from Beast), control frames, and whether a message has begun and not ended.
//
// Judges nothing else: malformed frames are Beast's to refuse. Pure, any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "netcode/bytes.hpp"
#include "transport/websocket/frame_format.hpp"

namespace netcode::transport {

class FragmentCounter {
 public:
  void feed(BytesView bytes);

  /// Between the first byte of a message's first frame and the last byte of its last.
  bool mid_message() const { return header_size_ > 0 || payload_left_ > 0 || fragments_ > 0; }
  /// Of the message that is under way, the fragment under way counted.
  std::size_t fragments() const { return fragments_; }
  /// The most fragments that any message had so far, finished or not.
  std::size_t fragments_max() const { return fragments_max_; }
  /// Messages that have ended.
  std::uint64_t messages() const { return messages_; }
  /// Pings, pongs and closes that have begun.
  std::uint64_t control_frames() const { return control_frames_; }

 private:
  bool header_complete() const;
  void begin_frame();
  void end_frame();

  std::array<std::uint8_t, kFrameHeaderBytesMax> header_{};
  std::size_t header_size_ = 0;  // of the header that is being read
  std::uint64_t payload_left_ = 0;
  bool frame_is_control_ = false;
  bool frame_is_final_ = false;
  std::size_t fragments_ = 0;
  std::size_t fragments_max_ = 0;
  std::uint64_t messages_ = 0;
  std::uint64_t control_frames_ = 0;
};

}  // namespace netcode::transport
