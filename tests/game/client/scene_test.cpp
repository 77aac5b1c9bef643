#include "game/client/scene.hpp"

#include <gtest/gtest.h>

#include "client_support.hpp"
#include "game/sim/tuning.hpp"

namespace game::client {
namespace {

using test::Snapshot;

/// Three ships at rest in the field; 1 is the own one. Each snapshot is four ticks after the one before.
struct Stage {
  explicit Stage(sim::Mode mode = sim::Mode::kFreeForAll) : match(test::field(), test::endless(mode)) {
    match.start(3);
    for (sim::PlayerId id = 1; id <= 3; ++id) match.place(id, test::u(1000 + 100 * id, 500));
  }
  /// `hidden` is out of the own ship's sight.
  void snapshot(sim::PlayerId hidden = sim::kNobody) {
    match.state.tick += 4;
    const Snapshot snapshot(match.state);
    roster.update(snapshot.world());
    view = snapshot.view(match.state.tick);
    std::erase_if(view.ships, [hidden](const sim::Ship& ship) { return ship.id == hidden; });
    if (has_own) own.correct(view, 1, 0);
    timeline.add(view, match.state.tick / 60.0);
  }
  const Scene& look(double tick, float own_share = 0) {
    build({.pair = timeline.around(tick),
           .newest = timeline.newest(),
           .roster = roster,
           .map = *match.map,
           .colors = kSideColors[0],
           .own = has_own ? &own : nullptr,
           .own_at = own.position(own_share, {}),
           .own_share = own_share,
           .self = has_own ? sim::PlayerId{1} : sim::kNobody},
          tick, scene);
    return scene;
  }
  std::uint32_t tick() const { return match.state.tick; }

  game::test::Match match;
  Timeline timeline{0};
  Roster roster;
  OwnShip own{*match.map};
  sim::PlayerView view;
  Scene scene;
  bool has_own = true;
};

TEST(Scene, shows_the_others_between_two_snapshots) {
  Stage stage;
  stage.snapshot();
  stage.match.ship(2).position += test::u(40, -20);
  stage.match.ship(2).velocity = test::u(6, 0);
  stage.snapshot();
  const SceneShip* ship = stage.look(stage.tick() - 1).ship(2);
  ASSERT_NE(ship, nullptr);
  EXPECT_EQ(ship->at, (Point{1230, 485})) << "three quarters of the way";
  EXPECT_FLOAT_EQ(ship->velocity.x, 4.5F);
}

TEST(Scene, turns_the_short_way_round) {
  Stage stage;
  stage.match.ship(2).held.aim = 65000;
  stage.snapshot();
  stage.match.ship(2).held.aim = 1000;
  stage.snapshot();
  const float aim = stage.look(stage.tick() - 2).ship(2)->aim;
  EXPECT_NEAR(std::remainder(aim, 2 * kPi), radians(232), 0.001F) << "half of the way over 0, not over half a turn";
}

TEST(Scene, lets_who_jumps_be_in_one_place_or_the_other) {
  Stage stage;
  stage.snapshot();
  stage.match.ship(2).position += test::u(2000, 0);
  stage.snapshot();
  EXPECT_EQ(stage.look(stage.tick() - 0.5).ship(2)->at, (Point{1200, 500}));
  EXPECT_EQ(stage.look(stage.tick()).ship(2)->at, (Point{3200, 500}));
}

TEST(Scene, shows_who_goes_out_of_sight_and_comes_back_elsewhere_nowhere_in_between) {
  Stage stage;
  stage.snapshot();
  stage.snapshot(2);
  EXPECT_EQ(stage.look(stage.tick() - 2).ship(2), nullptr) << "gone at once";
  EXPECT_NE(stage.look(stage.tick() - 2).ship(3), nullptr);
  EXPECT_EQ(stage.look(stage.tick()).ship(2), nullptr);
  stage.match.ship(2).position += test::u(200, 0);
  stage.snapshot();
  EXPECT_EQ(stage.look(stage.tick() - 2).ship(2), nullptr) << "on the way from nowhere";
  stage.snapshot();
  ASSERT_NE(stage.look(stage.tick() - 2).ship(2), nullptr);
  EXPECT_EQ(stage.look(stage.tick() - 2).ship(2)->at, (Point{1400, 500}));
  EXPECT_EQ(stage.scene.ship(2)->name, "player 2");
}

TEST(Scene, shows_who_dies_until_the_snapshot_that_says_so_and_who_comes_in_from_then_on) {
  Stage stage;
  stage.match.ship(3).alive = false;
  stage.match.ship(3).health = 0;
  stage.snapshot();
  stage.match.ship(2).alive = false;
  stage.match.ship(2).health = 0;
  stage.match.ship(3).alive = true;
  stage.match.ship(3).health = 100;
  stage.snapshot();
  EXPECT_NE(stage.look(stage.tick() - 0.1).ship(2), nullptr);
  EXPECT_EQ(stage.look(stage.tick() - 0.1).ship(3), nullptr);
  EXPECT_EQ(stage.look(stage.tick()).ship(2), nullptr);
  EXPECT_NE(stage.look(stage.tick()).ship(3), nullptr);
}

TEST(Scene, shows_the_own_ship_where_it_is_predicted_and_once) {
  Stage stage;
  stage.snapshot();
  stage.snapshot();
  for (std::uint32_t n = 1; n <= 10; ++n) stage.own.act(n, stage.own.tick() + 1, {.thrust_x = 127});
  const Scene& scene = stage.look(stage.tick() - 2, 0.5F);
  EXPECT_EQ(std::count_if(scene.ships.begin(), scene.ships.end(), [](const SceneShip& one) { return one.id == 1; }), 1);
  EXPECT_EQ(scene.ship(1)->at, stage.own.position(0.5F, {}));
  EXPECT_GT(scene.ship(1)->at.x, 1100);
  EXPECT_TRUE(scene.ship(1)->is_own);
  EXPECT_FALSE(scene.ship(1)->is_foe);
}

TEST(Scene, shows_own_shots_at_the_own_ships_moment_and_others_in_the_past) {
  Stage stage;
  const auto shot = [&](std::uint16_t id, sim::PlayerId owner) {
    return sim::Shot{.id = id,
                     .owner = owner,
                     .position = test::u(2000, 100 * id),
                     .velocity = test::u(15, 0),
                     .end_tick = stage.tick() + 100};
  };
  stage.match.state.shots = {shot(1, 1), shot(2, 2)};
  stage.snapshot();
  for (sim::Shot& one : stage.match.state.shots) one.position += test::u(60, 0);
  stage.snapshot();
  for (std::uint32_t n = 1; n <= 6; ++n) stage.own.act(n, stage.own.tick() + 1, {});
  const Scene& scene = stage.look(stage.tick() - 2, 0.5F);
  ASSERT_EQ(scene.shots.size(), 2U);
  for (const SceneShot& one : scene.shots) {
    // The snapshot's place is 2060 at its tick; the own ship is 6.5 ticks after it, the others are 2 before.
    EXPECT_NEAR(one.at.x, one.is_own ? 2060 + 6.5F * 15 : 2060 - 2 * 15, 0.1F);
    EXPECT_EQ(one.color, one.is_own ? kSideColors[0].own : kSideColors[0].foe);
  }
}

TEST(Scene, shows_no_shot_after_its_last_tick) {
  Stage stage;
  stage.match.state.shots = {{.id = 1, .owner = 2, .position = test::u(2000, 100), .velocity = test::u(15, 0)},
                             {.id = 2, .owner = 1, .position = test::u(2000, 200), .velocity = test::u(15, 0)}};
  for (sim::Shot& one : stage.match.state.shots) one.end_tick = stage.tick() + 6;
  stage.snapshot();
  EXPECT_EQ(stage.look(stage.tick()).shots.size(), 2U);
  EXPECT_EQ(stage.look(stage.tick() + 2).shots.size(), 2U);
  EXPECT_EQ(stage.look(stage.tick() + 2.1).shots.size(), 1U) << "the other's is gone";
  for (std::uint32_t n = 1; n <= 3; ++n) stage.own.act(n, stage.own.tick() + 1, {});
  EXPECT_TRUE(stage.look(stage.tick() + 2.1).shots.empty()) << "and the own one, at its own moment";
}

TEST(Scene, colours_own_and_foe_where_everybody_is_for_themselves) {
  Stage stage;
  stage.snapshot();
  const Scene& scene = stage.look(stage.tick());
  EXPECT_EQ(scene.ship(1)->color, kSideColors[0].own);
  EXPECT_EQ(scene.ship(2)->color, kSideColors[0].foe);
  EXPECT_TRUE(scene.ship(2)->is_foe);
}

TEST(Scene, colours_teams_and_takes_mates_for_no_foes) {
  Stage stage(sim::Mode::kTeams);
  stage.match.player(1).team = 2;
  stage.match.player(2).team = 1;
  stage.match.player(3).team = 2;
  stage.snapshot();
  const Scene& scene = stage.look(stage.tick());
  EXPECT_EQ(scene.ship(1)->color, kSideColors[0].teams[1]);
  EXPECT_EQ(scene.ship(2)->color, kSideColors[0].teams[0]);
  EXPECT_TRUE(scene.ship(2)->is_foe);
  EXPECT_EQ(scene.ship(3)->color, kSideColors[0].teams[1]);
  EXPECT_FALSE(scene.ship(3)->is_foe);
}

TEST(Scene, has_no_own_ship_for_a_spectator) {
  Stage stage;
  stage.has_own = false;
  stage.snapshot();
  const Scene& scene = stage.look(stage.tick());
  EXPECT_EQ(scene.ships.size(), 3U);
  for (const SceneShip& ship : scene.ships) EXPECT_FALSE(ship.is_own);
}

TEST(Scene, shows_how_much_of_its_time_a_pickup_has_waited) {
  sim::MapPlan plan = test::field();
  plan.pads = {{test::u(400, 400), sim::PickupKind::kHealth}, {test::u(600, 400), sim::PickupKind::kMega}};
  Stage stage;
  stage.match.map = std::make_shared<const sim::Map>(plan);
  stage.own = OwnShip(*stage.match.map);
  stage.snapshot();
  stage.match.state.pickups = {{.id = 0, .kind = sim::PickupKind::kHealth, .ready_tick = 0},
                               {.id = 1, .kind = sim::PickupKind::kMega},
                               {.id = 7, .kind = sim::PickupKind::kMega}};
  stage.match.state.pickups[1].ready_tick = stage.tick() + 4 + sim::kMegaPeriodTicks / 2;
  stage.snapshot();
  const Scene& scene = stage.look(stage.tick());
  ASSERT_EQ(scene.pickups.size(), 2U) << "one of a pad that the map does not have is left out";
  EXPECT_FLOAT_EQ(scene.pickups[0].ready_share, 1);
  EXPECT_FLOAT_EQ(scene.pickups[1].ready_share, 0.5F);
  EXPECT_EQ(scene.pickups[1].at, (Point{600, 400}));
}

TEST(Scene, crowns_the_leader_and_names_everybody) {
  Stage stage;
  stage.match.state.flow.leader = 3;
  stage.snapshot();
  const Scene& scene = stage.look(stage.tick());
  EXPECT_TRUE(scene.ship(3)->is_leader);
  EXPECT_FALSE(scene.ship(2)->is_leader);
  EXPECT_EQ(scene.ship(2)->name, "player 2");
}

TEST(Scene, is_empty_before_the_first_snapshot) {
  Stage stage;
  EXPECT_TRUE(stage.look(0).ships.empty());
  EXPECT_EQ(stage.look(0).ship(1), nullptr);
}

}  // namespace
}  // namespace game::client
