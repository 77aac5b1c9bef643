// Tests also: hash.cpp, state.cpp, step.cpp.
#include "game/sim/match.hpp"

#include <gtest/gtest.h>

#include "crowd.hpp"
#include "game/sim/flow.hpp"
#include "game/sim/pickups.hpp"
#include "game/sim/ship.hpp"
#include "support.hpp"

namespace game::sim {
namespace {

using test::Match;
using test::u;

TEST(MatchTest, keeps_players_by_rising_id) {
  Match match;
  for (const PlayerId id : std::initializer_list<PlayerId>{5, 1, 9, 3}) join(match.state, id, "x");
  for (std::size_t i = 1; i < match.state.players.size(); ++i)
    EXPECT_LT(match.state.players[i - 1].id(), match.state.players[i].id());
  EXPECT_NE(find_player(match.state, 9), nullptr);
  EXPECT_EQ(find_player(match.state, 2), nullptr);
}

TEST(MatchTest, who_leaves_takes_ship_and_shots_along) {
  Match match;
  match.start(2);
  match.place(1, u(500, 500));
  match.act(1, {.fire = true});
  match.step();
  ASSERT_FALSE(match.state.shots.empty());
  match.events.clear();
  leave(match.state, 1, &match.events);
  EXPECT_TRUE(match.state.shots.empty());
  EXPECT_EQ(find_player(match.state, 1), nullptr);
  ASSERT_EQ(match.all<PlayerLeft>().size(), 1U);
  EXPECT_EQ(match.all<PlayerLeft>()[0].name, "player 1");
  match.run(100);
}

TEST(MatchTest, who_lets_go_holds_nothing_and_aims_where_it_did) {
  Match match;
  match.start(2);
  match.place(1, u(500, 500));
  match.act(1, {.thrust_x = 127, .aim = 4321, .fire = true});
  match.step();
  release(match.state, 1);
  EXPECT_EQ(match.ship(1).held, Action{.aim = 4321});
  match.run(200);
  EXPECT_EQ(match.ship(1).velocity, Vec{});
  EXPECT_TRUE(match.state.shots.empty());
  release(match.state, 9);
}

TEST(MatchTest, nothing_happens_for_players_that_are_not_there) {
  Match match;
  const std::uint64_t before = hash(match.state);
  leave(match.state, 4);
  apply_action(match.state, 4, {.fire = true});
  EXPECT_EQ(hash(match.state), before);
}

TEST(MatchTest, a_press_that_comes_and_goes_between_two_ticks_counts) {
  Match match;
  match.start(1);
  match.place(1, u(500, 500));
  match.act(1, {.fire = true, .rail = false, .dash = true});
  match.act(1, {});
  match.step();
  EXPECT_EQ(match.state.shots.size(), 1U);
  EXPECT_TRUE(is_dashing(match.ship(1), match.state.tick));
}

TEST(MatchTest, a_missing_action_repeats_the_last_one) {
  Match match;
  match.start(1);
  match.place(1, u(500, 500));
  match.act(1, {.thrust_x = 127, .fire = true});
  match.run(30);
  EXPECT_GT(match.ship(1).position.x, u(600, 0).x);
  EXPECT_GT(match.state.shots.size(), 2U);
}

TEST(MatchTest, every_field_counts_for_the_hash) {
  Match match;
  match.start(2);
  match.act(1, {.fire = true});
  match.step();
  const State base = match.state;
  const std::uint64_t before = hash(base);
  const auto changes = [&](auto change) {
    State state = base;
    change(state);
    return hash(state) != before;
  };
  EXPECT_TRUE(changes([](State& s) { ++s.tick; }));
  EXPECT_TRUE(changes([](State& s) { ++s.options.frag_limit; }));
  EXPECT_TRUE(changes([](State& s) { ++s.seed; }));
  EXPECT_TRUE(changes([](State& s) { ++s.flow.phase_end_tick; }));
  EXPECT_TRUE(changes([](State& s) { ++s.next_shot_id; }));
  EXPECT_TRUE(changes([](State& s) { ++s.players[1].score; }));
  EXPECT_TRUE(changes([](State& s) { s.players[0].name += "!"; }));
  EXPECT_TRUE(changes([](State& s) { ++s.players[0].ship.dash_latch_tick; }));
  EXPECT_TRUE(changes([](State& s) { ++s.players[0].ship.position.y; }));
  EXPECT_TRUE(changes([](State& s) { s.players[0].ship.held.rail ^= true; }));
  EXPECT_TRUE(changes([](State& s) { ++s.shots.at(0).end_tick; }));
}

TEST(MatchTest, a_tick_rewound_and_run_again_gives_the_same_state) {
  test::Crowd crowd(6, 3, 99);
  for (int i = 0; i < 1500; ++i) {
    const State before = crowd.state;
    const engine::Rng rng_before = crowd.rng;
    const std::vector<Action> actions = crowd.think();
    crowd.advance(actions);
    const State after = crowd.state;
    crowd.state = before;
    crowd.rng = rng_before;
    crowd.advance(actions);
    ASSERT_EQ(crowd.state, after) << "tick " << after.tick;
    ASSERT_EQ(hash(crowd.state), hash(after));
  }
}

// A client that has only its own ship and the map moves it as the server does, as long as nobody else does anything to
// it.
TEST(MatchTest, step_player_alone_predicts_a_ship_that_nobody_touches) {
  Match match;
  match.start(1);
  engine::Rng rng(4);
  Ship predicted = match.ship(1);
  for (int i = 0; i < 2000; ++i) {
    const Action action{.thrust_x = static_cast<std::int8_t>(rng.between(-127, 127)),
                        .thrust_y = static_cast<std::int8_t>(rng.between(-127, 127)),
                        .aim = static_cast<engine::Angle>(rng.below(65536)),
                        .fire = rng.below(3) == 0,
                        .rail = rng.below(40) == 0,
                        .dash = rng.below(30) == 0};
    match.act(1, action);
    match.step();
    step_player(predicted, action, *match.map,
                {.tick = match.state.tick, .seed = match.state.seed, .phase = match.state.flow.phase});
    ASSERT_EQ(predicted, match.ship(1)) << "tick " << match.state.tick;
  }
}

// The same from the countdown on, with all that may be known of the round's beginning, of the pads and of health above
// 100.
TEST(MatchTest, a_client_predicts_its_ship_into_the_round_and_over_the_pads) {
  MapPlan plan = test::bare_ground();
  plan.size = u(400, 300);
  plan.spawns = {u(100, 100)};
  plan.pads = {{u(200, 150), PickupKind::kHealth}, {u(300, 200), PickupKind::kRapid}, {u(100, 200), PickupKind::kMega}};
  Options options = test::at_once();
  options.countdown_ticks = 90;
  Match match(plan, options);
  join(match.state, 1, "one");
  match.run_until(Phase::kCountdown);
  const Flow known = match.state.flow;
  Ship ship = match.ship(1);
  std::vector<Pickup> pickups = match.state.pickups;
  Phase phase = known.phase;
  engine::Rng rng(9);
  Action action;
  for (int i = 0; i < 6000; ++i) {
    if (rng.below(20) == 0)
      action = {.thrust_x = static_cast<std::int8_t>(rng.between(-127, 127)),
                .thrust_y = static_cast<std::int8_t>(rng.between(-127, 127)),
                .dash = rng.below(3) == 0};
    match.act(1, action);
    match.step();
    const std::uint32_t tick = match.state.tick;
    if (phase != Phase::kRound && phase_at(known, tick) == Phase::kRound) {
      reset_pickups(pickups, tick);
      begin_round(ship, tick);
    }
    phase = phase_at(known, tick);
    step_player(ship, action, *match.map, {.tick = tick, .seed = match.state.seed, .phase = phase});
    take_pickups(ship, pickups, *match.map, phase, tick);
    ASSERT_EQ(ship, match.ship(1)) << "tick " << tick;
    ASSERT_EQ(pickups, match.state.pickups) << "tick " << tick;
    if (i % 500 == 0) ship.health = match.ship(1).health = 40;
  }
  EXPECT_GE(match.all<PickupTaken>().size(), 5U);
}

}  // namespace
}  // namespace game::sim
