#include "game/bots/nav_grid.hpp"

#include <gtest/gtest.h>

#include "game/sim/ship.hpp"
#include "support.hpp"

namespace game::bots {
namespace {

using sim::Vec;
using test::u;

// A wall from the top, open at the bottom.
std::shared_ptr<const NavGrid> split_ground() {
  sim::MapPlan plan = test::bare_ground();
  plan.size = u(1200, 800);
  plan.spawns = {u(100, 100)};
  plan.walls = {{u(580, 0).x, 0, u(620, 0).x, u(600, 0).x}};
  return std::make_shared<const NavGrid>(std::make_shared<const sim::Map>(plan));
}

TEST(NavGrid, a_ship_fits_wherever_a_cell_is_open) {
  const auto map = test::foundry();
  const NavGrid grid(map);
  std::size_t open = 0;
  for (std::size_t cell = 0; cell < grid.cell_count(); ++cell) {
    if (!grid.is_open(cell)) continue;
    ++open;
    EXPECT_FALSE(map->contact(grid.center_of(cell), sim::kShipRadius));
  }
  EXPECT_GT(open, grid.cell_count() / 2);
}

TEST(NavGrid, finds_an_open_cell_near_any_point) {
  const auto grid = split_ground();
  for (const Vec point : {u(600, 300), u(-500, 900), u(1199, 799), u(0, 0)})
    EXPECT_TRUE(grid->is_open(grid->cell_at(point)));
}

TEST(Route, goes_round_a_wall) {
  const auto grid = split_ground();
  Route route(grid);
  route.set_goal(u(900, 100));
  EXPECT_GT(route.length_from(u(300, 100)), 1000U);
  EXPECT_LT(route.length_from(u(300, 100)), 1500U);
  EXPECT_EQ(route.length_from(u(900, 100)), 0U);
}

TEST(Route, knows_when_there_is_no_way) {
  sim::MapPlan plan = test::bare_ground();
  plan.size = u(1200, 800);
  plan.spawns = {u(100, 100)};
  plan.walls = {{u(580, 0).x, 0, u(620, 0).x, u(800, 0).x}};
  Route route(std::make_shared<const NavGrid>(std::make_shared<const sim::Map>(plan)));
  route.set_goal(u(900, 100));
  EXPECT_EQ(route.length_from(u(300, 100)), Route::kUnreachable);
}

// A ship that heads for waypoints with full thrust gets from every spawn to every pad.
TEST(Route, takes_a_ship_from_every_spawn_to_every_pad) {
  const auto map = test::foundry();
  const auto grid = std::make_shared<const NavGrid>(map);
  Route route(grid);
  for (const sim::Pad& pad : map->pads()) {
    route.set_goal(pad.at);
    for (const Vec spawn : map->spawns()) {
      SCOPED_TRACE(testing::Message() << "from " << spawn.x / 256 << ',' << spawn.y / 256 << " to " << pad.at.x / 256
                                      << ',' << pad.at.y / 256);
      sim::Ship ship{.id = 1, .alive = true, .health = 100, .position = spawn};
      const std::uint32_t ticks_max = 120 + route.length_from(spawn) / 4;
      std::uint32_t tick = 1;
      for (; tick < ticks_max && sim::length_squared(ship.position - pad.at) > sim::square(30 * sim::kUnit); ++tick) {
        const Vec thrust = sim::with_length(route.waypoint_from(ship.position) - ship.position, 127);
        const sim::Action action{.thrust_x = static_cast<std::int8_t>(thrust.x),
                                 .thrust_y = static_cast<std::int8_t>(thrust.y)};
        sim::step_player(ship, action, *map, {.tick = tick, .seed = 1});
      }
      EXPECT_LT(tick, ticks_max);
    }
  }
}

}  // namespace
}  // namespace game::bots
