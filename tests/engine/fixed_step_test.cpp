#include "engine/core/fixed_step.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include "engine/core/rng.hpp"

namespace {

using namespace std::chrono_literals;
using engine::FixedStep;
using engine::FixedStepConfig;
using engine::TimePoint;

constexpr TimePoint kStart{12345678901ns};

TEST(FixedStep, runs_the_first_tick_at_its_start) {
  FixedStep step({}, kStart);
  EXPECT_EQ(step.next_due(), kStart);
  EXPECT_EQ(step.take(kStart - 1ns).ticks, 0U);
  EXPECT_EQ(step.take(kStart).ticks, 1U);
}

TEST(FixedStep, does_not_drift_over_an_hour) {
  for (const std::uint32_t tick_hz : {1U, 7U, 20U, 59U, 60U, 144U, 1000U}) {
    SCOPED_TRACE(tick_hz);
    FixedStep step({.tick_hz = tick_hz}, kStart);
    const std::uint64_t ticks_per_hour = 3600ULL * tick_hz;
    for (std::uint64_t tick = 0; tick < ticks_per_hour; ++tick) {
      const FixedStep::Due due = step.take(step.next_due());
      ASSERT_EQ(due.ticks, 1U) << "at tick " << tick;
      ASSERT_EQ(due.late, 0U);
      ASSERT_EQ(due.skipped, 0U);
    }
    EXPECT_EQ(step.next_due(), kStart + 1h);
  }
}

TEST(FixedStep, gives_a_tick_neither_a_nanosecond_early_nor_twice) {
  FixedStep step({.tick_hz = 60}, kStart);
  for (int tick = 0; tick < 1000; ++tick) {
    const TimePoint due = step.next_due();
    ASSERT_EQ(step.take(due - 1ns).ticks, 0U);
    ASSERT_EQ(step.next_due(), due);
    ASSERT_EQ(step.take(due).ticks, 1U);
    ASSERT_EQ(step.take(due).ticks, 0U);
    ASSERT_GT(step.next_due(), due);
  }
}

TEST(FixedStep, keeps_the_count_of_ticks_whenever_it_is_asked) {
  const std::uint64_t seed = 7;
  SCOPED_TRACE(seed);
  engine::Rng rng(seed);
  FixedStep step({.tick_hz = 60, .catch_up_ticks_max = 1000}, kStart);
  std::uint64_t ticks = 0;
  TimePoint now = kStart;
  while (now < kStart + 600s) {
    now += engine::Duration(rng.below(100'000'000));
    ticks += step.take(now).ticks;
  }
  const auto elapsed_ns = static_cast<std::uint64_t>((now - kStart).count());
  EXPECT_EQ(ticks, elapsed_ns * 60 / 1'000'000'000 + 1);
}

TEST(FixedStep, counts_a_tick_as_late_only_past_the_limit) {
  FixedStep step({.late_after = 1ms}, kStart);
  EXPECT_EQ(step.take(step.next_due() + 1ms).late, 0U);
  EXPECT_EQ(step.take(step.next_due() + 1ms + 1ns).late, 1U);
}

TEST(FixedStep, counts_of_a_late_batch_only_the_ticks_that_are_late) {
  FixedStep step({.tick_hz = 100, .late_after = 1ms}, kStart);
  const FixedStep::Due due = step.take(kStart + 20ms + 500us);  // due since 20.5, 10.5 and 0.5 ms
  EXPECT_EQ(due.ticks, 3U);
  EXPECT_EQ(due.late, 2U);
  EXPECT_EQ(due.skipped, 0U);
}

TEST(FixedStep, catches_up_a_short_stall_in_full) {
  FixedStep step({.tick_hz = 100, .catch_up_ticks_max = 5}, kStart);
  const FixedStep::Due due = step.take(kStart + 45ms);
  EXPECT_EQ(due.ticks, 5U);
  EXPECT_EQ(due.late, 5U);
  EXPECT_EQ(due.skipped, 0U);
  EXPECT_EQ(step.next_due(), kStart + 50ms);
}

TEST(FixedStep, gives_up_what_a_long_stall_leaves_and_keeps_its_phase) {
  FixedStep step({.tick_hz = 100, .phase = 3ms, .catch_up_ticks_max = 5}, kStart);
  const FixedStep::Due due = step.take(kStart + 1s);  // due by then: 3, 13, ... 993 ms
  EXPECT_EQ(due.ticks, 5U);
  EXPECT_EQ(due.late, 5U);
  EXPECT_EQ(due.skipped, 95U);
  EXPECT_EQ(step.next_due(), kStart + 1003ms);
  EXPECT_EQ(step.take(kStart + 1003ms).late, 0U);
}

TEST(FixedStep, survives_a_machine_that_slept_for_years) {
  FixedStep step({.tick_hz = 1000}, kStart);
  const auto years = std::chrono::hours(24 * 365 * 50);
  const FixedStep::Due due = step.take(kStart + years);
  EXPECT_EQ(due.ticks, 5U);
  EXPECT_EQ(due.ticks + due.skipped, std::chrono::milliseconds(years).count() + 1);
  EXPECT_EQ(step.next_due(), kStart + years + 1ms);
}

TEST(FixedStep, shifts_every_tick_by_its_phase) {
  FixedStep step({.tick_hz = 60, .phase = 5ms}, kStart);
  FixedStep unshifted({.tick_hz = 60}, kStart);
  for (int tick = 0; tick < 100; ++tick) {
    ASSERT_EQ(step.next_due(), unshifted.next_due() + 5ms);
    step.take(step.next_due());
    unshifted.take(unshifted.next_due());
  }
}

TEST(FixedStep, names_the_field_of_a_config_it_cannot_run) {
  const auto reason = [](const FixedStepConfig& config) -> std::string {
    try {
      FixedStep(config, kStart);
    } catch (const std::invalid_argument& e) {
      return e.what();
    }
    return "accepted";
  };
  EXPECT_EQ(reason({.tick_hz = 0}), "tick_hz must be at least 1");
  EXPECT_EQ(reason({.catch_up_ticks_max = 0}), "catch_up_ticks_max must be at least 1");
  EXPECT_EQ(reason({.phase = -1ns}), "phase must not be negative");
  EXPECT_EQ(reason({.late_after = -1ns}), "late_after must not be negative");
  EXPECT_EQ(reason({}), "accepted");
}

}  // namespace
