// When it is time for an action, and for which tick: so far ahead of the server that actions arrive just before their
// ticks.
//
// The server says of an action how long before its tick it came (its slack). Less the moment at which it was due here,
// that does not depend on where this clock stands, so the last few seconds of it show what the network does to actions:
// how late the middle one comes, and how much later the slow ones. The clock is to stand where the slow ones are in
// time, but for the rarest: those cost less than the delay that would save them. Frames send actions up to a frame
// after they were due: that comes on top. The clock gets there by running up to 5 % fast or slow, and jumps only where
// running would take too long.
//
// Pure: it is told the time. Plain value; one owner.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "client/recent.hpp"
#include "engine/core/clock.hpp"
#include "netcode/ids.hpp"
#include "netcode/limits.hpp"

namespace netcode::client {

class ActionClock {
 public:
  /// The match was at `server_tick` about half of `rtt` ago. A first guess, put right by the first words of slack.
  ActionClock(std::uint32_t tick_hz, engine::TimePoint now, Tick server_tick, engine::Duration rtt);

  /// True once per tick. After a pause at most kAtOnceMax times in a row: what is older nobody wants any more, but its
  /// ticks have gone by.
  bool due(engine::TimePoint now);
  /// The tick that the last due() was for.
  Tick tick() const { return tick_; }
  /// How much of the time to the next action has gone by, 0 to 1: for drawing between two ticks.
  float share(engine::TimePoint now) const;

  /// The action of tick() left with this sequence.
  void sent(std::uint32_t sequence, engine::TimePoint now);
  /// The server has taken it: so long before its tick it came (negative: late). Once a sequence.
  void reported(std::uint32_t sequence, engine::Duration slack, engine::TimePoint now);
  /// The connection is another one, after a gap: all that was learnt of the old one's delays is void.
  void resumed(engine::TimePoint now);

  /// An action that left with this sequence, while it is remembered (kSentMax).
  struct Sent {
    std::uint32_t sequence = 0;
    Tick tick = 0;
    engine::TimePoint at{};
    engine::Duration offset{};  // of the moment it left from tick times tick length
    bool is_reported = false;
  };
  const Sent* find(std::uint32_t sequence) const;

  /// For the net graph. Slack of the newest action heard of; how fast the clock runs against the server's, 0.05: 5 %
  /// faster.
  engine::Duration slack() const { return slack_; }
  double slew() const { return slew_; }
  std::uint32_t jumps() const { return jumps_; }

 private:
  /// As many as the server applies in one tick.
  static constexpr std::uint32_t kAtOnceMax = limits::kActionsPerTickMax;
  static constexpr std::size_t kSentMax = 256;

  engine::Duration offset() const { return due_ - engine::TimePoint{} - tick_length_ * tick_; }
  void steer(engine::TimePoint now);
  void jump(engine::Duration by);
  bool is_far_off(engine::Duration slack, engine::TimePoint now);

  engine::Duration tick_length_;
  Tick tick_ = 0;
  engine::TimePoint due_;  // of tick_; the next one's is a tick length later, less the slew
  double slew_ = 0;
  engine::Duration slack_{};
  std::uint32_t jumps_ = 0;
  std::uint32_t at_once_ = 0;
  engine::TimePoint polled_at_{};
  engine::Duration frame_{};  // between two looks at the clock, the longest of late

  /// Slack and offset together, in ns: what is left of the time to a tick after the way there, were it due at once.
  Recent<std::int64_t, 128> arrivals_;
  engine::TimePoint settling_until_;
  std::optional<engine::TimePoint> far_off_since_;
  std::array<Sent, kSentMax> sent_{};
};

}  // namespace netcode::client
