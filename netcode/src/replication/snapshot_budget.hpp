// The bytes that snapshots may take over one connection, by the second: a token bucket, and what follows from it for
// the next snapshot.
//
// While a whole snapshot fits, each is whole, and nothing is other than without a budget. When the next one would not,
// each is made to fit what has come in (EntityBudget), until nothing waits any more and half of the bucket is full
// again. What cannot be made smaller, as a plain snapshot, is spaced out: the newest waits while too much was sent.
//
// Over any t seconds snapshots take no more than t + 1.25 times the bytes of a second, one snapshot, and what the first
// ones of a connection or a match have beyond what was saved up: those are never held against the client.
//
// Threading: its connection's shard. Pure: the time is given.
#pragma once

#include <cstddef>

#include "engine/core/clock.hpp"
#include "netcode/ids.hpp"
#include "replication/entity_budget.hpp"
#include "replication/lane_layout.hpp"
#include "replication/lane_world.hpp"

namespace netcode {

class SnapshotBudget {
 public:
  /// Half full at first. More than 0 bytes per second.
  SnapshotBudget(double bytes_per_second, engine::TimePoint now);

  /// The rate from now on, and what has come in since the last call.
  void refill(double bytes_per_second, engine::TimePoint now);
  /// False: whatever snapshot is next has to wait.
  bool may_send() const;
  /// The next snapshot builds on nothing, and may be of another match.
  void begin();

  /// What of `now` the next snapshot tells `viewer`: a World to be coded, `now` itself if all of it goes. `handed`: the
  /// one that was coded for the connection before; null: there is none.
  LaneWorldPtr choose(const LaneLayout& layout, const LaneWorldPtr& handed, const LaneWorldPtr& now, PlayerId viewer);
  /// A snapshot was made, of so many bytes.
  void spend(std::size_t bytes);

  /// Are snapshots made to fit?
  bool is_short() const { return is_short_; }

 private:
  double per_second_;
  double tokens_;  // bytes; less than 0: so many were sent too early
  engine::TimePoint at_;
  EntityBudget entities_;
  std::size_t whole_bytes_ = 0;  // of the last snapshot that was whole; 0: there was none
  bool is_first_ = true;
  bool is_short_ = false;
};

}  // namespace netcode
