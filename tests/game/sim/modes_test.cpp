// Tests also: score.cpp, teams.cpp.
#include <gtest/gtest.h>

#include "game/sim/score.hpp"
#include "game/sim/ship.hpp"
#include "game/sim/teams.hpp"
#include "support.hpp"

namespace game::sim {
namespace {

using test::frag;
using test::Match;
using test::u;

Options at_once(Mode mode) {
  Options options = options_of(mode);
  const Options quick = test::at_once();
  options.players_to_start = quick.players_to_start;
  options.warmup_ticks = quick.warmup_ticks;
  options.countdown_ticks = quick.countdown_ticks;
  options.time_limit_ticks = quick.time_limit_ticks;
  return options;
}

int team_size(const Match& match, Team team) {
  return static_cast<int>(std::count_if(match.state.players.begin(), match.state.players.end(),
                                        [team](const Player& player) { return player.team == team; }));
}

TEST(Duel, goes_on_at_10_to_9_and_ends_with_a_lead_of_2) {
  Match match(test::bare_ground(), at_once(Mode::kDuel));
  match.start(2);
  match.player(1).score = 9;
  match.player(2).score = 9;
  frag(match, 1, 2);
  EXPECT_EQ(match.player(1).score, 10);
  EXPECT_EQ(match.state.flow.phase, Phase::kRound);
  frag(match, 2, 1);
  EXPECT_EQ(match.state.flow.phase, Phase::kRound) << "10 to 10 is no sudden death";
  frag(match, 2, 1);
  EXPECT_EQ(match.state.flow.phase, Phase::kRound);
  frag(match, 2, 1);
  EXPECT_EQ(match.state.flow.phase, Phase::kPodium);
  EXPECT_EQ(match.all<RoundEnded>().back().winner, 2);
}

TEST(Duel, ends_at_10_to_8_and_not_at_9_to_7) {
  Match match(test::bare_ground(), at_once(Mode::kDuel));
  match.start(2);
  match.player(1).score = 8;
  match.player(2).score = 7;
  frag(match, 1, 2);
  EXPECT_EQ(match.state.flow.phase, Phase::kRound);
  frag(match, 1, 2);
  EXPECT_EQ(match.state.flow.phase, Phase::kPodium);
}

TEST(Duel, that_runs_out_of_time_goes_to_whom_is_ahead) {
  Options options = at_once(Mode::kDuel);
  options.time_limit_ticks = 100;
  Match match(test::bare_ground(), options);
  match.start(2);
  match.player(2).score = 1;
  match.run_until(Phase::kPodium, 200);
  EXPECT_EQ(match.all<RoundEnded>().back().winner, 2);
}

TEST(Teams, players_join_the_smaller_side_and_of_equal_ones_that_behind) {
  Match match(test::bare_ground(), at_once(Mode::kTeams));
  match.start(5);
  EXPECT_EQ(team_size(match, 1), 3);
  EXPECT_EQ(team_size(match, 2), 2);
  join(match.state, 6, "six");
  EXPECT_EQ(match.player(6).team, 2);
  match.state.flow.team_scores = {7, 3};
  join(match.state, 7, "seven");
  EXPECT_EQ(match.player(7).team, 2);
}

TEST(Teams, a_player_who_comes_back_changes_over_when_the_sides_are_unequal) {
  Match match(test::bare_ground(), at_once(Mode::kTeams));
  match.start(4);  // 1 and 3 against 2 and 4
  leave(match.state, 4);
  EXPECT_EQ(team_size(match, 1), 2);
  leave(match.state, 2);
  ASSERT_EQ(team_size(match, 2), 0);
  match.ship(3).alive = false;
  match.ship(3).health = 0;
  match.ship(3).respawn_tick = match.state.tick + 1;
  match.step();
  EXPECT_TRUE(match.ship(3).alive);
  EXPECT_EQ(match.player(3).team, 2);
  EXPECT_EQ(match.player(1).team, 1);
}

TEST(Teams, mates_do_each_other_no_harm) {
  Match match(test::bare_ground(), at_once(Mode::kTeams));
  match.start(4);
  match.place(1, u(500, 500)).energy = kEnergyMax;
  match.place(3, u(700, 500));  // a mate, in the way
  match.place(2, u(900, 500));
  match.place(4, u(2500, 1500));
  match.act(1, {.rail = true});
  match.step();
  EXPECT_EQ(match.ship(3).health, kHealthFull);
  EXPECT_EQ(match.ship(2).health, kHealthFull - kRailDamage);
  match.ship(1).rail_ready_tick = match.state.tick + 1000;
  match.act(1, {.fire = true});
  match.run(40);
  EXPECT_EQ(match.ship(3).health, kHealthFull);
  EXPECT_EQ(match.player(2).deaths, 1) << "shots pass mates";
}

TEST(Teams, the_first_to_50_together_wins_and_is_named) {
  Match match(test::bare_ground(), at_once(Mode::kTeams));
  match.start(4);
  match.state.flow.team_scores = {48, 48};
  frag(match, 2, 1);
  ASSERT_EQ(match.all<LeadChanged>().size(), 1U);
  EXPECT_EQ(match.all<LeadChanged>()[0].team, 2);
  EXPECT_EQ(match.all<LeadChanged>()[0].previous_team, kNoTeam);
  EXPECT_EQ(match.all<LeadChanged>()[0].leader, kNobody);
  EXPECT_EQ(match.all<LeadChanged>()[0].score, 49);
  frag(match, 4, 3);
  ASSERT_EQ(match.all<RoundEnded>().size(), 1U);
  const RoundEnded ended = match.all<RoundEnded>()[0];
  EXPECT_EQ(ended.team, 2);
  EXPECT_EQ(ended.winner, kNobody);
  EXPECT_EQ(ended.score, 50);
  const Award mvp = ended.awards.back();
  EXPECT_EQ(mvp.kind, AwardKind::kMvp);
  EXPECT_EQ(mvp.player, 2);
  EXPECT_EQ(mvp.value, 1);
}

TEST(Teams, a_round_begins_with_even_sides_that_stand_together) {
  Options options = at_once(Mode::kTeams);
  options.podium_ticks = 1;
  MapPlan plan = test::bare_ground();
  plan.spawns.clear();
  for (std::int32_t y = 200; y <= 1800; y += 200) {
    plan.spawns.push_back(u(150, y));
    plan.spawns.push_back(u(2850, y));
  }
  Match match(plan, options);
  match.start(8);
  const auto nearest = [&](PlayerId of, bool mate) {
    std::int32_t best = 1 << 30;
    for (PlayerId id = 1; id <= 8; ++id) {
      if (id == of || are_mates(match.player(id), match.player(of)) != mate) continue;
      const Vec by = match.ship(id).position - match.ship(of).position;
      best = std::min(best, engine::length(by.x, by.y));
    }
    return best;
  };
  for (PlayerId id = 1; id <= 8; ++id) EXPECT_LT(nearest(id, true), nearest(id, false)) << id;
  for (PlayerId gone = 1; gone <= 5; gone = static_cast<PlayerId>(gone + 2)) leave(match.state, gone);
  EXPECT_EQ(team_size(match, 2), 4);
  match.state.flow.team_scores = {0, 49};
  frag(match, 2, 7);
  match.run_until(Phase::kRound, 100);
  EXPECT_EQ(match.state.flow.team_scores, (std::array<std::int16_t, 2>{}));
  EXPECT_LE(std::abs(team_size(match, 1) - team_size(match, 2)), 1);
}

TEST(Teams, nobody_comes_in_where_somebody_stands) {
  Match match(test::bare_ground(), at_once(Mode::kTeams));
  match.start(4);  // as many as there are spawns
  for (PlayerId a = 1; a <= 4; ++a)
    for (PlayerId b = static_cast<PlayerId>(a + 1); b <= 4; ++b)
      EXPECT_GT(length_squared(match.ship(a).position - match.ship(b).position), square(kSpawnRoom));
}

TEST(Instarail, a_rail_kills_the_fattest_costs_nothing_and_is_the_only_weapon) {
  Match match(test::bare_ground(), at_once(Mode::kInstarail));
  match.start(2);
  Ship& shooter = match.place(1, u(500, 500));
  shooter.energy = 0;
  shooter.energy_from_tick = match.state.tick + 10000;
  match.place(2, u(900, 500)).health = kHealthMax;
  match.act(1, {.fire = true, .rail = true});
  match.step();
  ASSERT_EQ(match.all<Kill>().size(), 1U);
  EXPECT_EQ(match.all<Kill>()[0].weapon, Weapon::kRail);
  match.run(kInstarailIntervalTicks - 1);
  EXPECT_EQ(match.all<RailFired>().size(), 1U);
  match.step();
  EXPECT_EQ(match.all<RailFired>().size(), 2U);
  EXPECT_TRUE(match.state.shots.empty());
}

TEST(Instarail, has_no_pickups) {
  MapPlan plan = test::bare_ground();
  plan.pads = {{u(1500, 1000), PickupKind::kHealth}};
  Match match(plan, at_once(Mode::kInstarail));
  match.start(2);
  EXPECT_TRUE(match.state.pickups.empty());
  match.place(1, u(1500, 1000)).health = 50;
  match.run(10);
  EXPECT_EQ(match.ship(1).health, 50);
}

TEST(Instarail, a_client_predicts_it_from_the_context_alone) {
  Match match(test::bare_ground(), at_once(Mode::kInstarail));
  match.start(1);
  Ship ship = match.place(1, u(500, 500));
  ship.energy = 0;
  ship.energy_from_tick = 1 << 30;
  const Fired fired = step_player(ship, {.rail = true}, *match.map,
                                  {.tick = match.state.tick + 1, .seed = 7, .mode = Mode::kInstarail});
  EXPECT_TRUE(fired.rail);
  EXPECT_EQ(ship.rail_ready_tick, match.state.tick + 1 + kInstarailIntervalTicks);
}

}  // namespace
}  // namespace game::sim
