// Whether a shard keeps up with its ticks: the share of the last seconds' ticks that were late or given up.
//
// Pure: it is told the time and the shard's counters. One owner.
#pragma once

#include <cstdint>
#include <deque>

#include "engine/core/clock.hpp"

namespace netcode {

class LoadMeter {
 public:
  /// The counters so far, a few times a second. `bad_ticks`: late ones, and those that were given up.
  void note(engine::TimePoint now, std::uint64_t ticks, std::uint64_t bad_ticks);
  /// From a share of kOverloadedAt on until it is at kRelievedAt again.
  bool is_overloaded() const { return is_overloaded_; }

 private:
  struct Sample {
    engine::TimePoint at;
    std::uint64_t ticks;
    std::uint64_t bad_ticks;
  };
  std::deque<Sample> samples_;  // of the last kWindow, oldest first
  bool is_overloaded_ = false;
};

}  // namespace netcode
