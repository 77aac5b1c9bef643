// One direction of a TCP connection, as its user sees it: when what is written now is there at the other end.
//
// A segment takes half a round trip and some jitter. One that is lost holds back all that is sent behind it until it is
// sent again: with four or more under way after RTT + max(RTT/4, 10 ms), as their acknowledgements tell of the loss
// (RFC 8985, RACK-TLP's reordering window); with fewer after max(2 RTT, 200 ms), the least retransmission timeout of
// Linux; each further time twice as long (RFC 6298, 5.5). Then all arrive at once. In an outage there is one timer, the
// oldest lost segment's: the others wait for it.
//
// Threading: its sender's. Pure but for its random numbers: it is told the time, and never one before the last.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>

#include "engine/core/clock.hpp"
#include "engine/core/rng.hpp"
#include "simnet/network_conditions.hpp"

namespace netcode::transport {

class LinkModel {
 public:
  explicit LinkModel(std::shared_ptr<NetworkConditions> conditions);

  /// When `bytes` that are written at `now` have arrived whole.
  engine::TimePoint arrival(engine::TimePoint now, std::size_t bytes);
  /// When a SYN that is sent at `now` has: lost ones are sent again after a second, then after twice as long each time.
  engine::TimePoint syn_arrival(engine::TimePoint now);
  /// When word from the other end of something that happens there at `now` is here: half a round trip, no jitter.
  engine::Duration half_rtt() const { return engine::Duration(conditions_->profile().rtt) / 2; }

 private:
  engine::TimePoint segment_arrival(engine::TimePoint now, std::size_t bytes);
  engine::Duration transit();
  double uniform();  // 0 up to 1
  bool is_lost(engine::TimePoint sent);

  std::shared_ptr<NetworkConditions> conditions_;
  engine::Rng rng_;
  engine::TimePoint last_arrival_{};
  engine::TimePoint line_is_free_at_{};
  engine::TimePoint through_again_at_{};           // the last outage's losses are sent again then
  std::deque<engine::TimePoint> acknowledged_at_;  // of the segments under way, rising
};

}  // namespace netcode::transport
