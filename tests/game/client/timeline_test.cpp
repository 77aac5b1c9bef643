#include "game/client/timeline.hpp"

#include <gtest/gtest.h>

#include "engine/core/rng.hpp"

namespace game::client {
namespace {

constexpr double kTick = 1.0 / 60;

sim::View at(std::uint32_t tick) {
  sim::View view;
  view.tick = tick;
  return view;
}

/// Snapshots of every other tick, each in time.
void add_range(Timeline& timeline, std::uint32_t from, std::uint32_t to) {
  for (std::uint32_t tick = from; tick <= to; tick += 2) timeline.add(at(tick), tick * kTick);
}

TEST(Timeline, leaves_out_what_is_older_than_the_newest_and_what_came_twice) {
  Timeline timeline;
  timeline.add(at(100), 100 * kTick);
  timeline.add(at(104), 104 * kTick);
  timeline.add(at(102), 104 * kTick);
  timeline.add(at(104), 105 * kTick);
  EXPECT_EQ(timeline.newest()->tick, 104U);
  const auto pair = timeline.around(102);
  EXPECT_EQ(pair.before->tick, 100U);
  EXPECT_EQ(pair.after->tick, 104U);
  EXPECT_FLOAT_EQ(pair.share, 0.5F);
}

TEST(Timeline, gives_the_two_snapshots_around_a_moment_and_the_share_of_the_way) {
  Timeline timeline;
  add_range(timeline, 100, 110);
  const auto pair = timeline.around(104.5);
  EXPECT_EQ(pair.before->tick, 104U);
  EXPECT_EQ(pair.after->tick, 106U);
  EXPECT_FLOAT_EQ(pair.share, 0.25F);
  EXPECT_EQ(timeline.around(104).before->tick, 104U) << "a snapshot's own moment is its own";
  EXPECT_FLOAT_EQ(timeline.around(104).share, 0);
}

TEST(Timeline, holds_the_first_and_the_last_snapshot_beyond_them) {
  Timeline timeline;
  EXPECT_EQ(timeline.around(5).before, nullptr);
  EXPECT_EQ(timeline.tick_at(5), 0);
  add_range(timeline, 100, 110);
  EXPECT_EQ(timeline.around(3).before->tick, 100U);
  EXPECT_EQ(timeline.around(3).after->tick, 100U);
  EXPECT_EQ(timeline.around(500).before->tick, 110U);
  EXPECT_EQ(timeline.around(500).after->tick, 110U);
}

TEST(Timeline, shows_a_moment_that_lies_the_delay_behind_the_newest) {
  Timeline timeline(3.5F);
  add_range(timeline, 100, 200);
  EXPECT_NEAR(timeline.tick_at(200 * kTick), 196.5, 0.01);
  Timeline none(0);
  add_range(none, 100, 200);
  EXPECT_NEAR(none.tick_at(200 * kTick), 200, 0.01);
}

TEST(Timeline, runs_evenly_and_never_backwards_while_snapshots_jitter) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    engine::Rng rng(seed);
    Timeline timeline;
    std::uint32_t next = 100;
    double next_arrives = next * kTick;
    double last = 0;
    for (double now = 100 * kTick; now < 700 * kTick; now += kTick / 2) {
      while (next_arrives <= now) {
        timeline.add(at(next), now);
        next += 2;
        next_arrives = (next + 1.5 * rng.below(1000) / 1000) * kTick;  // up to 25 ms late
      }
      const double tick = timeline.tick_at(now);
      ASSERT_GE(tick, last);
      if (now > 200 * kTick) {
        ASSERT_NEAR(tick - last, 0.5, 0.15);
        // There is always a later snapshot to go towards: that is what the delay is for.
        ASSERT_GT(timeline.newest()->tick, tick);
      }
      last = tick;
    }
  }
}

TEST(Timeline, stands_still_rather_than_run_back_after_a_late_snapshot) {
  Timeline timeline;
  add_range(timeline, 100, 200);
  const double before = timeline.tick_at(214 * kTick);
  timeline.add(at(202), 214 * kTick);  // 200 ms late
  EXPECT_EQ(timeline.tick_at(214 * kTick), before);
  EXPECT_GT(timeline.tick_at(215 * kTick), before);
}

TEST(Timeline, finds_the_new_time_after_a_jump) {
  Timeline timeline(3.5F);
  add_range(timeline, 100, 200);
  timeline.tick_at(200 * kTick);
  // A stall of two seconds, of the sender: from now on everything is so much later.
  for (std::uint32_t tick = 202; tick <= 240; tick += 2) timeline.add(at(tick), tick * kTick + 2);
  EXPECT_NEAR(timeline.tick_at(240 * kTick + 2), 236.5, 0.5);
}

TEST(Timeline, begins_anew_when_time_is_set_back) {
  Timeline timeline(3.5F);
  add_range(timeline, 5000, 5100);
  EXPECT_GT(timeline.tick_at(5100 * kTick), 5000);
  for (std::uint32_t tick = 10; tick <= 40; tick += 2) timeline.add(at(tick), (5100 + tick) * kTick);
  EXPECT_EQ(timeline.newest()->tick, 40U);
  EXPECT_NEAR(timeline.tick_at(5140 * kTick), 36.5, 0.1);
  EXPECT_EQ(timeline.around(1).before->tick, 10U) << "nothing of the old time is left";
  timeline.clear();
  EXPECT_EQ(timeline.newest(), nullptr);
}

TEST(Timeline, keeps_64_snapshots_at_most) {
  Timeline timeline;
  add_range(timeline, 100, 2000);
  EXPECT_EQ(timeline.around(0).before->tick, 2000U - 2 * 63);
}

TEST(Timeline, takes_the_largest_ticks_there_are) {
  Timeline timeline;
  timeline.add(at(0xFFFFFFF0U), 1);
  timeline.add(at(0xFFFFFFFFU), 1.25);
  timeline.add(at(3), 1.3);  // after them time begins anew
  EXPECT_EQ(timeline.newest()->tick, 3U);
  EXPECT_GE(timeline.tick_at(1.31), 0);
}

}  // namespace
}  // namespace game::client
