// The timers of one loop in order of time; at one instant in the order in which they were set.
//
// Threading: the loop's own thread. Ownership: holds the tasks until they are taken or cancelled.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

#include "engine/core/clock.hpp"
#include "transport/loop/loop.hpp"

namespace netcode::transport {

class TimerQueue {
 public:
  TimerQueue() = default;
  TimerQueue(const TimerQueue&) = delete;
  TimerQueue& operator=(const TimerQueue&) = delete;
  ~TimerQueue() { clear(); }

  Loop::TimerId add(engine::TimePoint due, Loop::Task task);
  void cancel(Loop::TimerId timer);
  /// Drops all tasks. What they own may cancel and add timers meanwhile.
  void clear();

  std::optional<engine::TimePoint> next_due() const;
  /// The first task that is due at `now`, no longer in the queue; an empty one if none is.
  Loop::Task take_due(engine::TimePoint now);

 private:
  using Key = std::pair<engine::TimePoint, std::uint64_t>;

  std::map<Key, Loop::Task> tasks_;
  std::unordered_map<std::uint64_t, engine::TimePoint> due_by_id_;
  std::uint64_t ids_given_ = 0;
};

}  // namespace netcode::transport
