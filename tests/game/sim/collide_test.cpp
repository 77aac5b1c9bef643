#include "game/sim/collide.hpp"

#include <gtest/gtest.h>

#include "support.hpp"

namespace game::sim {
namespace {

using test::Match;
using test::u;

TEST(Collide, ships_that_meet_head_on_part_with_half_their_speed) {
  Match match;
  match.start(2);
  match.place(1, u(500, 500)).velocity = {1000, 0};
  match.place(2, u(526, 500)).velocity = {-1000, 0};
  bounce_ships(match.state, *match.map);
  EXPECT_NEAR(match.ship(1).velocity.x, -500, 2);
  EXPECT_NEAR(match.ship(2).velocity.x, 500, 2);
}

TEST(Collide, ships_that_overlap_are_moved_apart) {
  Match match;
  match.start(2);
  match.place(1, u(500, 500));
  match.place(2, u(510, 507));
  bounce_ships(match.state, *match.map);
  const Vec between = match.ship(2).position - match.ship(1).position;
  EXPECT_GE(engine::length(between.x, between.y), 2 * kShipRadius - 2);
}

TEST(Collide, ships_in_one_place_are_moved_apart) {
  Match match;
  match.start(2);
  match.place(1, u(500, 500));
  match.place(2, u(500, 500));
  bounce_ships(match.state, *match.map);
  EXPECT_NE(match.ship(1).position, match.ship(2).position);
}

TEST(Collide, no_ship_is_pushed_into_a_wall) {
  Match match;
  match.start(2);
  match.place(1, u(14, 500));
  match.place(2, u(20, 500));
  for (int i = 0; i < 30; ++i) {
    match.act(2, {.thrust_x = -127});
    match.step();
    ASSERT_GE(match.ship(1).position.x, kShipRadius);
  }
}

TEST(Collide, the_dead_are_not_in_the_way) {
  Match match;
  match.start(2);
  match.place(1, u(500, 500));
  match.place(2, u(505, 500)).alive = false;
  bounce_ships(match.state, *match.map);
  EXPECT_EQ(match.ship(1).position, u(500, 500));
}

}  // namespace
}  // namespace game::sim
