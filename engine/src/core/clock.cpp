#include "engine/core/clock.hpp"

#include "engine/core/assert.hpp"

namespace engine {

Clock::~Clock() = default;

TimePoint SteadyClock::now() const { return std::chrono::time_point_cast<Duration>(std::chrono::steady_clock::now()); }

void ManualClock::advance(Duration duration) {
  ENGINE_ASSERT(duration >= Duration::zero(), "a clock does not run backwards");
  now_ += duration;
}

void ManualClock::set(TimePoint time) {
  ENGINE_ASSERT(time >= now_, "a clock does not run backwards");
  now_ = time;
}

}  // namespace engine
