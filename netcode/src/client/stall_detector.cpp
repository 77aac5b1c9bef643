#include "client/stall_detector.hpp"

#include <utility>

namespace netcode::client {

void StallDetector::looked(engine::TimePoint now) {
  const auto before = std::exchange(looked_at_, now);
  if (before != engine::TimePoint{} && is_gap(now - before)) inattentive_until_ = now + kAtOnce;
}

bool StallDetector::arrived(engine::TimePoint now) {
  const auto before = std::exchange(last_, now);
  if (before == engine::TimePoint{}) return false;
  if (is_gap(now - before) && now > inattentive_until_) {
    burst_began_ = now;
    in_burst_ = 1;
    return false;
  }
  if (in_burst_ == 0) return false;
  if (now - burst_began_ > kAtOnce) {
    in_burst_ = 0;
    return false;
  }
  if (++in_burst_ != kInBurst) return false;
  const auto burst_before = std::exchange(last_burst_, now);
  return burst_before != engine::TimePoint{} && now - burst_before <= kWithin;
}

}  // namespace netcode::client
