// Where a shard's (or a client's) work runs: tasks and timers on one thread.
//
// Threading: `post` and `now` from any thread; the rest from the loop's own thread only.
// Two kinds: IoLoop (Asio, real sockets, the monotonic clock) and ManualLoop (virtual time, for tests).
#pragma once

#include <cstdint>
#include <functional>

#include "engine/core/clock.hpp"

namespace netcode::transport {

class Loop {
 public:
  using Task = std::function<void()>;
  struct TimerId {
    std::uint64_t value = 0;  // 0: no timer
    friend bool operator==(TimerId, TimerId) = default;
  };

  virtual ~Loop() = default;

  /// Runs `task` on the loop's thread, after what was posted before it. From any thread.
  virtual void post(Task task) = 0;
  virtual engine::TimePoint now() const = 0;
  /// Runs `task` once at `due`, or as soon after as the loop can.
  virtual TimerId call_at(engine::TimePoint due, Task task) = 0;
  /// A timer that has run, was cancelled, or is 0, is ignored.
  virtual void cancel(TimerId timer) = 0;
};

}  // namespace netcode::transport
