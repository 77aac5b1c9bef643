// What a peer may send over one connection: bytes, and control frames (RFC 6455, 5.5), which no message limit sees.
//
// Pure: the time is given. Threading: its connection's loop.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/core/clock.hpp"
#include "engine/core/token_bucket.hpp"
#include "transport/http/accept.hpp"

namespace netcode::transport {

class FlowMeter {
 public:
  FlowMeter(const ConnectionOptions& options, engine::TimePoint now);

  /// Totals since the connection is open. Says what was too much, if anything was.
  std::optional<std::string> take(std::uint64_t bytes, std::uint64_t control_frames, engine::TimePoint now);
  /// One of the control frames answered a ping of ours: it does not count.
  void forgive_pong() { control_frames_.give_back(1); }

 private:
  const std::uint64_t bytes_per_second_;
  const std::uint64_t control_frames_per_second_;
  engine::TokenBucket bytes_;
  engine::TokenBucket control_frames_;
  std::uint64_t bytes_seen_ = 0;
  std::uint64_t control_frames_seen_ = 0;
};

}  // namespace netcode::transport
