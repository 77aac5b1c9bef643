#include "transport/websocket/fragment_counter.hpp"

#include <algorithm>

namespace netcode::transport {

namespace {

std::size_t length_bytes(std::uint8_t second) {
  const int marker = second & 0x7f;
  return marker == 127 ? 8 : marker == 126 ? 2 : 0;
}

}  // namespace

void FragmentCounter::feed(BytesView bytes) {
  while (!bytes.empty()) {
    if (payload_left_ > 0) {
      const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(payload_left_, bytes.size()));
      bytes = bytes.subspan(taken);
      payload_left_ -= taken;
      if (payload_left_ == 0) end_frame();
      continue;
    }
    header_[header_size_++] = bytes.front();
    bytes = bytes.subspan(1);
    if (header_complete()) begin_frame();
  }
}

bool FragmentCounter::header_complete() const {
  if (header_size_ < 2) return false;
  const std::size_t mask = (header_[1] & kMaskBit) != 0 ? 4 : 0;
  return header_size_ == 2 + length_bytes(header_[1]) + mask;
}

void FragmentCounter::begin_frame() {
  const std::size_t extended = length_bytes(header_[1]);
  payload_left_ = extended == 0 ? header_[1] & 0x7f : 0;
  for (std::size_t i = 0; i < extended; ++i) payload_left_ = payload_left_ << 8 | header_[2 + i];
  header_size_ = 0;
  frame_is_control_ = is_control(header_[0] & 0x0f);
  frame_is_final_ = (header_[0] & kFinBit) != 0;
  if (frame_is_control_) {
    ++control_frames_;
  } else {
    fragments_max_ = std::max(fragments_max_, ++fragments_);
  }
  if (payload_left_ == 0) end_frame();
}

void FragmentCounter::end_frame() {
  if (frame_is_control_ || !frame_is_final_) return;
  fragments_ = 0;
  ++messages_;
}

}  // namespace netcode::transport
