#include "engine/core/clock.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace {

using namespace std::chrono_literals;

TEST(SteadyClock, never_runs_backwards) {
  const engine::SteadyClock clock;
  engine::TimePoint last = clock.now();
  for (int i = 0; i < 1000; ++i) {
    const engine::TimePoint now = clock.now();
    ASSERT_LE(last, now);
    last = now;
  }
}

TEST(SteadyClock, reads_the_same_time_as_the_standard_clock) {
  const engine::SteadyClock clock;
  const auto before = std::chrono::steady_clock::now();
  const engine::TimePoint now = clock.now();
  const auto after = std::chrono::steady_clock::now();
  EXPECT_LE(before, now);
  EXPECT_LE(now, after);
}

TEST(ManualClock, stands_still_until_it_is_moved) {
  engine::ManualClock clock;
  const engine::TimePoint start = clock.now();
  EXPECT_EQ(clock.now(), start);
  clock.advance(16ms);
  EXPECT_EQ(clock.now(), start + 16ms);
  clock.set(start + 1h);
  EXPECT_EQ(clock.now(), start + 1h);
}

TEST(ManualClockDeathTest, refuses_to_run_backwards) {
  engine::ManualClock clock;
  clock.advance(1s);
  EXPECT_DEATH(clock.advance(-1ns), "backwards");
  EXPECT_DEATH(clock.set(engine::TimePoint{}), "backwards");
}

}  // namespace
