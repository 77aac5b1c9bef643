// When a match ticks: at its rate on the loop's timers, fewer ticks while it is slowed down, none while it sleeps; and
// what share of its thread's time its ticks take.
//
// Threading: its match's shard. Ownership: its match; the timer ends with it.
#pragma once

#include <cstdint>
#include <functional>

#include "engine/core/clock.hpp"
#include "engine/core/fixed_step.hpp"
#include "server/tick_share.hpp"
#include "transport/loop/loop.hpp"

namespace netcode {

class MatchClock {
 public:
  /// Matches with other numbers tick at other moments, so that their work does not fall on the same instant.
  MatchClock(transport::Loop& loop, std::uint32_t tick_hz, std::uint64_t match_number);
  ~MatchClock() { loop_.cancel(timer_); }
  MatchClock(const MatchClock&) = delete;
  MatchClock& operator=(const MatchClock&) = delete;

  /// Calls `on_due` when the next tick is; once for each call of schedule.
  void schedule(std::function<void()> on_due);
  /// Until wake: no tick is due.
  void sleep() { is_asleep_ = true; }
  bool is_asleep() const { return is_asleep_; }
  /// No tick was due meanwhile.
  void wake();

  struct Due {
    std::uint32_t ticks = 0;    // run so many now
    std::uint32_t late = 0;     // of those that are due, how many start late
    std::uint64_t skipped = 0;  // due as well, and not run
    std::uint64_t overdue = 0;  // due by now beside the one that is in time
  };
  Due take();
  engine::TimePoint next_due() const { return step_.next_due(); }

  /// One tick is run of so many that are due.
  std::uint32_t slowdown() const { return slowdown_; }
  void set_slowdown(std::uint32_t slowdown) { slowdown_ = slowdown; }

  /// What the ticks since `began` have cost.
  void note_work(engine::TimePoint began) { share_.add(loop_.now() - began); }
  /// Of the thread's time, since the last time this was called, `elapsed` ago.
  double sample_share(engine::Duration elapsed);

 private:
  std::uint32_t ticks_to_run(std::uint32_t due);

  transport::Loop& loop_;
  const engine::FixedStepConfig config_;
  engine::FixedStep step_;
  transport::Loop::TimerId timer_;
  bool is_asleep_ = false;
  std::uint32_t slowdown_ = 1;
  std::uint32_t ticks_left_out_ = 0;  // since the last one that ran
  TickShare share_;
};

}  // namespace netcode
