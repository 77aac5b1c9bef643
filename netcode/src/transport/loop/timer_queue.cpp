#include "transport/loop/timer_queue.hpp"

namespace netcode::transport {

Loop::TimerId TimerQueue::add(engine::TimePoint due, Loop::Task task) {
  const Loop::TimerId id{++ids_given_};
  tasks_.emplace(Key{due, id.value}, std::move(task));
  due_by_id_.emplace(id.value, due);
  return id;
}

void TimerQueue::cancel(Loop::TimerId timer) {
  const auto found = due_by_id_.find(timer.value);
  if (found == due_by_id_.end()) return;
  const auto node = tasks_.extract(Key{found->second, timer.value});  // destroyed last: its task may cancel others
  due_by_id_.erase(found);
}

void TimerQueue::clear() {
  while (!tasks_.empty()) {
    const auto node = tasks_.extract(tasks_.begin());
    due_by_id_.erase(node.key().second);
  }
}

std::optional<engine::TimePoint> TimerQueue::next_due() const {
  if (tasks_.empty()) return std::nullopt;
  return tasks_.begin()->first.first;
}

Loop::Task TimerQueue::take_due(engine::TimePoint now) {
  if (tasks_.empty() || tasks_.begin()->first.first > now) return nullptr;
  auto node = tasks_.extract(tasks_.begin());
  due_by_id_.erase(node.key().second);
  return std::move(node.mapped());
}

}  // namespace netcode::transport
