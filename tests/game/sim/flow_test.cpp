#include "game/sim/flow.hpp"

#include <gtest/gtest.h>

#include "support.hpp"

namespace game::sim {
namespace {

using test::frag;
using test::Match;
using test::u;

TEST(Flow, warm_up_waits_for_a_second_player_and_then_takes_10_seconds) {
  Match match(test::bare_ground(), Options{});
  join(match.state, 1, "one");
  match.run(2000);
  EXPECT_EQ(match.state.flow.phase, Phase::kWarmup);
  EXPECT_EQ(match.state.flow.phase_end_tick, 0U);
  join(match.state, 2, "two");
  match.step();
  EXPECT_EQ(match.state.flow.phase_end_tick, match.state.tick + 600);
  match.run(599);
  EXPECT_EQ(match.state.flow.phase, Phase::kWarmup);
  match.step();
  EXPECT_EQ(match.state.flow.phase, Phase::kCountdown);
}

TEST(Flow, warm_up_waits_again_when_the_second_player_leaves) {
  Match match(test::bare_ground(), Options{});
  join(match.state, 1, "one");
  join(match.state, 2, "two");
  match.run(300);
  leave(match.state, 2);
  match.run(600);
  EXPECT_EQ(match.state.flow.phase, Phase::kWarmup);
  EXPECT_EQ(match.state.flow.phase_end_tick, 0U);
}

TEST(Flow, kills_of_the_warm_up_do_not_count) {
  Match match(test::bare_ground(), Options{});
  join(match.state, 1, "one");
  join(match.state, 2, "two");
  match.run(5);
  frag(match, 1, 2);
  EXPECT_EQ(match.all<Kill>().size(), 1U);
  EXPECT_EQ(match.player(1).score, 0);
}

TEST(Flow, counts_down_for_3_seconds_with_everybody_at_a_spawn) {
  Options options = test::at_once();
  options.countdown_ticks = Options{}.countdown_ticks;
  Match match(test::bare_ground(), options);
  for (PlayerId id = 1; id <= 2; ++id) join(match.state, id, "x");
  match.step();
  EXPECT_EQ(match.state.flow.phase, Phase::kCountdown);
  const Vec at = match.ship(1).position;
  match.act(1, {.thrust_x = 127, .fire = true});
  match.run(179);
  EXPECT_EQ(match.state.flow.phase, Phase::kCountdown);
  EXPECT_EQ(match.ship(1).position, at);
  match.step();
  EXPECT_EQ(match.state.flow.phase, Phase::kRound);
  EXPECT_EQ(match.all<RoundStarted>().size(), 1U);
}

TEST(Flow, a_round_ends_at_the_frag_limit_and_the_next_one_begins_after_the_podium) {
  Options options = test::at_once();
  options.frag_limit = 3;
  Match match(test::bare_ground(), options);
  match.start(2);
  for (int i = 0; i < 3; ++i) frag(match, 1, 2);
  EXPECT_EQ(match.state.flow.phase, Phase::kPodium);
  const auto ended = match.all<RoundEnded>();
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(ended[0].winner, 1);
  EXPECT_EQ(ended[0].score, 3);
  EXPECT_EQ(ended[0].awards[1].player, 1);  // three kills by rail
  EXPECT_EQ(ended[0].awards[1].value, 3);
  EXPECT_EQ(ended[0].awards[3].player, 1);  // no deaths
  match.run(599);
  EXPECT_EQ(match.state.flow.phase, Phase::kPodium);
  EXPECT_EQ(match.player(1).score, 3);
  match.step();
  EXPECT_EQ(match.state.flow.phase, Phase::kCountdown);
  EXPECT_EQ(match.state.flow.round, 2);
  EXPECT_EQ(match.player(1).score, 0);
}

TEST(Flow, a_round_whose_time_is_up_goes_to_the_leader) {
  Options options = test::at_once();
  options.time_limit_ticks = 600;
  Match match(test::bare_ground(), options);
  match.start(2);
  frag(match, 2, 1);
  EXPECT_EQ(match.state.flow.leader, 2);
  match.run_until(Phase::kPodium, 700);
  EXPECT_EQ(match.all<RoundEnded>()[0].winner, 2);
}

TEST(Flow, a_tie_goes_to_sudden_death_which_the_next_frag_ends) {
  Options options = test::at_once();
  options.time_limit_ticks = 600;
  Match match(test::bare_ground(), options);
  match.start(2);
  match.run_until(Phase::kSuddenDeath, 700);
  frag(match, 2, 1);
  EXPECT_EQ(match.state.flow.phase, Phase::kPodium);
  EXPECT_EQ(match.all<RoundEnded>()[0].winner, 2);
}

TEST(Flow, a_sudden_death_without_a_frag_is_a_draw) {
  Options options = test::at_once();
  options.time_limit_ticks = 60;
  options.sudden_death_ticks = 60;
  Match match(test::bare_ground(), options);
  match.start(2);
  match.run_until(Phase::kPodium, 200);
  EXPECT_EQ(match.all<RoundEnded>()[0].winner, kNobody);
}

TEST(Flow, the_frag_limit_reached_by_two_at_once_is_sudden_death) {
  Options options = test::at_once();
  options.frag_limit = 1;
  Match match(test::bare_ground(), options);
  match.start(2);
  match.place(1, u(500, 500)).health = 10;
  match.place(2, u(560, 500)).health = 10;
  match.act(1, {.rail = true});
  match.act(2, {.aim = 32768, .rail = true});
  match.step();
  EXPECT_EQ(match.state.flow.phase, Phase::kSuddenDeath);
}

TEST(Flow, tells_when_the_lead_is_taken_and_shared) {
  Match match;
  match.start(2);
  frag(match, 1, 2);
  frag(match, 2, 1);
  const auto changes = match.all<LeadChanged>();
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[0].leader, 1);
  EXPECT_EQ(changes[1].leader, kNobody);
  EXPECT_EQ(changes[1].previous, 1);
}

TEST(Flow, a_leader_who_leaves_does_not_win) {
  Options options = test::at_once();
  options.time_limit_ticks = 600;
  Match match(test::bare_ground(), options);
  match.start(3);
  frag(match, 1, 2);
  while (match.state.tick + 1 < match.state.flow.phase_end_tick) match.step();
  leave(match.state, 1);
  match.step();
  EXPECT_EQ(match.state.flow.leader, kNobody);
  EXPECT_EQ(match.state.flow.phase, Phase::kSuddenDeath);
}

TEST(Flow, the_next_best_wins_when_the_leader_leaves_at_the_last_moment) {
  Options options = test::at_once();
  options.time_limit_ticks = 600;
  Match match(test::bare_ground(), options);
  match.start(3);
  frag(match, 1, 2);
  frag(match, 1, 2);
  frag(match, 3, 2);
  while (match.state.tick + 1 < match.state.flow.phase_end_tick) match.step();
  leave(match.state, 1);
  match.step();
  ASSERT_EQ(match.all<RoundEnded>().size(), 1U);
  EXPECT_EQ(match.all<RoundEnded>()[0].winner, 3);
  for (const PhaseChanged& change : match.all<PhaseChanged>()) EXPECT_NE(change.phase, Phase::kSuddenDeath);
}

TEST(Flow, a_match_that_everybody_left_warms_up_anew) {
  Match match;
  match.start(2);
  leave(match.state, 1);
  leave(match.state, 2);
  match.step();
  EXPECT_EQ(match.state.flow.phase, Phase::kWarmup);
}

TEST(Flow, who_joins_a_round_plays_at_the_next_tick) {
  Match match;
  match.start(2);
  join(match.state, 9, "late");
  match.step();
  EXPECT_TRUE(match.ship(9).alive);
}

TEST(Phases, that_the_round_begins_is_known_before_and_nothing_else_is) {
  const Flow countdown{.phase = Phase::kCountdown, .phase_end_tick = 100};
  EXPECT_EQ(phase_at(countdown, 99), Phase::kCountdown);
  EXPECT_EQ(phase_at(countdown, 100), Phase::kRound);
  const Flow round{.phase = Phase::kRound, .phase_end_tick = 100};
  EXPECT_EQ(phase_at(round, 100), Phase::kRound);
  const Flow open{.phase = Phase::kWarmup, .phase_end_tick = 0};
  EXPECT_EQ(phase_at(open, 100), Phase::kWarmup);
}

}  // namespace
}  // namespace game::sim
