#include "game/client/timeline.hpp"

#include <gtest/gtest.h>

namespace game::client {
namespace {

constexpr double kTick = 1.0 / 60;

sim::PlayerView at(std::uint32_t tick) {
  sim::PlayerView view;
  view.tick = tick;
  return view;
}

/// Snapshots of every other tick, each in time.
void add_range(Timeline& timeline, std::uint32_t from, std::uint32_t to) {
  for (std::uint32_t tick = from; tick <= to; tick += 2) timeline.add(at(tick), tick * kTick);
}

TEST(Timeline, gives_the_two_snapshots_around_a_moment_and_the_share_of_the_way) {
  Timeline timeline;
  EXPECT_EQ(timeline.around(5).before, nullptr);
  EXPECT_EQ(timeline.tick_at(5), 0);
  add_range(timeline, 100, 110);
  const auto pair = timeline.around(104.5);
  EXPECT_EQ(pair.before->tick, 104U);
  EXPECT_EQ(pair.after->tick, 106U);
  EXPECT_FLOAT_EQ(pair.share, 0.25F);
}

TEST(Timeline, shows_a_moment_that_lies_as_far_back_as_the_network_needs) {
  Timeline timeline;
  add_range(timeline, 100, 200);
  EXPECT_NEAR(timeline.tick_at(200 * kTick), 200 - 2 - 0.9, 0.05) << "an interval, and 15 ms of margin";
  EXPECT_NEAR(timeline.delay_s(), 2 * kTick + 0.015, 0.001);
}

TEST(Timeline, shows_the_newest_where_there_is_no_network) {
  Timeline timeline(0);
  add_range(timeline, 100, 200);
  EXPECT_NEAR(timeline.tick_at(200 * kTick), 200, 0.01);
}

TEST(Timeline, begins_anew_when_time_is_set_back) {
  Timeline timeline(0);
  add_range(timeline, 5000, 5100);
  EXPECT_GT(timeline.tick_at(5100 * kTick), 5000);
  for (std::uint32_t tick = 10; tick <= 40; tick += 2) timeline.add(at(tick), (5100 + tick) * kTick);
  EXPECT_EQ(timeline.newest()->tick, 40U);
  EXPECT_NEAR(timeline.tick_at(5140 * kTick), 40, 0.1);
  EXPECT_EQ(timeline.around(1).before->tick, 10U) << "nothing of the old time is left";
  timeline.clear();
  EXPECT_EQ(timeline.newest(), nullptr);
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
