// What share of its thread's time a match's ticks take: the work of each half second or so, smoothed over a few.
//
// Pure: it is told the times. One owner.
#pragma once

#include "engine/core/clock.hpp"

namespace netcode {

class TickShare {
 public:
  void add(engine::Duration work) { work_ += work; }
  /// So long after the last time.
  void sample(engine::Duration elapsed) {
    const double share =
        elapsed.count() > 0 ? static_cast<double>(work_.count()) / static_cast<double>(elapsed.count()) : 0.0;
    share_ = is_known_ ? share_ + (share - share_) * kNewest : share;
    is_known_ = true;
    work_ = {};
  }
  /// From 0 up; above 1 it is more than the thread has.
  double value() const { return share_; }

 private:
  static constexpr double kNewest = 0.5;
  engine::Duration work_{};
  double share_ = 0;
  bool is_known_ = false;
};

}  // namespace netcode
