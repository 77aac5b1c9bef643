#include "testing/lockstep_loops.hpp"

#include <algorithm>
#include <utility>

#include "engine/core/assert.hpp"

namespace netcode::testing {

namespace {
/// So many tasks in one step are two objects that post to each other for ever.
constexpr int kTasksPerStepMax = 10'000'000;
}  // namespace

// One loop ----------------------------------------------------------------------------------------------------------

void LockstepLoops::Lane::post(Task task) {
  group_.work_.fetch_add(1, std::memory_order_relaxed);
  const std::lock_guard lock(mutex_);
  posts_.push_back(std::move(task));
  wake_.notify_one();
}

bool LockstepLoops::Lane::has_posts() {
  const std::lock_guard lock(mutex_);
  return !posts_.empty();
}

void LockstepLoops::Lane::begin(engine::TimePoint target) {
  const std::lock_guard lock(mutex_);
  target_ = target;
  held_ = 1;
  step_is_over_ = false;
  step_begins_ = true;
  wake_.notify_one();
}

bool LockstepLoops::Lane::run_one_post() {
  Task task;
  {
    const std::lock_guard lock(mutex_);
    if (posts_.empty()) return false;
    task = std::move(posts_.front());
    posts_.pop_front();
  }
  ++held_;
  task();
  return true;
}

bool LockstepLoops::Lane::run_one_timer() {
  const auto due = timers_.next_due();
  if (!due || *due > target_) return false;
  if (*due > now()) set_now(*due);
  const Task task = timers_.take_due(*due);
  task();
  return true;
}

void LockstepLoops::Lane::run_step() {
  for (int tasks = 0;;) {
    while (run_one_post() || run_one_timer())
      ENGINE_ASSERT(++tasks < kTasksPerStepMax, "tasks post each other for ever");
    set_now(target_);
    if (const auto done = std::exchange(held_, 0); done != 0) group_.give_back(done);
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return step_is_over_ || !posts_.empty(); });
    if (step_is_over_) return;
  }
}

void LockstepLoops::Lane::end_step() {
  const std::lock_guard lock(mutex_);
  step_is_over_ = true;
  wake_.notify_one();
}

void LockstepLoops::Lane::serve() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return step_begins_ || quits_; });
      if (quits_) return;
      step_begins_ = false;
    }
    run_step();
    const std::lock_guard lock(group_.mutex_);
    ++group_.arrived_;
    group_.all_arrived_.notify_one();
  }
}

void LockstepLoops::Lane::quit() {
  const std::lock_guard lock(mutex_);
  quits_ = true;
  wake_.notify_one();
}

bool LockstepLoops::Lane::clear() {
  std::deque<Task> posts;
  {
    const std::lock_guard lock(mutex_);
    posts.swap(posts_);
  }
  const bool had_any = !posts.empty() || timers_.next_due();
  timers_.clear();
  return had_any;
}

// All of them -------------------------------------------------------------------------------------------------------

LockstepLoops::LockstepLoops(std::size_t count) : now_(std::chrono::hours{1}) {
  ENGINE_ASSERT(count > 0);
  for (std::size_t i = 0; i < count; ++i) lanes_.push_back(std::make_unique<Lane>(*this, now_));
  for (std::size_t i = 1; i < count; ++i) threads_.emplace_back([lane = lanes_[i].get()] { lane->serve(); });
}

LockstepLoops::~LockstepLoops() {
  for (const auto& lane : lanes_) lane->quit();
  for (std::thread& thread : threads_) thread.join();
  // A task may own objects whose destructors post or cancel, on other lanes too.
  bool had_any = true;
  while (had_any) {
    had_any = false;
    for (const auto& lane : lanes_) had_any = lane->clear() || had_any;
  }
}

transport::Loop& LockstepLoops::loop(std::size_t index) { return *lanes_.at(index); }

void LockstepLoops::give_back(std::int64_t work) {
  if (work_.fetch_sub(work, std::memory_order_relaxed) != work) return;
  for (const auto& lane : lanes_) lane->end_step();
}

void LockstepLoops::step(engine::TimePoint target) {
  arrived_ = 0;
  work_.fetch_add(static_cast<std::int64_t>(lanes_.size()), std::memory_order_relaxed);
  for (const auto& lane : lanes_) lane->begin(target);
  lanes_.front()->run_step();
  std::unique_lock lock(mutex_);
  all_arrived_.wait(lock, [this] { return arrived_ == threads_.size(); });
  now_ = target;
}

void LockstepLoops::run_for(engine::Duration time) {
  run_until([] { return false; }, time);
}

bool LockstepLoops::run_until(const std::function<bool()>& condition, engine::Duration at_most) {
  const engine::TimePoint until = now_ + at_most;
  run_ready();
  while (!condition()) {
    if (now_ >= until) return false;
    // Nothing is due for a while: there at once.
    engine::TimePoint next = until;
    for (const auto& lane : lanes_) {
      if (lane->has_posts()) next = now_;
      if (const auto due = lane->next_due()) next = std::min(next, *due);
    }
    step(std::min(until, std::max(next, now_ + kStep)));
  }
  return true;
}

}  // namespace netcode::testing
