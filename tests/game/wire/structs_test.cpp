// The structs of snapshots and keyframes are made by constructors of many numbers of one type: each field here has a
// value of its own, so that two which change places are seen.
#include "game/wire/structs.hpp"

#include <gtest/gtest.h>

namespace game::wire {
namespace {

const sim::Ship kShip{.id = 7,
                      .alive = true,
                      .health = 57,
                      .position = {100'001, -200'002},
                      .velocity = {303, -404},
                      .held = {.thrust_x = 11, .thrust_y = -12, .aim = 5005, .fire = false, .rail = true, .dash = true},
                      .energy = 213,
                      .energy_from_tick = 1001,
                      .rapid_until_tick = 1002,
                      .shield_until_tick = 1003,
                      .respawn_tick = 1004,
                      .fire_ready_tick = 1005,
                      .rail_ready_tick = 1006,
                      .dash_ready_tick = 1007,
                      .fire_latch_tick = 1008,
                      .rail_latch_tick = 1009,
                      .dash_latch_tick = 1010};

TEST(Structs, give_back_every_field_of_a_ship) {
  const auto read = read_ship(to_wire(kShip, 500));
  ASSERT_TRUE(read) << read.error().reason;
  EXPECT_EQ(*read, kShip);
  for (const bool fire : {false, true}) {
    sim::Ship ship = kShip;
    ship.held.fire = fire;
    ship.held.rail = !fire;
    ship.held.dash = false;
    const auto buttons = read_ship(to_wire(ship, 500));
    ASSERT_TRUE(buttons) << buttons.error().reason;
    EXPECT_EQ(*buttons, ship);
  }
}

TEST(Structs, say_in_a_ships_flags_what_it_is_at_that_tick) {
  constexpr int kAlive = static_cast<int>(arena::ShipFlag::Alive);
  constexpr int kShielded = static_cast<int>(arena::ShipFlag::Shielded);
  constexpr int kDashing = static_cast<int>(arena::ShipFlag::Dashing);
  EXPECT_EQ(to_wire(kShip, 500).flags(), kAlive + kShielded + kDashing);
  EXPECT_EQ(to_wire(kShip, 950).flags(), kAlive + kShielded);
  EXPECT_EQ(to_wire(kShip, 1003).flags(), kAlive);
  sim::Ship bare = kShip;
  bare.shield_until_tick = 0;
  EXPECT_EQ(to_wire(bare, 500).flags(), kAlive + kDashing);
}

TEST(Structs, give_back_every_field_of_a_shot_and_a_pickup) {
  const sim::Shot shot{.id = 71,
                       .owner = 7,
                       .weapon = sim::Weapon::kRapid,
                       .position = {100'001, -200'002},
                       .velocity = {303, -404},
                       .end_tick = 1001};
  const auto read = read_shot(to_wire(shot));
  ASSERT_TRUE(read) << read.error().reason;
  EXPECT_EQ(*read, shot);
  const sim::Pickup pickup{.id = 3, .kind = sim::PickupKind::kMega, .ready_tick = 1001};
  const auto read_back = read_pickup(to_wire(pickup));
  ASSERT_TRUE(read_back) << read_back.error().reason;
  EXPECT_EQ(*read_back, pickup);
}

}  // namespace
}  // namespace game::wire
