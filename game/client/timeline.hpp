// The others, a little in the past: snapshots wait here until the moment that is drawn lies between two of them.
//
// Pure: it is told the time. One owner, one thread.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "engine/core/clock.hpp"
#include "game/sim/view.hpp"

namespace game::client {

class Timeline {
 public:
  /// One that does not come from a network needs no time to wait for it.
  explicit Timeline(float delay_ticks = 3.5F) : delay_ticks_(delay_ticks) {}

  void clear();
  /// `arrived` is in seconds on the caller's clock. Snapshots that are older than the newest are left out.
  void add(sim::View view, double arrived_s);
  /// The moment to draw at `now_s`, in ticks. It never runs backwards, but for a new start.
  double tick_at(double now_s);

  /// The two snapshots around a moment; both the same before the first and after the last one.
  struct Pair {
    const sim::View* before = nullptr;
    const sim::View* after = nullptr;
    float share = 0;  // of the way from before to after
  };
  Pair around(double tick) const;
  const sim::View* newest() const { return views_.empty() ? nullptr : &views_.back(); }

 private:
  float delay_ticks_;
  std::deque<sim::View> views_;
  std::optional<double> offset_;  // of the newest ticks from our clock, smoothed
  double last_tick_ = 0;
};

}  // namespace game::client
