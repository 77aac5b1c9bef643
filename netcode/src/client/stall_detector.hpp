// Does the network stall as TCP does at a loss? Then a second connection helps: nothing for a while, and then all that
// was sent meanwhile at one instant. A server that is late sends one snapshot late; a second connection would wait for
// it just as long.
//
// Pure: it is told the time. Plain value; one owner.
#pragma once

#include <cstdint>

#include "engine/core/clock.hpp"

namespace netcode::client {

class StallDetector {
 public:
  explicit StallDetector(engine::Duration snapshot_interval) : interval_(snapshot_interval) {}

  /// The program looks at its connection now. What comes after it did not for a while has waited here, not on its way.
  void looked(engine::TimePoint now);
  /// A snapshot came. True: it completes the second burst within kWithin.
  bool arrived(engine::TimePoint now);

 private:
  static constexpr std::chrono::milliseconds kAtOnce{5};
  static constexpr std::chrono::seconds kWithin{15};
  static constexpr std::uint32_t kInBurst = 3;

  bool is_gap(engine::Duration duration) const { return duration > interval_ * 5 / 2; }

  engine::Duration interval_;
  engine::TimePoint looked_at_{};
  engine::TimePoint inattentive_until_{};
  engine::TimePoint last_{};         // arrival
  engine::TimePoint burst_began_{};  // the first arrival after a gap
  std::uint32_t in_burst_ = 0;       // 0: not after a gap
  engine::TimePoint last_burst_{};
};

}  // namespace netcode::client
