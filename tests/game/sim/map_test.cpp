#include "game/sim/map.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "engine/core/rng.hpp"
#include "game/sim/ship.hpp"
#include "support.hpp"

namespace game::sim {
namespace {

using test::u;

MapPlan one_block() {
  MapPlan plan = test::bare_ground();
  plan.walls = {{u(400, 0).x, u(300, 0).x, u(600, 0).x, u(332, 0).x}};
  return plan;
}

// How deep a ship is in a wall, computed without the map's grid.
std::int32_t depth_in_walls(const Map& map, Vec at) {
  std::int32_t deepest = std::max(
      {kShipRadius - at.x, kShipRadius - at.y, at.x + kShipRadius - map.size().x, at.y + kShipRadius - map.size().y});
  for (const Rect& wall : map.walls()) {
    const Vec closest{std::clamp(at.x, wall.left, wall.right), std::clamp(at.y, wall.top, wall.bottom)};
    deepest = std::max(deepest, kShipRadius - engine::length(at.x - closest.x, at.y - closest.y));
  }
  return deepest;
}

TEST(Map, pushes_out_of_an_edge_along_its_normal) {
  const Map map(one_block());
  const auto contact = map.contact(u(500, 290), kShipRadius);
  ASSERT_TRUE(contact);
  EXPECT_EQ(contact->normal_q14, (Vec{0, -engine::kOneQ14}));
  EXPECT_EQ(contact->depth, 4 * kUnit);
}

TEST(Map, pushes_out_of_a_corner_away_from_it) {
  const Map map(one_block());
  const auto contact = map.contact(u(394, 292), kShipRadius);  // 6 and 8 away: 10
  ASSERT_TRUE(contact);
  EXPECT_NEAR(contact->normal_q14.x, -engine::kOneQ14 * 6 / 10, 2);
  EXPECT_NEAR(contact->normal_q14.y, -engine::kOneQ14 * 8 / 10, 2);
  EXPECT_EQ(contact->depth, 4 * kUnit);
}

TEST(Map, has_no_contact_at_exactly_a_radius) {
  const Map map(one_block());
  EXPECT_FALSE(map.contact(u(500, 286), kShipRadius));
  EXPECT_FALSE(map.contact(u(14, 14), kShipRadius));
  EXPECT_TRUE(map.contact(u(500, 286) + Vec{0, 1}, kShipRadius));
  EXPECT_TRUE(map.contact(u(14, 14) - Vec{1, 0}, kShipRadius));
}

TEST(Map, gets_a_ship_out_from_inside_a_wall_over_the_nearest_edge) {
  const Map map(one_block());
  const auto contact = map.contact(u(500, 325), kShipRadius);
  ASSERT_TRUE(contact);
  EXPECT_EQ(contact->normal_q14, (Vec{0, engine::kOneQ14}));
  EXPECT_EQ(contact->depth, (7 + 14) * kUnit);
}

TEST(Map, a_cast_stops_where_the_circle_meets_the_wall) {
  const Map map(one_block());
  EXPECT_EQ(map.cast(u(500, 100), u(0, 400), 0), kWholePath / 2);
  EXPECT_EQ(map.cast(u(500, 100), u(0, 400), 5 * kUnit), (195 * kWholePath) / 400);
  EXPECT_EQ(map.cast(u(350, 100), u(0, 400), 5 * kUnit), kWholePath);
  EXPECT_EQ(map.cast(u(396, 100), u(0, 400), 5 * kUnit), (195 * kWholePath) / 400);
  EXPECT_EQ(map.cast(u(500, 310), u(0, 400), 0), 0);
}

TEST(Map, a_cast_stops_at_the_edge_of_the_ground) {
  const Map map(one_block());
  EXPECT_EQ(map.cast(u(100, 100), u(-200, 0), 0), kWholePath / 2);
  EXPECT_EQ(map.cast(u(100, 1900), u(0, 200), 0), kWholePath / 2);
  EXPECT_EQ(map.cast(u(-5, 100), u(10, 0), 0), 0);
}

TEST(Map, a_cast_of_no_length_is_whole_in_the_open) {
  const Map map(one_block());
  EXPECT_EQ(map.cast(u(100, 100), {}, kShipRadius), kWholePath);
}

TEST(Map, a_cast_never_ends_in_a_wall_and_never_short_of_one) {
  const Map map(*test::foundry());
  engine::Rng rng(3);
  int met = 0;
  for (int i = 0; i < 20000; ++i) {
    const Vec from{rng.between(0, map.size().x), rng.between(0, map.size().y)};
    if (depth_in_walls(map, from) > 0) continue;
    const Vec by = from_angle(static_cast<engine::Angle>(rng.below(65536)), 900 * kUnit);
    const std::int32_t covered = map.cast(from, by, 0);
    const Vec end = along(from, by, covered);
    ASSERT_LE(depth_in_walls(map, end) - kShipRadius, 1) << "from " << from.x << ',' << from.y << " case " << i;
    if (covered == kWholePath) continue;
    ++met;
    const Vec beyond = along(from, by, covered) + Vec{std::clamp(by.x, -8, 8), std::clamp(by.y, -8, 8)};
    const bool outside = beyond.x < 0 || beyond.y < 0 || beyond.x > map.size().x || beyond.y > map.size().y;
    ASSERT_TRUE(outside || depth_in_walls(map, beyond) >= kShipRadius - 12) << "case " << i;
  }
  EXPECT_GT(met, 1000);
}

// The map with walls thinner by 10 u to each side: a way that cuts a corner misses them, one through a wall does not.
Map with_thin_walls(const Map& map) {
  MapPlan plan{.name = "thin", .size = map.size(), .spawns = {map.spawns()[0]}};
  constexpr std::int32_t kOff = 10 * kUnit;
  for (const Rect& wall : map.walls()) {
    plan.walls.push_back({wall.left + kOff, wall.top + kOff, wall.right - kOff, wall.bottom - kOff});
  }
  return Map(std::move(plan));
}

// Ships with the worst habits: they dash at walls and corners, and are hit while they do.
TEST(Map, walls_let_no_ship_through) {
  const Map thin = with_thin_walls(*test::foundry());
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Map& map = *test::foundry();
    engine::Rng rng(seed);
    Ship ship{.id = 1,
              .alive = true,
              .health = 100,
              .position = map.spawns()[rng.below(static_cast<std::uint32_t>(map.spawns().size()))]};
    Action action;
    for (std::uint32_t tick = 1; tick < 4000; ++tick) {
      if (rng.below(12) == 0) {
        action.thrust_x = static_cast<std::int8_t>(rng.between(-127, 127));
        action.thrust_y = static_cast<std::int8_t>(rng.between(-127, 127));
      }
      action.dash = !action.dash;
      if (rng.below(3) == 0) ship.dash_ready_tick = 0;
      if (rng.below(8) == 0) {
        push(ship, from_angle(static_cast<engine::Angle>(rng.below(65536)), rng.between(0, kSpeedMax)));
      }
      const Vec before = ship.position;
      step_player(ship, action, map, {.tick = tick, .seed = 1});
      ASSERT_LE(depth_in_walls(map, ship.position), kUnit / 2) << "tick " << tick;
      ASSERT_TRUE(thin.is_clear(before, ship.position)) << "tick " << tick;
    }
  }
}

}  // namespace
}  // namespace game::sim
