#include "game/client/hud.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "client_support.hpp"
#include "game/sim/tuning.hpp"

namespace game::client {
namespace {

using engine::app::Box;

constexpr Box kBottomLeft{0, 600, 330, 120};
constexpr Box kTopLeft{0, 0, 330, 110};
constexpr Box kTopMiddle{500, 0, 280, 80};
constexpr Box kBottomRight{1100, 660, 180, 60};
constexpr Box kAtShip{600, 320, 80, 80};
constexpr Box kBottomMiddle{400, 640, 480, 80};
constexpr Color kBlood = rgb(0xFF3344);

/// Facts of a round with `players`, the own ship in the middle of the picture.
struct Facts {
  explicit Facts(sim::PlayerId players = 3, const std::string& name = "player")
      : match(test::field(), test::endless(sim::Mode::kTeams)) {
    for (sim::PlayerId id = 1; id <= players; ++id) {
      sim::join(match.state, id, name + " " + std::to_string(id));
      SceneShip one;
      one.id = id;
      one.at = {4000.0F + 900 * static_cast<float>(id - 1), 500};
      scene.ships.push_back(one);
    }
    roster.update(test::Snapshot(match.state).world());
    for (SceneShip& one : scene.ships) one.name = roster.name(one.id);
    scene.self = players > 0 ? sim::PlayerId{1} : sim::kNobody;
    scene.tick = 1000;
    scene.flow.phase = sim::Phase::kRound;
    scene.flow.phase_end_tick = 1000 + 75 * 60;
    ship.id = 1;
    ship.alive = true;
    ship.health = 80;
  }
  HudFacts facts() const {
    return {.scene = scene, .roster = roster, .ship = &ship, .tick = 1000, .camera = {4000, 500}};
  }

  game::test::Match match;
  Scene scene;
  Roster roster;
  sim::Ship ship;
};

struct Drawn : test::Sheet {
  Drawn(const Hud& hud, const HudFacts& facts, int width = 1280, int height = 720) : Sheet(width, height) {
    hud.draw(canvas, test::art(), facts);
  }
};

/// Nearly six days at 60 frames a second: a float that adds them up has stood still since the first.
constexpr int kDaysOfUpdates = 30'000'000;

TEST(Hud, pulses_after_days_as_in_the_first_minute) {
  Hud hud;
  for (int i = 0; i < kDaysOfUpdates; ++i) hud.update(1.0F / 60);
  Facts facts;
  facts.scene.flow.phase = sim::Phase::kSuddenDeath;
  facts.ship.health = 10;
  const Drawn before(hud, facts.facts());
  for (int i = 0; i < 15; ++i) hud.update(1.0F / 60);  // a quarter of a second
  const Drawn after(hud, facts.facts());
  EXPECT_GT(test::difference(*before.picture, *after.picture), 0);
}

TEST(Hud, has_each_fact_in_its_place_at_every_size) {
  for (const auto& [width, height] : {std::pair{640, 360}, {1280, 720}, {1920, 1080}, {2560, 1080}}) {
    SCOPED_TRACE(std::to_string(width) + " x " + std::to_string(height));
    const Facts facts;
    const Drawn drawn(Hud(), facts.facts(), width, height);
    for (const Box& place : {kBottomLeft, kTopLeft, kTopMiddle, kAtShip}) EXPECT_GT(drawn.lit(place), 30);
    EXPECT_EQ(drawn.lit(kBottomRight), 0) << "a good ping is not shown";
    EXPECT_EQ(drawn.lit(kBottomMiddle), 0);
  }
}

TEST(Hud, draws_64_players_long_names_and_nobody) {
  for (const sim::PlayerId players : {sim::PlayerId{0}, sim::PlayerId{1}, sim::PlayerId{64}}) {
    Facts facts(players, std::string(players == 64 ? 250 : 3, 'W'));
    for (const auto phase : {sim::Phase::kWarmup, sim::Phase::kCountdown, sim::Phase::kRound, sim::Phase::kSuddenDeath,
                             sim::Phase::kPodium}) {
      facts.scene.flow.phase = phase;
      facts.scene.flow.leader = 2;
      const Drawn drawn(Hud(), facts.facts());
      EXPECT_GT(drawn.lit(), 0);
    }
  }
}

TEST(Hud, warns_in_red_under_30_health) {
  Facts facts;
  facts.ship.health = 30;
  const Drawn well(Hud(), facts.facts());
  EXPECT_EQ(well.count(kBottomLeft, kBlood), 0);
  EXPECT_EQ(well.lit({0, 300, 40, 100}), 0);
  facts.ship.health = 29;
  const Drawn badly(Hud(), facts.facts());
  EXPECT_GT(badly.count(kBottomLeft, kBlood), 30);
  EXPECT_GT(badly.lit({0, 300, 40, 100}), 500) << "red edges";
  Hud calm;
  calm.set_flashes(false);
  EXPECT_EQ(Drawn(calm, facts.facts()).lit({0, 300, 40, 100}), 0);
}

TEST(Hud, draws_health_left_and_energy_right_of_the_ship) {
  Facts facts;
  facts.ship.health = 100;
  facts.ship.energy = 0;
  facts.ship.energy_from_tick = 1000;
  const Box left{610, 340, 8, 40};
  const Box right{662, 340, 8, 40};
  const Drawn healthy(Hud(), facts.facts());
  EXPECT_GT(healthy.count(left, palette::kHealth, 40), 30);
  EXPECT_EQ(healthy.count(right, test::art().colors.own, 60), 0);
  facts.ship.health = 31;
  facts.ship.energy = sim::kEnergyMax;
  const Drawn ready(Hud(), facts.facts());
  EXPECT_LT(ready.count(left, palette::kHealth, 40), healthy.count(left, palette::kHealth, 40) / 2);
  EXPECT_GT(ready.count(right, test::art().colors.own, 40), 30);
}

TEST(Hud, shows_a_ping_above_120_ms_or_when_asked) {
  const Facts facts;
  HudFacts shown = facts.facts();
  shown.ping_ms = 120;
  EXPECT_EQ(Drawn(Hud(), shown).lit(kBottomRight), 0);
  shown.ping_ms = 121;
  EXPECT_GT(Drawn(Hud(), shown).count(kBottomRight, palette::kWarning, 40), 10);
  shown.ping_ms = 20;
  shown.always_shows_ping = true;
  EXPECT_GT(Drawn(Hud(), shown).count(kBottomRight, palette::kMuted, 40), 10);
}

TEST(Hud, points_to_a_leader_who_is_outside_of_the_picture) {
  Facts facts;
  const Box right_edge{1180, 320, 100, 80};
  facts.scene.flow.leader = 2;  // 900 units to the right
  EXPECT_GT(Drawn(Hud(), facts.facts()).count(right_edge, palette::kRapid, 40), 30);
  facts.scene.flow.leader = 1;
  EXPECT_EQ(Drawn(Hud(), facts.facts()).lit(right_edge), 0) << "not to oneself";
  facts.scene.flow.leader = 2;
  facts.scene.ships[1].at = {4100, 500};
  EXPECT_EQ(Drawn(Hud(), facts.facts()).lit(right_edge), 0) << "nor to one who is in it";
}

TEST(Hud, tells_the_dead_who_did_it_and_stops_once_they_are_back) {
  Facts facts;
  Hud hud;
  const Box middle{300, 480, 680, 100};
  facts.ship.alive = false;
  HudFacts dead = facts.facts();
  dead.shows_crosshair = false;
  EXPECT_EQ(Drawn(hud, dead).lit(middle), 0);
  hud.died(2, "Bo", test::art().colors.foe, sim::Weapon::kRail, 12);
  EXPECT_GT(Drawn(hud, dead).count(middle, test::art().colors.foe, 30), 50);
  hud.spawned();
  EXPECT_EQ(Drawn(hud, dead).lit(middle), 0);
}

TEST(Hud, leaves_the_killer_free_wherever_the_dead_look_at_it) {
  Facts facts;
  Hud hud;
  facts.ship.alive = false;
  hud.died(2, std::string(32, 'W'), test::art().colors.foe, sim::Weapon::kRail, 12);
  HudFacts dead = facts.facts();
  dead.shows_crosshair = false;
  // In the middle, and at the edge of a map, where the camera stays behind.
  for (const float y : {-200.0F, 0.0F, 60.0F, 130.0F, 240.0F}) {
    SCOPED_TRACE(y);
    facts.scene.ships[1].at = {4000, 500 + y};
    const Drawn drawn(hud, dead);
    const Box killer{640 - 45, 360 + y - 45, 90, 100};  // its name and health bar, too
    EXPECT_EQ(drawn.lit(killer), 0);
    EXPECT_GT(drawn.count({0, 200, 1280, 420}, test::art().colors.foe, 30), 50);
  }
}

TEST(Hud, keeps_the_arrow_to_the_leader_off_what_is_always_read) {
  // Health and energy, the place in the round, the clock with the teams' scores, the feed, the ping and the chat.
  constexpr Box kReserved[] = {{0, 600, 330, 120}, {0, 0, 330, 110},     {480, 0, 320, 90},
                               {800, 0, 480, 160}, {1100, 650, 180, 70}, {0, 430, 560, 160}};
  for (const auto& [width, height] : {std::pair{640, 360}, {1280, 720}, {1024, 768}}) {
    for (int degrees = 0; degrees < 360; degrees += 6) {
      SCOPED_TRACE(std::to_string(width) + " x " + std::to_string(height) + ", " + std::to_string(degrees));
      Facts facts(2, std::string(32, 'W'));
      HudFacts with = facts.facts();
      facts.scene.ships[1].at =
          Point{4000, 500} + engine::app::direction(static_cast<float>(degrees) * kPi / 180) * 2000;
      const Drawn without_arrow(Hud(), with, width, height);
      facts.scene.flow.leader = 2;
      const Drawn drawn(Hud(), with, width, height);
      ASSERT_GT(drawn.count({0, 0, 1280, 720}, palette::kRapid, 40),
                without_arrow.count({0, 0, 1280, 720}, palette::kRapid, 40));
      for (const Box& box : kReserved) ASSERT_EQ(drawn.lit(box), without_arrow.lit(box)) << box.x << ", " << box.y;
    }
  }
}

TEST(Hud, shows_no_arrow_through_a_menu) {
  Facts facts;
  facts.scene.flow.leader = 2;
  HudFacts covered = facts.facts();
  covered.is_covered = true;
  EXPECT_EQ(Drawn(Hud(), covered).count({0, 110, 1280, 490}, palette::kRapid, 40), 0);
}

TEST(Hud, says_why_the_picture_stands_still) {
  const Facts facts;
  HudFacts still = facts.facts();
  still.trouble = "the server's snapshots cannot be shown: " + std::string(300, 'x');
  const Drawn drawn(Hud(), still);
  EXPECT_GT(drawn.count({0, 330, 1280, 60}, palette::kWarning, 40), 100);
  EXPECT_EQ(drawn.count({0, 330, 8, 60}, palette::kWarning, 40), 0) << "within the picture";
}

TEST(Hud, says_that_the_connection_is_lost) {
  const Facts facts;
  HudFacts lost = facts.facts();
  lost.is_reconnecting = true;
  EXPECT_GT(Drawn(Hud(), lost).count({300, 330, 680, 60}, palette::kWarning, 40), 100);
}

TEST(Hud, tells_a_spectator_who_is_watched_and_shows_no_ship) {
  const Facts facts;
  HudFacts watching = facts.facts();
  watching.ship = nullptr;
  watching.shows_crosshair = false;
  watching.watching = "player 2";
  const Drawn drawn(Hud(), watching);
  EXPECT_GT(drawn.count(kBottomMiddle, palette::kText, 40), 30);
  EXPECT_EQ(drawn.lit(kAtShip), 0);
  EXPECT_EQ(drawn.lit(kBottomLeft), 0);
}

TEST(Hud, hurts_from_eight_sides_at_most_and_forgets) {
  Hud hud;
  for (int i = 0; i < 1000; ++i) hud.hurt(static_cast<float>(i));
  const Facts facts;
  EXPECT_GT(Drawn(hud, facts.facts()).count({380, 100, 520, 520}, kBlood, 90), 100);
  hud.update(0.6F);
  EXPECT_EQ(Drawn(hud, facts.facts()).count({380, 100, 520, 220}, kBlood, 90), 0);
}

TEST(Hud, draws_numbers_as_large_as_they_come) {
  Facts facts;
  facts.ship.health = 200;
  facts.ship.rapid_until_tick = std::numeric_limits<std::uint32_t>::max();
  facts.ship.dash_ready_tick = std::numeric_limits<std::uint32_t>::max();
  facts.ship.rail_ready_tick = std::numeric_limits<std::uint32_t>::max();
  facts.scene.flow.phase_end_tick = std::numeric_limits<std::uint32_t>::max();
  facts.scene.ships[1].at = {1e9F, -1e9F};
  facts.scene.flow.leader = 2;
  HudFacts all = facts.facts();
  all.ping_ms = std::numeric_limits<int>::max();
  all.pointer = {1e9F, -1e9F};
  EXPECT_GT(Drawn(Hud(), all).lit(kBottomLeft), 0);
}

}  // namespace
}  // namespace game::client
