// The others, a little in the past: snapshots wait until the moment that is drawn lies between two of them.
//
//   netcode::SnapshotBuffer<MyView> views;     // what the game makes of a snapshot
//   netcode::InterpolationClock clock({.tick_hz = 60, .snapshot_hz = 30});
//   on a snapshot:  clock.arrived(info.tick, info.arrived);  views.add(info.tick, view_of(world));
//   each frame:     const auto pair = views.around(clock.tick_at(now));
//                   draw(mix(*pair.before, *pair.after, pair.share));
//   with an action: client.act(action, views.shown());  // so that the server can judge what the player saw
//
// How long they wait follows the network: as long as nearly all snapshots need, at once longer when they need more, and
// only slowly shorter; one stall that does not come again is no reason.
//
// Pure: they are told the time. One owner, one thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <utility>

#include "engine/core/assert.hpp"
#include "engine/core/clock.hpp"
#include "netcode/ids.hpp"
#include "netcode/view_time.hpp"

namespace netcode {

class InterpolationClock {
 public:
  struct Config {
    std::uint32_t tick_hz = 60;
    std::uint32_t snapshot_hz = 30;
    /// Not measured but this: to compare with, and for what does not come over a network (0 would draw the newest).
    std::optional<std::chrono::microseconds> fixed_delay{};
  };
  explicit InterpolationClock(const Config& config);
  ~InterpolationClock();
  InterpolationClock(InterpolationClock&&) noexcept;
  InterpolationClock& operator=(InterpolationClock&&) noexcept;

  /// A snapshot of `tick` is here. One that is older than the newest says nothing.
  void arrived(Tick tick, engine::TimePoint at);
  /// The moment to draw at `now`, in ticks; 0 before the first snapshot. It never runs backwards, but for a new start.
  double tick_at(engine::TimePoint now);

  /// How far behind the newest that there could be: from the fastest snapshots' arrival to what is drawn of them.
  engine::Duration delay() const;
  /// How late the slow ones of the last seconds came, against the fastest (95th percentile).
  engine::Duration jitter() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Snapshots in the order of their ticks, and the two around a moment. View is whatever the game makes of a snapshot.
template <class View>
class SnapshotBuffer {
 public:
  /// No more is known of what comes after the newest: so many ticks it goes on as it went, then it stands. Two span the
  /// gap of a snapshot that is a little late; more is guessed wrong so often that shots at it are judged otherwise.
  explicit SnapshotBuffer(double extrapolated_ticks_max = 2) : extrapolated_ticks_max_(extrapolated_ticks_max) {}

  void clear() {
    held_.clear();
    shown_ = {};
  }
  /// One that is not newer is left out; from far ahead of it, time has been set back: another match.
  void add(Tick tick, View view) {
    if (!held_.empty() && tick <= held_.back().tick) {
      if (held_.back().tick - tick < kHeldMax) return;
      clear();
    }
    held_.push_back({tick, std::move(view)});
    if (held_.size() > kHeldMax) held_.pop_front();
  }

  struct Pair {
    const View* before = nullptr;  // null: there is none yet
    const View* after = nullptr;   // the same as before where the moment is not between two
    Tick before_tick = 0;
    Tick after_tick = 0;
    float share = 0;          // of the way from before to after
    double ticks_beyond = 0;  // after the newest: it goes on by so many ticks
    bool is_between() const { return before != after; }
  };
  Pair around(double tick) const {
    if (held_.empty()) return {};
    std::size_t after = 0;
    while (after < held_.size() && held_[after].tick <= tick) ++after;
    if (after == 0) return one(held_.front(), 0);
    const Held& before = held_[after - 1];
    if (after == held_.size()) return one(before, std::min(tick - before.tick, extrapolated_ticks_max_));
    const Held& next = held_[after];
    return {.before = &before.view,
            .after = &next.view,
            .before_tick = before.tick,
            .after_tick = next.tick,
            .share = static_cast<float>((tick - before.tick) / (next.tick - before.tick))};
  }
  /// The same, and shown() is of this moment from now on.
  Pair show(double tick) {
    const Pair pair = around(tick);
    if (pair.before == nullptr) return pair;
    const double moment = pair.is_between() ? tick : pair.before_tick + pair.ticks_beyond;
    shown_ = view_time_at(moment);
    if (pair.is_between() && shown_.tick != 0) {
      shown_.from = pair.before_tick;
      shown_.to = pair.after_tick;
    }
    return pair;
  }
  /// The moment that was shown last, as it goes with an action.
  ViewTime shown() const { return shown_; }

  const View* newest() const { return held_.empty() ? nullptr : &held_.back().view; }
  Tick newest_tick() const { return held_.empty() ? 0 : held_.back().tick; }
  bool empty() const { return held_.empty(); }

 private:
  struct Held {
    Tick tick;
    View view;
  };
  static constexpr std::size_t kHeldMax = 64;
  static Pair one(const Held& held, double beyond) {
    return {.before = &held.view,
            .after = &held.view,
            .before_tick = held.tick,
            .after_tick = held.tick,
            .ticks_beyond = beyond};
  }

  double extrapolated_ticks_max_;
  std::deque<Held> held_;
  ViewTime shown_;
};

}  // namespace netcode
