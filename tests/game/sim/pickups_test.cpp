#include "game/sim/pickups.hpp"

#include <gtest/gtest.h>

#include "support.hpp"

namespace game::sim {
namespace {

using test::Match;
using test::u;

class PickupsTest : public testing::Test {
 protected:
  static constexpr Vec kHealthPad = u(500, 500);
  static constexpr Vec kRapidPad = u(700, 500);
  static constexpr Vec kMegaPad = u(900, 500);

  static MapPlan with_pads() {
    MapPlan plan = test::bare_ground();
    plan.pads = {{kHealthPad, PickupKind::kHealth}, {kRapidPad, PickupKind::kRapid}, {kMegaPad, PickupKind::kMega}};
    return plan;
  }
  void SetUp() override { match_.start(2); }
  void stay(PlayerId id, Vec at, std::uint32_t ticks) {
    for (std::uint32_t i = 0; i < ticks; ++i) {
      match_.place(id, at);
      match_.step();
    }
  }

  Match match_{with_pads()};
};

TEST_F(PickupsTest, health_gives_40_up_to_100_and_comes_every_15_seconds) {
  match_.ship(1).health = 30;
  stay(1, kHealthPad, 1);
  EXPECT_EQ(match_.ship(1).health, 70);
  const std::uint32_t taken = match_.state.tick;
  stay(1, kHealthPad, 15 * 60);
  EXPECT_EQ(match_.ship(1).health, 100);
  ASSERT_EQ(match_.all<PickupTaken>().size(), 2U);
  EXPECT_EQ(match_.state.pickups[0].ready_tick, taken + 2 * 15 * 60);
}

TEST_F(PickupsTest, the_whole_leave_health_lying) {
  stay(1, kHealthPad, 10);
  EXPECT_TRUE(match_.all<PickupTaken>().empty());
}

TEST_F(PickupsTest, rapid_lasts_8_seconds_and_comes_every_30) {
  stay(1, kRapidPad, 1);
  EXPECT_TRUE(has_rapid(match_.ship(1), match_.state.tick + 8 * 60 - 1));
  EXPECT_FALSE(has_rapid(match_.ship(1), match_.state.tick + 8 * 60));
  EXPECT_EQ(match_.state.pickups[1].ready_tick, match_.state.tick + 30 * 60);
}

TEST_F(PickupsTest, mega_is_called_5_seconds_before_it_comes_every_35) {
  const std::uint32_t ready = match_.state.pickups[2].ready_tick;
  EXPECT_EQ(ready, match_.state.tick + 35 * 60);
  while (match_.all<PickupCalled>().empty()) match_.step();
  EXPECT_EQ(match_.state.tick, ready - 5 * 60);
  EXPECT_EQ(match_.all<PickupCalled>()[0].ready_tick, ready);
  match_.run(5 * 60 - 1);
  EXPECT_TRUE(match_.all<PickupTaken>().empty());
  stay(1, kMegaPad, 1);
  EXPECT_EQ(match_.state.pickups[2].ready_tick, ready + 35 * 60);
}

TEST_F(PickupsTest, mega_gives_100_up_to_200_which_wears_off_at_2_a_second) {
  match_.state.pickups[2].ready_tick = 0;
  match_.ship(1).health = 90;
  stay(1, kMegaPad, 1);
  EXPECT_NEAR(match_.ship(1).health, 190, 1);
  match_.state.pickups[2].ready_tick = 0;
  stay(1, kMegaPad, 1);
  EXPECT_NEAR(match_.ship(1).health, 200, 1);
  const std::int32_t before = match_.place(1, u(100, 1500)).health;
  match_.run(10 * 60);
  EXPECT_EQ(match_.ship(1).health, before - 20);
  match_.run(60 * 60);
  EXPECT_EQ(match_.ship(1).health, 100);
}

TEST_F(PickupsTest, the_nearer_ship_takes_it) {
  match_.ship(1).health = match_.ship(2).health = 10;
  match_.place(1, kHealthPad + u(-20, 0));
  match_.place(2, kHealthPad + u(10, 0));
  match_.step();
  ASSERT_EQ(match_.all<PickupTaken>().size(), 1U);
  EXPECT_EQ(match_.all<PickupTaken>()[0].player, 2);
}

}  // namespace
}  // namespace game::sim
