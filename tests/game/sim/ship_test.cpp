#include "game/sim/ship.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "support.hpp"

namespace game::sim {
namespace {

using test::u;

class ShipTest : public testing::Test {
 protected:
  // One tick with this action.
  Fired tick(const Action& action) { return step_player(ship_, action, map_, {.tick = ++tick_, .seed = 1}); }
  std::int32_t speed() const { return engine::length(ship_.velocity.x, ship_.velocity.y); }
  void run_up() {
    for (int i = 0; i < 200; ++i) tick({.thrust_x = 127});
    ship_.position = u(1000, 1000);
  }

  Map map_{test::bare_ground()};
  Ship ship_{.id = 1, .alive = true, .health = 100, .position = u(1000, 1000)};
  std::uint32_t tick_ = 0;
};

constexpr Action kGoRight{.thrust_x = 127};
constexpr Action kGoLeft{.thrust_x = -127};
constexpr Action kIdle{};

TEST_F(ShipTest, reaches_90_percent_of_top_speed_at_24_ticks) {
  for (int i = 0; i < 22; ++i) tick(kGoRight);
  EXPECT_LT(speed() * 10, kTopSpeed * 9);
  tick(kGoRight);
  tick(kGoRight);
  EXPECT_GE(speed() * 10, kTopSpeed * 9);
}

TEST_F(ShipTest, never_thrusts_above_top_speed_in_any_direction) {
  for (int x = -127; x <= 127; x += 2) {
    for (const int y : {-127, -90, 0, 33, 127}) {
      ship_ = {.id = 1, .alive = true, .health = 100, .position = u(1500, 1000)};
      for (int i = 0; i < 120; ++i) {
        tick({.thrust_x = static_cast<std::int8_t>(x), .thrust_y = static_cast<std::int8_t>(y)});
        ASSERT_LE(speed(), kTopSpeed + kUnit / 32) << x << ' ' << y;
      }
      ASSERT_TRUE(std::max(std::abs(x), std::abs(y)) < 127 || speed() > kTopSpeed - 16)
          << x << ' ' << y << ' ' << speed();
    }
  }
}

TEST_F(ShipTest, passes_through_zero_at_the_7th_tick_of_a_reversal) {
  run_up();
  for (int i = 0; i < 6; ++i) tick(kGoLeft);
  EXPECT_GT(ship_.velocity.x, 0);
  tick(kGoLeft);
  EXPECT_LE(ship_.velocity.x, 0);
}

TEST_F(ShipTest, coasts_107_units_and_stands) {
  run_up();
  for (int i = 0; i < 300; ++i) tick(kIdle);
  EXPECT_EQ(ship_.velocity, Vec{});
  EXPECT_NEAR(ship_.position.x - u(1000, 0).x, 107 * kUnit, 1 * kUnit);
}

TEST_F(ShipTest, half_a_stick_gives_half_the_speed) {
  for (int i = 0; i < 200; ++i) tick({.thrust_x = 64});
  EXPECT_NEAR(speed(), kTopSpeed / 2, 24);
}

TEST_F(ShipTest, a_dash_covers_19_units_a_tick_for_8_ticks_and_ends_at_top_speed) {
  const Vec start = ship_.position;
  for (int i = 0; i < 8; ++i) tick({.thrust_y = 127, .dash = true});
  EXPECT_EQ(ship_.position - start, (Vec{0, 8 * 19 * kUnit}));
  EXPECT_TRUE(is_dashing(ship_, tick_));
  tick({.thrust_y = 127, .dash = true});
  EXPECT_FALSE(is_dashing(ship_, tick_));
  EXPECT_NEAR(speed(), kTopSpeed, 2);
}

TEST_F(ShipTest, a_dash_without_thrust_goes_where_the_aim_points) {
  tick({.aim = 49152, .dash = true});
  EXPECT_EQ(ship_.velocity, (Vec{0, -kDashSpeed}));
}

TEST_F(ShipTest, dashes_again_90_ticks_after_the_last_dash_began) {
  tick({.thrust_x = 127, .dash = true});
  const std::uint32_t first = tick_;
  for (int i = 0; i < 88; ++i) tick(kGoRight);
  tick({.thrust_x = -127, .dash = true});
  EXPECT_EQ(tick_, first + 89);
  EXPECT_FALSE(is_dashing(ship_, tick_));
  tick({.thrust_x = -127, .dash = true});
  EXPECT_TRUE(is_dashing(ship_, tick_));
  EXPECT_EQ(ship_.velocity, (Vec{-kDashSpeed, 0}));
}

TEST_F(ShipTest, a_dash_pressed_6_ticks_early_counts_and_one_pressed_7_early_does_not) {
  for (const std::uint32_t early : {6U, 7U}) {
    ship_ = {.id = 1, .alive = true, .health = 100, .position = u(1000, 1000)};
    tick({.thrust_x = 127, .dash = true});
    const std::uint32_t ready = tick_ + kDashCooldownTicks;
    while (tick_ + 1 < ready - early) tick(kGoLeft);
    tick({.thrust_x = -127, .dash = true});
    while (tick_ < ready) tick(kGoLeft);
    EXPECT_EQ(is_dashing(ship_, tick_), early == 6) << early;
  }
}

TEST_F(ShipTest, a_shot_pressed_6_ticks_early_counts_and_one_pressed_7_early_does_not) {
  for (const std::uint32_t early : {6U, 7U}) {
    tick_ += 100;
    tick({.fire = true});
    const std::uint32_t ready = ship_.fire_ready_tick;
    while (tick_ + 1 < ready - early) tick(kIdle);
    tick({.fire = true});
    bool fired = false;
    while (tick_ < ready + 5) fired = tick(kIdle).shot || fired;
    EXPECT_EQ(fired, early == 6) << early;
  }
}

TEST_F(ShipTest, holding_the_button_dashes_once) {
  int dashes = 0;
  bool was_dashing = false;
  for (int i = 0; i < 400; ++i) {
    tick({.thrust_x = static_cast<std::int8_t>(i / 50 % 2 == 0 ? 127 : -127), .dash = true});
    const bool dashing = is_dashing(ship_, tick_);
    if (dashing && !was_dashing) ++dashes;
    was_dashing = dashing;
  }
  EXPECT_EQ(dashes, 1);
}

TEST_F(ShipTest, the_blaster_fires_every_9_ticks_and_the_rapid_one_every_5) {
  for (const bool rapid : {false, true}) {
    ship_.energy = kEnergyMax;
    ship_.fire_ready_tick = 0;
    ship_.rapid_until_tick = rapid ? tick_ + 1000 : 0;
    std::uint32_t last = 0;
    for (int i = 0; i < 46; ++i) {
      const Fired fired = tick({.fire = true});
      if (!fired.shot) continue;
      EXPECT_EQ(fired.shot_weapon, rapid ? Weapon::kRapid : Weapon::kBlaster);
      if (last != 0) {
        EXPECT_EQ(tick_ - last, rapid ? 5U : 9U);
      }
      last = tick_;
    }
  }
}

TEST_F(ShipTest, a_full_charge_is_25_blaster_shots_and_then_a_silence_brings_it_back_at_20_a_second) {
  int shots = 0;
  while (energy_at(ship_, tick_ + 1) >= kBlasterEnergy) shots += tick({.fire = true}).shot ? 1 : 0;
  EXPECT_EQ(shots, 25);
  const std::uint32_t last_shot = tick_;
  EXPECT_EQ(energy_at(ship_, last_shot + 30), 0);
  EXPECT_EQ(energy_at(ship_, last_shot + 30 + 60), 20 * kEnergyUnit);
  EXPECT_EQ(energy_at(ship_, last_shot + 30 + 5 * 60), kEnergyMax);
  EXPECT_EQ(energy_at(ship_, last_shot + 100000), kEnergyMax);
}

TEST_F(ShipTest, a_rail_costs_30_recoils_2_units_a_tick_and_comes_every_90_ticks) {
  Fired fired = tick({.aim = 0, .rail = true});
  EXPECT_TRUE(fired.rail);
  EXPECT_EQ(ship_.energy, kEnergyMax - 30 * kEnergyUnit);
  EXPECT_EQ(ship_.velocity, (Vec{-2 * kUnit, 0}));
  const std::uint32_t first = tick_;
  do fired = tick({.aim = 0, .rail = true});
  while (!fired.rail && tick_ < 1000);
  EXPECT_EQ(tick_ - first, 90U);
}

TEST_F(ShipTest, does_not_fire_the_blaster_in_the_tick_of_a_rail) {
  const Fired fired = tick({.fire = true, .rail = true});
  EXPECT_TRUE(fired.rail);
  EXPECT_FALSE(fired.shot);
}

TEST_F(ShipTest, a_shot_is_spread_by_at_most_a_degree_and_a_half_and_alike_for_server_and_client) {
  std::int32_t widest = 0;
  for (int i = 0; i < 400; ++i) {
    ship_.energy = kEnergyMax;
    ship_.fire_ready_tick = 0;
    Ship twin = ship_;
    const Fired fired = tick({.aim = 20000, .fire = true});
    const Fired again = step_player(twin, {.aim = 20000, .fire = true}, map_, {.tick = tick_, .seed = 1});
    EXPECT_EQ(fired.shot_direction, again.shot_direction);
    widest = std::max(widest, std::abs(fired.shot_direction - 20000));
  }
  EXPECT_LE(widest, kSpread);
  EXPECT_GT(widest, kSpread * 9 / 10);
}

TEST_F(ShipTest, firing_ends_the_shield) {
  ship_.shield_until_tick = 90;
  tick(kIdle);
  EXPECT_TRUE(is_shielded(ship_, tick_));
  tick({.fire = true});
  EXPECT_FALSE(is_shielded(ship_, tick_));
}

TEST_F(ShipTest, stands_still_in_the_countdown_and_holds_its_fire_on_the_podium) {
  ship_.velocity = {500, 0};
  const Vec start = ship_.position;
  const Fired fired =
      step_player(ship_, {.thrust_x = 127, .fire = true}, map_, {.tick = 1, .seed = 1, .phase = Phase::kCountdown});
  EXPECT_EQ(ship_.position, start);
  EXPECT_FALSE(fired.shot);
  EXPECT_FALSE(step_player(ship_, {.fire = true}, map_, {.tick = 20, .seed = 1, .phase = Phase::kPodium}).shot);
}

TEST_F(ShipTest, a_dead_ship_does_nothing) {
  ship_.alive = false;
  const Ship before = ship_;
  tick(kGoRight);
  EXPECT_EQ(ship_.position, before.position);
  EXPECT_EQ(ship_.velocity, before.velocity);
}

TEST_F(ShipTest, bounces_off_a_wall_with_three_tenths_of_its_speed_and_dashing_with_eight) {
  for (const bool dash : {false, true}) {
    tick_ += 1000;
    ship_ = {.id = 1, .alive = true, .health = 100, .position = u(100, 1000)};
    ship_.velocity = {-kTopSpeed, 0};
    for (int i = 0; i < 20 && ship_.velocity.x <= 0; ++i) tick({.thrust_x = -127, .dash = dash});
    EXPECT_NEAR(ship_.velocity.x, dash ? kDashSpeed * 8 / 10 : kTopSpeed * 3 / 10, 8);
    EXPECT_GE(ship_.position.x, kShipRadius);
  }
}

TEST_F(ShipTest, pressing_against_a_wall_keeps_it_at_the_wall) {
  ship_.position = u(14, 1000);
  for (int i = 0; i < 200; ++i) {
    tick(kGoLeft);
    EXPECT_EQ(ship_.position.x, kShipRadius);
  }
}

}  // namespace
}  // namespace game::sim
