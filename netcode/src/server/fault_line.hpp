// When a fault of the program's own code is named in the log: at once, and then at most once in a while, with how often
// it came meanwhile.
//
// Threading: whoever holds it. Plain value; it is told the time.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

#include "engine/core/clock.hpp"

namespace netcode {

class FaultLine {
 public:
  /// One more. If a line is due: how many there were since the last one, itself among them.
  std::optional<std::uint64_t> count(engine::TimePoint now) {
    constexpr std::chrono::seconds kAgainAfter{10};
    ++untold_;
    if (told_at_ && now - *told_at_ < kAgainAfter) return std::nullopt;
    told_at_ = now;
    return std::exchange(untold_, 0);
  }

 private:
  std::optional<engine::TimePoint> told_at_;
  std::uint64_t untold_ = 0;
};

}  // namespace netcode
