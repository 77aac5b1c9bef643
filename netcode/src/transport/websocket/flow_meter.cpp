#include "transport/websocket/flow_meter.hpp"

#include <utility>

#include "engine/core/result.hpp"

namespace netcode::transport {

FlowMeter::FlowMeter(const ConnectionOptions& options, engine::TimePoint now)
    : bytes_per_second_(options.bytes_per_second_max),
      control_frames_per_second_(options.control_frames_per_second_max),
      bytes_(static_cast<double>(options.bytes_per_second_max), static_cast<double>(options.bytes_burst_max), now),
      control_frames_(options.control_frames_per_second_max, options.control_frames_burst_max, now) {}

std::optional<std::string> FlowMeter::take(std::uint64_t bytes, std::uint64_t control_frames, engine::TimePoint now) {
  const auto new_bytes = static_cast<double>(bytes - std::exchange(bytes_seen_, bytes));
  const auto new_frames = static_cast<double>(control_frames - std::exchange(control_frames_seen_, control_frames));
  if (!bytes_.take(new_bytes, now)) {
    return engine::error("more than {} bytes a second: slow down", bytes_per_second_).reason;
  }
  if (!control_frames_.take(new_frames, now)) {
    return engine::error("more than {} pings and pongs a second: slow down", control_frames_per_second_).reason;
  }
  return std::nullopt;
}

}  // namespace netcode::transport
