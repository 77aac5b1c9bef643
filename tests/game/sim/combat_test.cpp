#include "game/sim/combat.hpp"

#include <gtest/gtest.h>

#include "support.hpp"

namespace game::sim {
namespace {

using test::kAimRight;
using test::Match;
using test::u;

// Player 1 fires to the right at player 2, who stays where it is, until it dies; tells when each hit came.
struct Duel {
  std::vector<std::uint32_t> hit_ticks;
  std::vector<std::int32_t> damages;
  std::uint32_t first_to_last() const { return hit_ticks.back() - hit_ticks.front(); }
};

Duel fight(Match& match, const Action& action, std::int32_t health = 100) {
  Duel duel;
  match.ship(2).health = health;
  match.act(1, action);
  for (int i = 0; i < 2000 && match.ship(2).alive; ++i) {
    const std::int32_t left = match.ship(2).health;
    match.place(1, u(500, 500));
    match.place(2, u(560, 500)).health = left;
    match.step();
    for (const Event& event : match.tick_events) {
      if (const auto* hit = std::get_if<Hit>(&event)) {
        duel.hit_ticks.push_back(match.state.tick);
        duel.damages.push_back(hit->damage);
      }
    }
  }
  return duel;
}

class CombatTest : public testing::Test {
 protected:
  void SetUp() override {
    match_.start(2);
    match_.place(1, u(500, 500));
    match_.place(2, u(560, 500));
  }
  Match match_;
};

TEST_F(CombatTest, the_blaster_takes_20_and_kills_in_36_ticks) {
  const Duel duel = fight(match_, {.aim = kAimRight, .fire = true});
  EXPECT_EQ(duel.damages, (std::vector<std::int32_t>(5, 20)));
  EXPECT_EQ(duel.first_to_last(), 36U);
}

TEST_F(CombatTest, the_rapid_one_takes_14_and_kills_in_35_ticks) {
  match_.ship(1).rapid_until_tick = 100000;
  const Duel duel = fight(match_, {.aim = kAimRight, .fire = true});
  EXPECT_EQ(duel.damages, (std::vector<std::int32_t>{14, 14, 14, 14, 14, 14, 14, 2}));
  EXPECT_EQ(duel.first_to_last(), 35U);
}

TEST_F(CombatTest, the_rail_takes_80_and_kills_in_90_ticks) {
  const Duel duel = fight(match_, {.aim = kAimRight, .rail = true});
  EXPECT_EQ(duel.damages, (std::vector<std::int32_t>{80, 20}));
  EXPECT_EQ(duel.first_to_last(), 90U);
}

TEST_F(CombatTest, a_rail_and_one_blaster_hit_kill) {
  const Duel duel = fight(match_, {.aim = kAimRight, .fire = true, .rail = true});
  EXPECT_EQ(duel.damages, (std::vector<std::int32_t>{80, 20}));
  EXPECT_LE(duel.first_to_last(), 15U);
}

TEST_F(CombatTest, a_shot_flies_15_units_a_tick_and_675_in_all) {
  match_.place(2, u(2900, 1900));
  match_.act(1, {.aim = kAimRight, .fire = true});
  match_.step();
  ASSERT_EQ(match_.state.shots.size(), 1U);
  match_.act(1, {});
  EXPECT_NEAR(match_.state.shots[0].position.x, u(515, 0).x, kUnit);
  match_.run(43);
  ASSERT_EQ(match_.state.shots.size(), 1U);
  EXPECT_NEAR(match_.state.shots[0].position.x, u(500 + 44 * 15, 0).x, kUnit);
  match_.step();
  EXPECT_TRUE(match_.state.shots.empty());
}

TEST_F(CombatTest, a_shot_hits_at_19_units_beside_its_path_and_not_at_20) {
  for (const std::int32_t beside : {18, 20}) {
    match_.state.shots = {
        {.id = 1, .owner = 1, .position = u(500, 900), .velocity = u(15, 0), .end_tick = match_.state.tick + 45}};
    match_.events.clear();
    match_.place(2, u(700, 900 + beside));
    match_.run(20);
    EXPECT_EQ(match_.all<Hit>().size(), beside < 19 ? 1U : 0U) << beside;
  }
}

TEST_F(CombatTest, walls_stop_shots_and_rails) {
  MapPlan plan = test::bare_ground();
  plan.walls = {{u(600, 0).x, u(400, 0).x, u(640, 0).x, u(600, 0).x}};
  Match match(plan);
  match.start(2);
  match.place(1, u(500, 500));
  match.place(2, u(700, 500));
  match.act(1, {.aim = kAimRight, .fire = true, .rail = true});
  match.run(60);
  EXPECT_TRUE(match.all<Hit>().empty());
  const auto rails = match.all<RailFired>();
  ASSERT_EQ(rails.size(), 1U);
  EXPECT_TRUE(rails[0].hit_wall);
  EXPECT_NEAR(rails[0].to.x, u(597, 0).x, kUnit);
}

TEST_F(CombatTest, a_shot_that_ends_at_a_wall_does_not_hit_round_its_corner) {
  MapPlan plan = test::bare_ground();
  plan.walls = {{u(600, 0).x, u(400, 0).x, u(640, 0).x, u(600, 0).x}};
  Match match(plan);
  match.start(2);
  match.place(2, u(614, 385));
  match.state.shots = {
      {.id = 1, .owner = 1, .position = u(593, 401), .velocity = u(15, 0), .end_tick = match.state.tick + 1}};
  match.step();
  EXPECT_TRUE(match.all<Hit>().empty());
  EXPECT_TRUE(match.state.shots.empty());
}

TEST_F(CombatTest, a_shot_at_a_ship_that_touches_the_wall_behind_it_hits_the_ship) {
  MapPlan plan = test::bare_ground();
  plan.walls = {{u(600, 0).x, u(400, 0).x, u(640, 0).x, u(600, 0).x}};
  Match match(plan);
  match.start(2);
  match.place(1, u(420, 500));
  match.place(2, u(586, 500));
  match.act(1, {.aim = kAimRight, .fire = true});
  match.run(20);
  EXPECT_GE(match.all<Hit>().size(), 1U);
}

TEST_F(CombatTest, a_rail_reaches_1000_units_and_stops_at_the_first_ship) {
  sim::join(match_.state, 3, "third");
  match_.step();
  match_.place(1, u(500, 500));
  match_.place(2, u(1400, 510));
  match_.place(3, u(1450, 500));
  match_.act(1, {.aim = kAimRight, .rail = true});
  match_.step();
  ASSERT_EQ(match_.all<Hit>().size(), 1U);
  EXPECT_EQ(match_.all<Hit>()[0].victim, 2);
  EXPECT_FALSE(match_.all<RailFired>()[0].hit_wall);

  match_.place(2, u(1530, 500));
  match_.place(3, u(2000, 900));
  match_.place(1, u(500, 500)).rail_ready_tick = 0;
  match_.events.clear();
  match_.step();
  EXPECT_EQ(match_.all<RailFired>().size(), 1U);
  EXPECT_TRUE(match_.all<Hit>().empty());
}

TEST_F(CombatTest, two_rails_of_one_tick_kill_both) {
  match_.ship(1).health = match_.ship(2).health = 50;
  match_.act(1, {.aim = kAimRight, .rail = true});
  match_.act(2, {.aim = 32768, .rail = true});
  match_.step();
  EXPECT_FALSE(match_.ship(1).alive);
  EXPECT_FALSE(match_.ship(2).alive);
  EXPECT_EQ(match_.player(1).score, 1);
  EXPECT_EQ(match_.player(2).score, 1);
}

TEST_F(CombatTest, two_rails_at_one_ship_kill_it_once) {
  sim::join(match_.state, 3, "third");
  match_.step();
  match_.place(2, u(560, 500)).health = 50;
  match_.place(1, u(500, 500));
  match_.place(3, u(620, 500));
  match_.act(1, {.aim = kAimRight, .rail = true});
  match_.act(3, {.aim = 32768, .rail = true});
  match_.step();
  EXPECT_EQ(match_.all<RailFired>().size(), 2U);
  EXPECT_EQ(match_.all<Kill>().size(), 1U);
  EXPECT_EQ(match_.player(2).deaths, 1);
  EXPECT_EQ(match_.player(1).score + match_.player(3).score, 1);
}

TEST_F(CombatTest, a_hit_knocks_back_seven_tenths_of_a_unit_a_tick) {
  match_.state.shots = {
      {.id = 1, .owner = 1, .position = u(530, 500), .velocity = u(15, 0), .end_tick = match_.state.tick + 45}};
  match_.step();
  ASSERT_EQ(match_.all<Hit>().size(), 1U);
  EXPECT_EQ(match_.ship(2).velocity, (Vec{kKnockback, 0}));
}

TEST_F(CombatTest, a_shield_takes_the_damage) {
  match_.ship(2).shield_until_tick = match_.state.tick + 50;
  match_.act(1, {.aim = kAimRight, .rail = true});
  match_.step();
  ASSERT_EQ(match_.all<Hit>().size(), 1U);
  EXPECT_TRUE(match_.all<Hit>()[0].shielded);
  EXPECT_EQ(match_.ship(2).health, 100);
}

TEST_F(CombatTest, a_ship_is_not_hit_by_its_own_shots) {
  match_.place(2, u(2900, 1900));
  match_.act(1, {.thrust_x = 127, .aim = kAimRight, .fire = true, .dash = true});
  match_.run(200);
  EXPECT_TRUE(match_.all<Hit>().empty());
}

TEST_F(CombatTest, a_kill_counts_streaks_and_revenge) {
  const auto kill = [this](PlayerId killer, PlayerId victim) {
    match_.events.clear();
    while (!match_.ship(victim).alive || !match_.ship(killer).alive) match_.step();
    match_.place(killer, u(500, 500)).energy = kEnergyMax;
    match_.ship(killer).rail_ready_tick = 0;
    match_.place(victim, u(560, 500)).health = 10;
    match_.act(killer, {.aim = kAimRight, .rail = true});
    match_.step();
    match_.act(killer, {});
    return match_.all<Kill>().at(0);
  };
  EXPECT_EQ(kill(1, 2).streak, 1);
  const Kill second = kill(1, 2);
  EXPECT_EQ(second.streak, 2);
  EXPECT_FALSE(second.revenge);
  const Kill answer = kill(2, 1);
  EXPECT_TRUE(answer.revenge);
  EXPECT_EQ(answer.streak, 1);
  EXPECT_FALSE(kill(2, 1).revenge);
  EXPECT_EQ(match_.player(1).score, 2);
  EXPECT_EQ(match_.player(1).deaths, 2);
  EXPECT_EQ(match_.player(1).streak, 0);
  EXPECT_EQ(match_.player(1).best_streak, 2);
}

TEST_F(CombatTest, a_shot_that_its_shooter_makes_for_himself_is_the_one_that_is_launched) {
  match_.place(2, u(2900, 1900));
  for (const engine::Angle aim : std::initializer_list<engine::Angle>{0, 9000, 40000, 60000}) {
    Ship twin = match_.place(1, u(500, 500));
    const Action action{.thrust_x = 90, .thrust_y = -60, .aim = aim, .fire = true};
    match_.act(1, action);
    match_.run(1);
    const Fired fired = step_player(twin, action, *match_.map, {.tick = match_.state.tick, .seed = match_.state.seed});
    ASSERT_TRUE(fired.shot);
    Shot own = make_shot(twin, fired, match_.state.tick, *match_.map);
    own.id = match_.state.shots.back().id;
    own.position += own.velocity;
    EXPECT_EQ(own, match_.state.shots.back());
    match_.act(1, {.aim = aim});
    match_.run(60);
  }
}

TEST_F(CombatTest, shot_ids_go_round_and_stay_in_order) {
  match_.state.next_shot_id = 65533;
  match_.place(2, u(2900, 1900));
  match_.act(1, {.aim = kAimRight, .fire = true});
  for (int i = 0; i < 80; ++i) {
    match_.place(1, u(500, 500)).energy = kEnergyMax;
    match_.step();
    for (std::size_t s = 1; s < match_.state.shots.size(); ++s)
      ASSERT_LT(match_.state.shots[s - 1].id, match_.state.shots[s].id);
  }
  EXPECT_LT(match_.state.next_shot_id, 20);
  EXPECT_NE(match_.state.shots.front().id, 0);
}

}  // namespace
}  // namespace game::sim
