// The others, a little in the past: netcode's buffer of snapshots and the clock that says which moment of them to draw,
// for views of the arena and the screen's seconds.
//
// Pure: it is told the time. One owner, one thread.
#pragma once

#include <cstdint>
#include <optional>

#include "game/sim/player_view.hpp"
#include "netcode/interpolation.hpp"

namespace game::client {

class Timeline {
 public:
  using Pair = netcode::SnapshotBuffer<sim::PlayerView>::Pair;

  /// Without a delay of its own it waits as long as the network needs; one that is not from a network needs none.
  explicit Timeline(std::optional<double> delay_s = {});

  void clear();
  /// `arrived_s` is in seconds on the caller's clock. Snapshots that are older than the newest are left out.
  void add(sim::PlayerView view, double arrived_s);
  /// The moment to draw at `now_s`, in ticks. It never runs backwards, but for a new start.
  double tick_at(double now_s);
  /// The two snapshots around a moment, which is now the one that is shown.
  Pair show(double tick) { return views_.show(tick); }
  Pair around(double tick) const { return views_.around(tick); }
  netcode::ViewTime shown() const { return views_.shown(); }
  const sim::PlayerView* newest() const { return views_.newest(); }
  double delay_s() const;
  double jitter_s() const;

 private:
  netcode::InterpolationClock make_clock() const;

  std::optional<double> delay_s_;
  netcode::InterpolationClock clock_;
  netcode::SnapshotBuffer<sim::PlayerView> views_;
};

}  // namespace game::client
