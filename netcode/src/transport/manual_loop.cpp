#include "transport/manual_loop.hpp"

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
  for (int round = 0; round < 100 && (!posts_.empty() || !timers_.empty()); ++round) {
    const auto posts = std::exchange(posts_, {});
    const auto timers = std::exchange(timers_, {});
    due_by_timer_.clear();
  }
}

void ManualLoop::post(Task task) {
  const std::lock_guard lock(mutex_);
  posts_.push_back(std::move(task));
}

engine::TimePoint ManualLoop::now() const {
  const std::lock_guard lock(mutex_);
  return now_;
}

Loop::TimerId ManualLoop::call_at(engine::TimePoint due, Task task) {
  const TimerId id{++timers_made_};
  timers_.emplace(TimerKey{due, id.value}, std::move(task));
  due_by_timer_.emplace(id.value, due);
  return id;
}

void ManualLoop::cancel(TimerId timer) {
  const auto found = due_by_timer_.find(timer.value);
  if (found == due_by_timer_.end()) return;
  const auto node =
      timers_.extract(TimerKey{found->second, timer.value});  // destroyed last: its task may cancel others
  due_by_timer_.erase(found);
}

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
  if (timers_.empty() || timers_.begin()->first.first > until) return false;
  auto node = timers_.extract(timers_.begin());
  due_by_timer_.erase(node.key().second);
  if (node.key().first > now()) set_now(node.key().first);
  node.mapped()();
  return true;
}

void ManualLoop::set_now(engine::TimePoint now) {
  const std::lock_guard lock(mutex_);
  now_ = now;
  tasks_this_instant_ = 0;
}

}  // namespace netcode::transport
