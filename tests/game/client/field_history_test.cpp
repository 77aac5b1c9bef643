#include "game/client/field_history.hpp"

#include <gtest/gtest.h>

#include "game/client/net_history.hpp"

namespace game::client {
namespace {

netcode::FieldCosts costs(double x, double y, double aim = 0) {
  return {{.name = "ships.x", .bits = x}, {.name = "ships.y", .bits = y}, {.name = "ships.aim", .bits = aim}};
}

TEST(FieldHistory, tells_the_dearest_first_and_none_that_take_nothing) {
  FieldHistory history;
  EXPECT_TRUE(history.dearest(5).empty());
  history.add(10, costs(3, 7));
  const auto lines = history.dearest(5);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].name, "ships.y");
  EXPECT_EQ(lines[0].bits, std::vector<float>{7});
  EXPECT_EQ(lines[1].name, "ships.x");
  EXPECT_EQ(history.dearest(1).size(), 1U);
}

TEST(FieldHistory, keeps_their_order_while_one_is_dear_for_a_moment) {
  FieldHistory history;
  for (int i = 0; i < 50; ++i) history.add(10 + i * NetHistory::kStepSeconds, costs(8, 7));
  history.add(15, costs(8, 20));
  EXPECT_EQ(history.dearest(1)[0].name, "ships.x");
}

TEST(FieldHistory, keeps_ten_seconds_and_of_each_step_the_newest) {
  FieldHistory history;
  for (int i = 0; i < 3'000; ++i) history.add(10 + i / 100.0 + 0.001, costs(i, 1));
  const auto lines = history.dearest(1);
  ASSERT_EQ(lines[0].bits.size(), NetHistory::kStepsMax);
  EXPECT_EQ(lines[0].bits.back(), 2'999);
  EXPECT_EQ(lines[0].bits[98], 2'989);
}

TEST(FieldHistory, takes_a_pause_between_two_frames_for_time_in_which_nothing_changed) {
  FieldHistory history;
  history.add(10, costs(4, 1));
  history.add(11, costs(6, 1));
  EXPECT_EQ(history.dearest(1)[0].bits, (std::vector<float>{4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 6}));
  history.add(1e9, costs(6, 1));
  EXPECT_EQ(history.dearest(1)[0].bits.size(), 1U) << "longer than it keeps";
}

TEST(FieldHistory, begins_anew_without_costs_with_other_fields_and_with_another_clock) {
  FieldHistory history;
  history.add(10, costs(4, 1));
  history.add(11, {});
  EXPECT_TRUE(history.dearest(5).empty());
  history.add(12, costs(4, 1));
  history.add(13, {{.name = "things.z", .bits = 2}});
  ASSERT_EQ(history.dearest(5).size(), 1U);
  EXPECT_EQ(history.dearest(5)[0].bits.size(), 1U);
  history.add(5, {{.name = "things.z", .bits = 3}});
  EXPECT_EQ(history.dearest(5)[0].bits, std::vector<float>{3});
}

}  // namespace
}  // namespace game::client
