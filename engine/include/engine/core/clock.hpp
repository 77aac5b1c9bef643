// The clock everything is told the time by: passed in, so that tests run on virtual time.
//
// Monotonic: wall-clock changes do not move it. Threading: SteadyClock may be read from any thread; ManualClock belongs
// to the one thread that advances it. Owned by whoever starts the loop; others keep a `const Clock&`.
#pragma once

#include <chrono>

namespace engine {

using Duration = std::chrono::nanoseconds;
using TimePoint = std::chrono::time_point<std::chrono::steady_clock, Duration>;

class Clock {
 public:
  virtual ~Clock();
  [[nodiscard]] virtual TimePoint now() const = 0;

 protected:
  Clock() = default;
  Clock(const Clock&) = default;
  Clock& operator=(const Clock&) = default;
};

// The machine's monotonic clock.
class SteadyClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override;
};

// A clock that stands still until it is told to move. Starts at the epoch.
class ManualClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return now_; }

  // Time never runs backwards: a negative duration or an earlier time point is a bug of the caller.
  void advance(Duration duration);
  void set(TimePoint time);

 private:
  TimePoint now_{};
};

}  // namespace engine
