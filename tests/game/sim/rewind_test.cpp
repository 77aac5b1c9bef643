#include "game/sim/rewind.hpp"

#include <gtest/gtest.h>

#include "game/sim/combat.hpp"
#include "support.hpp"

namespace game::sim {
namespace {

using test::kAimDown;
using test::kAimRight;
using test::Match;
using test::u;

constexpr Action kRail{.aim = kAimRight, .rail = true};

// Player 1 stands at (500, 500). Player 2 is at (900, 500) and from there on goes 20 u down a tick, whatever its hands
// do.
class RewindTest : public testing::Test {
 protected:
  explicit RewindTest(const Options& options = test::at_once()) : match_(test::bare_ground(), options) {}
  void SetUp() override {
    match_.start(2);
    while (match_.state.tick % 12 != 0) stand();
    started_ = match_.state.tick;
  }
  void stand() {
    match_.place(1, u(500, 500));
    match_.place(2, place_at(0));
    match_.step();
  }
  static Vec place_at(std::uint32_t ticks) {
    return u(900, 500) + Vec{0, static_cast<std::int32_t>(ticks) * 20 * kUnit};
  }
  void move_on(std::uint32_t ticks = 1) {
    for (std::uint32_t i = 0; i < ticks; ++i) {
      if (match_.ship(2).alive) match_.place(2, place_at(match_.state.tick + 1 - started_));
      match_.step();
    }
  }
  std::uint32_t tick() const { return match_.state.tick; }
  // The rail is ready and its shooter where he was.
  void fire(const Action& action, ViewTime view) {
    match_.events.clear();
    match_.place(1, u(500, 500)).rail_ready_tick = 0;
    match_.ship(1).energy = kEnergyMax;
    match_.act(1, {.aim = action.aim}, view);
    match_.act(1, action, view);
    move_on();
  }
  Judged judged() const {
    const auto all = match_.all<Judged>();
    EXPECT_EQ(all.size(), 1U);
    return all.empty() ? Judged{} : all.back();
  }

  Match match_;
  std::uint32_t started_ = 0;
};

TEST_F(RewindTest, a_rail_hits_a_ship_where_it_was_shown_100_ms_ago) {
  move_on(6);
  fire(kRail, {.tick = started_});
  ASSERT_EQ(match_.all<Hit>().size(), 1U);
  EXPECT_EQ(match_.all<Hit>()[0].victim, 2);
  EXPECT_EQ(match_.all<Hit>()[0].at, u(900 - 14, 500)) << "where it was";
  EXPECT_EQ(judged().victim, 2);
  EXPECT_TRUE(judged().struck);
  EXPECT_EQ(judged().view, (ViewTime{.tick = started_}));
}

TEST_F(RewindTest, a_rail_misses_a_ship_where_it_is_now_and_was_not_shown) {
  move_on(2);  // 60 u down when the rail is fired
  const Action at_it{.aim = engine::atan2_angle(60, 400), .rail = true};
  fire(at_it, {.tick = started_});
  EXPECT_TRUE(match_.all<Hit>().empty());
  EXPECT_EQ(judged().victim, kNobody);
  ASSERT_EQ(judged().target_count, 1U);
  EXPECT_EQ(judged().targets[0].player, 2);
  EXPECT_EQ(judged().targets[0].at, place_at(0));
}

TEST_F(RewindTest, without_a_view_a_rail_is_judged_by_the_present) {
  move_on(6);
  fire(kRail, {});
  EXPECT_TRUE(match_.all<Hit>().empty());
  EXPECT_EQ(judged().view, ViewTime{});
  EXPECT_EQ(judged().targets[0].at, place_at(7));
}

TEST_F(RewindTest, between_two_snapshots_a_ship_is_on_the_straight_way_from_one_to_the_other) {
  move_on();
  match_.place(2, u(1000, 900));  // nobody is shown this tick
  match_.step();
  move_on(4);
  for (const auto& [view, expected] : std::vector<std::pair<ViewTime, Vec>>{
           {{.tick = started_, .fraction = 64}, {place_at(0).x + (100 * kUnit) / 8, place_at(0).y + (400 * kUnit) / 8}},
           {{.tick = started_ + 1}, {place_at(0).x + (100 * kUnit) / 2, place_at(0).y + (400 * kUnit) / 2}},
           {{.tick = started_ + 2}, u(1000, 900)}}) {
    fire(kRail, view);
    EXPECT_EQ(judged().targets[0].at, expected) << view.tick - started_;
  }
}

TEST_F(RewindTest, between_the_snapshots_that_its_shooter_had_where_one_was_kept_back) {
  move_on();
  match_.place(2, u(1000, 900));  // the snapshot that did not come in time
  match_.step();
  move_on(4);
  const auto at = [&](std::uint32_t from, std::uint32_t to) {
    fire(kRail, {.tick = started_ + 2, .from = from, .to = to});
    return judged().targets[0].at;
  };
  EXPECT_EQ(at(started_, started_ + 4), place_at(2));
  EXPECT_EQ(at(0, 0), u(1000, 900));
  // What cannot have been is as good as not told.
  EXPECT_EQ(at(started_ + 1, started_ + 4), u(1000, 900)) << "no snapshot";
  EXPECT_EQ(at(started_, started_ + 3), u(1000, 900)) << "no snapshot";
  EXPECT_EQ(at(started_, started_ + 2), u(1000, 900)) << "not around it";
  EXPECT_EQ(at(started_, started_ + 100), u(1000, 900)) << "still to come";
  EXPECT_EQ(at(started_ + 4, started_), u(1000, 900)) << "the wrong way round";
}

TEST_F(RewindTest, nobody_is_shown_more_than_the_newest_snapshot) {
  move_on(5);
  fire(kRail, {.tick = tick(), .fraction = 128});
  EXPECT_EQ(judged().targets[0].at, place_at(4));
}

TEST_F(RewindTest, goes_back_400_ms_at_most) {
  move_on(40);
  fire(kRail, {.tick = started_});
  EXPECT_EQ(judged().view, (ViewTime{.tick = tick() - 24}));
  EXPECT_TRUE(match_.all<Hit>().empty());
  EXPECT_EQ(judged().targets[0].at, place_at(17)) << "the 41st tick after the start";
}

TEST_F(RewindTest, the_shooter_is_never_taken_back) {
  move_on(6);
  match_.place(1, u(500, 700));
  match_.act(1, kRail, {.tick = started_});
  move_on();
  ASSERT_EQ(match_.all<RailFired>().size(), 1U);
  EXPECT_EQ(match_.all<RailFired>()[0].from.y, u(0, 700).y);
  for (const JudgedTarget& target : judged().targets) EXPECT_NE(target.player, 1);
}

TEST_F(RewindTest, a_late_rail_leaves_from_where_its_shooter_was_at_its_own_tick) {
  match_.place(1, u(500, 500));
  move_on(2);
  match_.place(1, u(500, 580));
  move_on(4);
  // In the snapshot in which the shooter had been put farther down, in the one before, and half way between them.
  for (const auto& [late, y] : {std::pair{3U, 580}, std::pair{5U, 500}, std::pair{4U, 540}}) {
    SCOPED_TRACE(late);
    Match copy = match_;
    copy.events.clear();
    copy.place(1, u(700, 900)).rail_ready_tick = 0;
    copy.act(1, kRail, {.tick = started_}, late);
    copy.step();
    ASSERT_EQ(copy.all<RailFired>().size(), 1U);
    EXPECT_NEAR(copy.all<RailFired>()[0].from.y, u(0, y).y, kUnit);
  }
}

TEST_F(RewindTest, a_late_rail_of_another_life_leaves_from_where_its_shooter_is) {
  move_on(6);
  match_.place(1, u(700, 900));
  ++match_.player(1).life;
  match_.act(1, kRail, {.tick = started_}, 4);
  move_on();
  ASSERT_EQ(match_.all<RailFired>().size(), 1U);
  EXPECT_EQ(match_.all<RailFired>()[0].from.y, u(0, 900).y);
}

TEST_F(RewindTest, walls_stand_where_they_stand) {
  MapPlan plan = test::bare_ground();
  plan.walls = {{u(600, 0).x, u(400, 0).x, u(640, 0).x, u(600, 0).x}};
  Match match(plan);
  match.start(2);
  while (match.state.tick % 2 != 0) match.step();
  match.place(1, u(500, 500));
  match.place(2, u(900, 500));
  match.run(2);
  match.act(1, kRail, {.tick = match.state.tick});
  match.run(1);
  ASSERT_EQ(match.all<RailFired>().size(), 1U);
  EXPECT_TRUE(match.all<RailFired>()[0].hit_wall);
  EXPECT_TRUE(match.all<Hit>().empty());
}

TEST_F(RewindTest, who_has_died_since_stops_a_rail_and_takes_nothing) {
  join(match_.state, 3, "behind");
  for (int i = 0; i < 4; ++i) {
    match_.place(2, u(900, 500));
    match_.step();
    match_.place(3, u(1100, 500));
  }
  match_.ship(2).alive = false;
  match_.ship(2).health = 0;
  match_.ship(2).respawn_tick = tick() + 100;
  fire(kRail, {.tick = started_ + 4});
  EXPECT_TRUE(match_.all<Hit>().empty()) << "neither the one who died nor the one behind";
  EXPECT_EQ(judged().victim, 2);
  EXPECT_FALSE(judged().struck);
  EXPECT_EQ(match_.all<RailFired>()[0].to, u(900 - 14, 500));
  EXPECT_FALSE(match_.all<RailFired>()[0].hit_wall);
  EXPECT_EQ(match_.player(1).shots_hit, 0U);
}

TEST_F(RewindTest, a_ship_in_another_life_is_not_hit_where_it_was_nor_where_it_is) {
  move_on(6);
  match_.ship(2).alive = false;
  match_.ship(2).health = 0;
  match_.ship(2).respawn_tick = tick() + 1;
  match_.step();
  ASSERT_TRUE(match_.ship(2).alive);
  EXPECT_EQ(match_.player(2).life, 2) << "the round's, and this one";
  started_ += 3000;  // it stays where the test puts it
  match_.place(2, u(500, 900));
  fire(kRail, {.tick = started_ - 3000});
  EXPECT_TRUE(match_.all<Hit>().empty());
  EXPECT_FALSE(judged().struck);
  match_.place(2, u(500, 900));
  fire({.aim = kAimDown, .rail = true}, {.tick = started_ - 3000});
  EXPECT_TRUE(match_.all<Hit>().empty());
  EXPECT_EQ(judged().victim, kNobody);
}

TEST_F(RewindTest, two_rails_at_what_each_was_shown_kill_once) {
  join(match_.state, 3, "third");
  move_on(2);
  match_.place(3, u(500, 540));
  move_on(4);
  match_.ship(2).health = 50;
  match_.place(1, u(500, 500));
  match_.place(3, u(500, 540));
  match_.events.clear();
  const ViewTime view{.tick = started_ + 2};  // at (900, 540)
  match_.act(1, {.aim = engine::atan2_angle(40, 400), .rail = true}, view);
  match_.act(3, kRail, view);
  match_.place(2, place_at(7)).health = 50;
  match_.step();
  EXPECT_EQ(match_.all<Judged>().size(), 2U);
  EXPECT_EQ(match_.all<Kill>().size(), 1U);
  EXPECT_EQ(match_.all<Hit>().size(), 1U);
}

TEST_F(RewindTest, a_blaster_shot_meets_in_its_first_tick_who_was_shown_before_the_muzzle) {
  move_on(6);
  match_.place(1, u(880, 500));
  match_.act(1, {.aim = kAimRight, .fire = true}, {.tick = started_});
  move_on();
  ASSERT_EQ(match_.all<Hit>().size(), 1U);
  EXPECT_EQ(match_.all<Hit>()[0].weapon, Weapon::kBlaster);
  EXPECT_TRUE(match_.state.shots.empty());
  EXPECT_EQ(match_.player(1).shots_fired, 1U);
}

TEST_F(RewindTest, a_blaster_shot_flies_in_the_present_after_its_first_tick) {
  move_on(6);
  match_.place(1, u(850, 500));  // it passes (900, 500) in its third tick
  match_.act(1, {.aim = kAimRight, .fire = true}, {.tick = started_});
  move_on();
  match_.act(1, {.aim = kAimRight}, {.tick = started_});
  move_on(10);
  EXPECT_TRUE(match_.all<Hit>().empty());
  EXPECT_EQ(match_.state.shots.size(), 1U);
}

TEST_F(RewindTest, a_blaster_shot_meets_who_stands_before_the_muzzle_now_though_he_was_not_shown) {
  move_on(6);
  match_.place(1, place_at(7) - u(20, 0));
  match_.act(1, {.aim = kAimRight, .fire = true}, {.tick = started_});
  move_on();
  EXPECT_EQ(match_.all<Hit>().size(), 1U);
}

TEST_F(RewindTest, a_late_press_of_a_burst_fires_once_at_the_next_tick_where_it_aimed_at_what_it_was_shown) {
  move_on(6);
  match_.place(1, u(500, 500));
  match_.act(1, {.aim = kAimRight, .rail = true}, {.tick = started_});
  match_.act(1, {.aim = 100}, {.tick = started_ + 1});
  match_.act(1, {.aim = kAimDown, .rail = true}, {.tick = started_ + 2});
  match_.act(1, {.aim = kAimDown}, {.tick = started_ + 3});
  move_on(12);
  EXPECT_EQ(match_.all<RailFired>().size(), 1U);
  EXPECT_EQ(match_.all<Hit>().size(), 1U);
  EXPECT_EQ(judged().tick, started_ + 7);
  EXPECT_EQ(judged().view, (ViewTime{.tick = started_}));
}

TEST_F(RewindTest, a_trigger_that_is_held_until_the_gun_is_ready_is_judged_by_what_is_shown_then) {
  move_on(2);
  match_.place(1, u(500, 500)).rail_ready_tick = tick() + 4;
  for (std::uint32_t i = 0; i < 4; ++i) {
    match_.act(1, {.aim = static_cast<engine::Angle>(i * 100), .rail = true}, {.tick = tick() - 2});
    move_on();
  }
  EXPECT_EQ(judged().tick, started_ + 6);
  EXPECT_EQ(judged().view, (ViewTime{.tick = started_ + 3}));
  EXPECT_NEAR(match_.all<RailFired>()[0].to.y, u(0, 500).y + from_angle(300, kRailRange).y, kUnit);
}

TEST_F(RewindTest, a_burst_after_a_stall_moves_a_ship_no_farther_than_its_ticks) {
  const Action right{.thrust_x = 127};
  Ship twin = match_.place(1, u(500, 500));
  for (int i = 0; i < 20; ++i) match_.act(1, right, {.tick = started_});
  match_.step();
  step_player(twin, right, *match_.map, {.tick = tick(), .seed = match_.state.seed});
  EXPECT_EQ(match_.ship(1).position, twin.position);
  EXPECT_EQ(match_.ship(1).velocity, twin.velocity);
}

TEST_F(RewindTest, a_dash_in_a_late_action_is_not_lost) {
  match_.act(1, {.thrust_x = 127, .dash = true}, {.tick = started_});
  match_.act(1, {.thrust_x = 127}, {.tick = started_});
  match_.step();
  EXPECT_TRUE(is_dashing(match_.ship(1), tick()));
}

TEST_F(RewindTest, keeps_a_bounded_history_of_the_living) {
  move_on(200);
  EXPECT_LE(match_.state.position_history.size(), 2 * position_history_ticks_max(match_.state.options));
  EXPECT_GE(match_.state.position_history.size(), 2U * 12);
  EXPECT_LE(match_.state.position_history.front().tick, tick() + 1 - 24) << "enough to go back to";
  leave(match_.state, 2);
  for (const PositionSample& sample : match_.state.position_history) EXPECT_EQ(sample.id, 1);
  leave(match_.state, 1);
  EXPECT_TRUE(match_.state.position_history.empty());
}

TEST_F(RewindTest, of_more_targets_than_are_told_the_nearest_to_the_beam_are) {
  for (PlayerId id = 3; id <= 40; ++id) join(match_.state, id, "x");
  match_.step();
  for (PlayerId id = 3; id <= 40; ++id) match_.place(id, u(1400, 500 + 40 * (41 - id)));
  move_on(0);
  fire({.aim = kAimRight, .rail = true}, {});
  ASSERT_EQ(judged().target_count, kJudgedTargetsMax);
  EXPECT_EQ(judged().targets[1].player, 40);
  for (std::size_t i = 2; i < kJudgedTargetsMax; ++i)
    EXPECT_LT(judged().targets[i].player, judged().targets[i - 1].player) << i;
}

class WithoutRewind : public RewindTest {
 protected:
  static Options off() {
    Options options = test::at_once();
    options.rewind_ticks = 0;
    return options;
  }
  WithoutRewind() : RewindTest(off()) {}
};

TEST_F(WithoutRewind, all_is_judged_by_the_present_and_nothing_is_kept) {
  move_on(6);
  fire(kRail, {.tick = started_});
  EXPECT_TRUE(match_.all<Hit>().empty());
  EXPECT_EQ(judged().view, ViewTime{});
  EXPECT_TRUE(match_.state.position_history.empty());
}

}  // namespace
}  // namespace game::sim
