#include "simnet/manual_loop.hpp"

#include <algorithm>
#include <utility>

#include "engine/core/assert.hpp"

namespace netcode::transport {

namespace {
/// So many tasks without time moving are two objects that post to each other for ever.
constexpr std::uint64_t kTasksPerInstantMax = 10'000'000;
}  // namespace

ManualLoop::ManualLoop(engine::TimePoint start) : now_(start) {}

ManualLoop::~ManualLoop() {
  // A task may own objects whose destructors post or cancel: let go of the tasks while the loop still stands.
  timers_.clear();
  while (!posts_.empty()) {
    const auto posts = std::exchange(posts_, {});
  }
  timers_.clear();
}

void ManualLoop::post(Task task) {
  const std::lock_guard lock(mutex_);
  posts_.push_back(std::move(task));
}

engine::TimePoint ManualLoop::now() const {
  const std::lock_guard lock(mutex_);
  return now_;
}

Loop::TimerId ManualLoop::call_at(engine::TimePoint due, Task task) { return timers_.add(due, std::move(task)); }

void ManualLoop::cancel(TimerId timer) { timers_.cancel(timer); }

void ManualLoop::run_ready() { run_until(now()); }

void ManualLoop::run_for(engine::Duration duration) { run_until(now() + duration); }

void ManualLoop::run_until(engine::TimePoint until) {
  while (step(until)) {
  }
  if (until > now()) set_now(until);
}

bool ManualLoop::run_until(const std::function<bool()>& condition, engine::Duration at_most) {
  const auto until = now() + at_most;
  while (!condition()) {
    if (step(until)) continue;
    if (until > now()) set_now(until);
    return condition();
  }
  return true;
}

bool ManualLoop::step(engine::TimePoint until) {
  ENGINE_ASSERT(++tasks_this_instant_ < kTasksPerInstantMax, "tasks post each other without end");
  return run_one_post() || run_one_timer(until);
}

bool ManualLoop::run_one_post() {
  Task task;
  {
    const std::lock_guard lock(mutex_);
    if (posts_.empty()) return false;
    task = std::move(posts_.front());
    posts_.pop_front();
  }
  task();
  return true;
}

bool ManualLoop::run_one_timer(engine::TimePoint until) {
  const auto due = timers_.next_due();
  if (!due || *due > until) return false;
  if (*due > now()) set_now(*due);
  timers_.take_due (*due)();
  return true;
}

void ManualLoop::set_now(engine::TimePoint now) {
  const std::lock_guard lock(mutex_);
  now_ = now;
  tasks_this_instant_ = 0;
}

}  // namespace netcode::transport
