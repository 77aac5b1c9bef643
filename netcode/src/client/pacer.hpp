// When it is time for an action: once per tick of the match.
//
// Pure: it is told the time. Plain value; one owner.
#pragma once

#include <cstdint>

#include "engine/core/clock.hpp"
#include "engine/core/fixed_step.hpp"
#include "netcode/limits.hpp"

namespace netcode::client {

class Pacer {
 public:
  Pacer(std::uint32_t tick_hz, engine::TimePoint start)
      : step_({.tick_hz = tick_hz, .catch_up_ticks_max = kAtOnceMax}, start) {}

  /// True once per tick. After a pause at most kAtOnceMax times in a row: what is older nobody wants any more.
  bool due(engine::TimePoint now) {
    if (waiting_ == 0) waiting_ = step_.take(now).ticks;
    if (waiting_ == 0) return false;
    --waiting_;
    return true;
  }

 private:
  /// As many as the server applies in one tick.
  static constexpr std::uint32_t kAtOnceMax = limits::kActionsPerTickMax;

  engine::FixedStep step_;
  std::uint32_t waiting_ = 0;
};

}  // namespace netcode::client
