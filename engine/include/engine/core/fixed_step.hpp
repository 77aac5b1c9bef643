// When a fixed-rate loop has to tick: due times, lateness, and how much of a stall is made up for.
//
// Pure: it is told the time and sleeps nowhere, so that one thread can drive many of them from its timers. One owner,
// one thread.
#pragma once

#include <cstdint>

#include "engine/core/clock.hpp"

namespace engine {

struct FixedStepConfig {
  std::uint32_t tick_hz = 60;
  Duration phase{};                      // shifts every due time, so that the loops of one thread are spread
  std::uint32_t catch_up_ticks_max = 5;  // ticks run at once after a stall; the rest is given up
  Duration late_after = std::chrono::milliseconds(1);  // a tick that starts later than this after it was due is late
};

// The n-th tick is due at start + phase + floor(n * 1 s / tick_hz), computed from the start each time: a period that is
// not a whole number of nanoseconds does not drift.
class FixedStep {
 public:
  struct Due {
    std::uint32_t ticks = 0;    // run this many now
    std::uint32_t late = 0;     // of those, how many start late
    std::uint64_t skipped = 0;  // due as well, but given up: beyond catch_up_ticks_max
  };

  // Throws std::invalid_argument, naming the field, for a rate or a catch-up of 0 or a negative duration.
  FixedStep(const FixedStepConfig& config, TimePoint start);

  // When the next tick has to run; in the past if it is overdue.
  [[nodiscard]] TimePoint next_due() const;

  // Takes every tick that is due by `now`. The ticks to run are the oldest due, so after a stall they are all late.
  // After giving some up, the schedule goes on from now at the same phase.
  Due take(TimePoint now);

 private:
  [[nodiscard]] TimePoint due_at(std::uint64_t slot) const;
  [[nodiscard]] std::uint64_t slots_due_by(TimePoint now) const;

  FixedStepConfig config_;
  TimePoint origin_;
  std::uint64_t next_slot_ = 0;
};

}  // namespace engine
