// Whether a shard keeps up with its ticks: the share of the last seconds' ticks that came a whole tick late, or were
// given up. One that comes a millisecond late is a scheduler's whim; one that has to be caught up is more than the
// shard can do.
//
// Pure: it is told the time and the shard's counters. One owner.
#pragma once

#include <cstdint>
#include <deque>

#include "engine/core/clock.hpp"

namespace netcode {

class LoadMeter {
 public:
  /// The counters so far, a few times a second.
  void note(engine::TimePoint now, std::uint64_t ticks, std::uint64_t overdue_ticks);
  /// From a share of kOverloadedAt on until it is at kRelievedAt again.
  bool is_overloaded() const { return is_overloaded_; }

 private:
  struct Sample {
    engine::TimePoint at;
    std::uint64_t ticks;
    std::uint64_t overdue_ticks;
  };
  std::deque<Sample> samples_;  // of the last kWindow, oldest first
  bool is_overloaded_ = false;
};

}  // namespace netcode
