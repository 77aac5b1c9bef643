// A loop whose time moves only when it is told to: a server and its clients run in one thread, and a test of 30 s of
// play takes as long as its work.
//
// Threading: `post` and `now` from any thread, the rest from the one that runs it.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>

#include "engine/core/clock.hpp"
#include "transport/loop/loop.hpp"
#include "transport/loop/timer_queue.hpp"

namespace netcode::transport {

class ManualLoop final : public Loop {
 public:
  /// Not the epoch, so that "a second ago" is a time too.
  explicit ManualLoop(engine::TimePoint start = engine::TimePoint{std::chrono::hours{1}});
  ManualLoop(const ManualLoop&) = delete;
  ManualLoop& operator=(const ManualLoop&) = delete;
  ~ManualLoop() override;

  void post(Task task) override;
  engine::TimePoint now() const override;
  TimerId call_at(engine::TimePoint due, Task task) override;
  void cancel(TimerId timer) override;

  /// Runs what is posted and due, and what that posts in turn, until nothing is left to do at this instant.
  void run_ready();
  /// Runs everything up to and including `until` in order of time: at one instant posts first, then timers as they were
  /// set.
  void run_until(engine::TimePoint until);
  void run_for(engine::Duration duration);
  /// Runs until `condition` holds, at most for `at_most` of virtual time. Returns whether it holds.
  bool run_until(const std::function<bool()>& condition, engine::Duration at_most);
  /// From within a task: it takes so long, and what is due meanwhile comes late.
  void spend(engine::Duration duration) { set_now(now() + duration); }

 private:
  bool run_one_post();
  bool run_one_timer(engine::TimePoint until);
  bool step(engine::TimePoint until);
  void set_now(engine::TimePoint now);

  mutable std::mutex mutex_;  // guards posts_ and now_
  std::deque<Task> posts_;
  engine::TimePoint now_;
  TimerQueue timers_;
  std::uint64_t tasks_this_instant_ = 0;
};

}  // namespace netcode::transport
