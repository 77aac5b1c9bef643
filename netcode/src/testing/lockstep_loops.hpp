// Several loops in one virtual time, each on a thread of its own: code that runs on many threads, tested without
// waiting and without a dependence on the machine's speed.
//
// Time moves in steps of kStep for all loops together. Within a step they run at once and unordered, but for what they
// post to each other; between two steps every thread stands still and the caller may look at anything. So a test's
// plain variables are safe to read from its own thread, and a thread sanitizer sees what two shards do in the same step
// as the race that it is. A step is over when no loop has anything left to do in it.
//
// Threading: the first loop is run by the caller's thread, from inside run_for and run_until; the others by threads
// that live as long as this object. `post` and `now` of a loop from any thread.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/core/clock.hpp"
#include "transport/loop/loop.hpp"
#include "transport/loop/timer_queue.hpp"

namespace netcode::testing {

class LockstepLoops {
 public:
  /// Less than a tick, so that what two shards do in one tick mostly falls into different orders; more than a message
  /// takes, so that most of it is unordered.
  static constexpr std::chrono::milliseconds kStep{4};

  explicit LockstepLoops(std::size_t count);
  LockstepLoops(const LockstepLoops&) = delete;
  LockstepLoops& operator=(const LockstepLoops&) = delete;
  ~LockstepLoops();

  /// 0 is the caller's own.
  transport::Loop& loop(std::size_t index);
  engine::TimePoint now() const { return now_; }
  void run_ready() { step(now_); }
  void run_for(engine::Duration time);
  /// The condition is looked at between two steps, with all threads standing still.
  bool run_until(const std::function<bool()>& condition, engine::Duration at_most);

 private:
  class Lane final : public transport::Loop {
   public:
    Lane(LockstepLoops& group, engine::TimePoint start) : group_(group), now_(start.time_since_epoch()) {}

    void post(Task task) override;
    engine::TimePoint now() const override { return engine::TimePoint(now_.load(std::memory_order_relaxed)); }
    TimerId call_at(engine::TimePoint due, Task task) override { return timers_.add(due, std::move(task)); }
    void cancel(TimerId timer) override { timers_.cancel(timer); }

    void begin(engine::TimePoint target);
    /// Until the step is over.
    void run_step();
    void end_step();
    /// For the threads of all lanes but the first.
    void serve();
    void quit();
    /// Drops what waits, while every thread stands still; true if there was something.
    bool clear();
    bool has_posts();
    std::optional<engine::TimePoint> next_due() const { return timers_.next_due(); }

   private:
    bool run_one_post();
    bool run_one_timer();
    void set_now(engine::TimePoint now) { now_.store(now.time_since_epoch(), std::memory_order_relaxed); }

    LockstepLoops& group_;
    std::atomic<engine::Duration> now_;
    transport::TimerQueue timers_;
    engine::TimePoint target_;
    std::int64_t held_ = 0;  // of the group's work, what this lane has begun and not yet given back

    std::mutex mutex_;  // guards all below
    std::condition_variable wake_;
    std::deque<Task> posts_;
    bool step_is_over_ = true;
    bool step_begins_ = false;
    bool quits_ = false;
  };

  void step(engine::TimePoint target);
  void give_back(std::int64_t work);

  engine::TimePoint now_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::vector<std::thread> threads_;
  /// Posted tasks that have not run, and lanes that have not reached the step's end. Relaxed, since it must not order
  /// what the lanes do: only the end of a step does.
  std::atomic<std::int64_t> work_ = 0;

  std::mutex mutex_;  // guards arrived_
  std::condition_variable all_arrived_;
  std::size_t arrived_ = 0;
};

}  // namespace netcode::testing
