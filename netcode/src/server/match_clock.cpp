#include "server/match_clock.hpp"

#include <utility>

#include "netcode/limits.hpp"

namespace netcode {
namespace {

// Steps of the golden ratio spread any number of matches evenly over a tick.
engine::Duration phase_of(std::uint64_t match_number, std::uint32_t tick_hz) {
  const double turn = static_cast<double>(match_number) * 0.61803398875;
  const double fraction = turn - static_cast<double>(static_cast<std::uint64_t>(turn));
  return engine::Duration(static_cast<std::int64_t>(fraction * 1e9 / tick_hz));
}

}  // namespace

MatchClock::MatchClock(transport::Loop& loop, std::uint32_t tick_hz, std::uint64_t match_number)
    : loop_(loop),
      config_{
          .tick_hz = tick_hz, .phase = phase_of(match_number, tick_hz), .catch_up_ticks_max = limits::kCatchUpTicksMax},
      step_(config_, loop.now()) {}

void MatchClock::schedule(std::function<void()> on_due) { timer_ = loop_.call_at(step_.next_due(), std::move(on_due)); }

void MatchClock::wake() {
  is_asleep_ = false;
  step_ = engine::FixedStep(config_, loop_.now());
}

// A match that is slowed down leaves out all ticks but one of slowdown_.
std::uint32_t MatchClock::ticks_to_run(std::uint32_t due) {
  if (slowdown_ == 1) return due;
  ticks_left_out_ += due;
  const std::uint32_t ticks = ticks_left_out_ / slowdown_;
  ticks_left_out_ %= slowdown_;
  return ticks;
}

MatchClock::Due MatchClock::take() {
  const engine::FixedStep::Due due = step_.take(loop_.now());
  const std::uint32_t ticks = ticks_to_run(due.ticks);
  return {.ticks = ticks,
          .late = due.late,
          .skipped = due.skipped + due.ticks - ticks,
          .overdue = due.ticks > 1 ? due.ticks - 1 + due.skipped : 0};
}

double MatchClock::sample_share(engine::Duration elapsed) {
  share_.sample(elapsed);
  return share_.value();
}

}  // namespace netcode
