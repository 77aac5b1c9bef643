#include "game/sim/spawn.hpp"

#include <gtest/gtest.h>

#include <set>

#include "support.hpp"

namespace game::sim {
namespace {

using test::Match;
using test::u;

// Kills a player as if by another one.
void kill(Match& match, PlayerId id) {
  match.ship(id).alive = false;
  match.ship(id).health = 0;
  match.ship(id).respawn_tick = match.state.tick + kRespawnTicks;
}

TEST(Spawn, brings_a_ship_back_after_a_second_whole_charged_and_shielded_for_a_second_and_a_half) {
  Match match;
  match.start(2);
  match.ship(1).energy = 0;
  kill(match, 1);
  match.run(59);
  EXPECT_FALSE(match.ship(1).alive);
  match.step();
  const Ship& ship = match.ship(1);
  ASSERT_TRUE(ship.alive);
  EXPECT_EQ(ship.health, 100);
  EXPECT_EQ(energy_at(ship, match.state.tick), kEnergyMax);
  EXPECT_TRUE(is_shielded(ship, match.state.tick + 89));
  EXPECT_FALSE(is_shielded(ship, match.state.tick + 90));
}

TEST(Spawn, takes_a_dead_player_in_at_a_place_no_enemy_sees) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Match match(test::bare_ground(), test::at_once(), seed);
    match.start(2);
    match.place(2, u(400, 300));  // sees the place at the top left, and no other
    kill(match, 1);
    match.run(60);
    ASSERT_TRUE(match.ship(1).alive);
    EXPECT_NE(match.ship(1).position, u(100, 100));
  }
}

TEST(Spawn, rather_takes_a_near_place_behind_a_wall_than_a_far_one_in_sight) {
  MapPlan plan = test::bare_ground();
  plan.spawns = {u(500, 1000), u(1350, 1000)};
  plan.walls = {{u(580, 0).x, u(900, 0).x, u(620, 0).x, u(1100, 0).x}};
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Match match(plan, test::at_once(), seed);
    match.start(2);
    match.place(2, u(800, 1000));
    kill(match, 1);
    match.run(60);
    EXPECT_EQ(match.ship(1).position, u(500, 1000));
  }
}

TEST(Spawn, takes_the_farthest_where_all_places_are_unseen) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Match match(test::bare_ground(), test::at_once(), seed);
    match.start(2);
    match.place(2, u(1300, 900));
    kill(match, 1);
    match.run(60);
    EXPECT_EQ(match.ship(1).position, u(2900, 1900));
  }
}

TEST(Spawn, does_not_always_take_the_same_place) {
  std::set<std::int32_t> places;
  const auto map = test::foundry();
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    State state = make_state(test::at_once(), *map, 1);
    engine::Rng rng(seed);
    std::vector<Event> events;
    join(state, 1, "one");
    step(state, *map, rng, 1, events);
    places.insert(state.players[0].ship.position.x);
  }
  EXPECT_GE(places.size(), 4U);
}

TEST(Spawn, gives_the_players_of_a_round_places_of_their_own) {
  const auto map = test::foundry();
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    State state = make_state(test::at_once(), *map, 1);
    engine::Rng rng(seed);
    std::vector<Event> events;
    for (PlayerId id = 1; id <= 8; ++id) join(state, id, "x");
    step(state, *map, rng, 1, events);
    for (std::size_t i = 0; i < 8; ++i) {
      for (std::size_t j = i + 1; j < 8; ++j) EXPECT_NE(state.players[i].ship.position, state.players[j].ship.position);
    }
  }
}

}  // namespace
}  // namespace game::sim
