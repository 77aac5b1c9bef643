// Each thing that a match tells becomes something to be seen: pictures before and after.
#include "game/client/feedback.hpp"

#include <gtest/gtest.h>

#include "match_driver.hpp"

namespace game::client {
namespace {

using engine::app::Box;
using test::MatchDriver;
using test::u;

// The own ship, 1, is in the middle of the picture; the others stand 120 units apart to its right.
constexpr Box kFeedBox{900, 0, 380, 170};
constexpr Box kMiddleBox{200, 160, 880, 130};
constexpr Box kScoredBox{440, 410, 400, 60};
constexpr Box kChatBox{20, 430, 600, 150};
constexpr Color kBlood = rgb(0xFF3344);

Box around(Point at, float reach) { return {at.x - reach, at.y - reach, 2 * reach, 2 * reach}; }
Point on_screen(const MatchDriver& driver, sim::PlayerId id) {
  return driver.screen->scene().ship(id)->at - driver.screen->own().position(0, {}) + Point{640, 360};
}

/// The pixels of a part that change in a frame in which nothing happens, and in one in which this does.
template <class E>
void expect_light(MatchDriver& driver, const E& event, const Box& box, int at_least, const char* what) {
  driver.frames(3);
  const int before = driver.sheet.bright(box);
  driver.tell(event);
  driver.frames(2);
  EXPECT_GE(driver.sheet.bright(box), before + at_least) << what;
}

TEST(Feedback, turn_who_was_hit_white_for_three_frames) {
  MatchDriver driver;
  const Box inside = around(on_screen(driver, 2), 2.5F);
  ASSERT_EQ(driver.sheet.count(inside, palette::kWhite), 0);
  driver.tell(sim::Hit{.shooter = 1, .victim = 2, .damage = 20, .at = u(4106, 500)});
  int white = 0;
  for (int frame = 0; frame < 10; ++frame) {
    driver.frame();
    const bool is_white = driver.sheet.count(inside, palette::kWhite) > 10;
    EXPECT_EQ(is_white, frame < 3) << "frame " << frame;
    white += is_white ? 1 : 0;
  }
  EXPECT_EQ(white, 3);
}

TEST(Feedback, turn_nobody_white_where_flashes_are_off) {
  MatchDriver driver;
  driver.screen->set_settings({.shake = 0, .flashes = false});
  driver.tell(sim::Hit{.shooter = 1, .victim = 2, .damage = 20, .at = u(4106, 500)});
  driver.frame();
  EXPECT_EQ(driver.sheet.count(around(on_screen(driver, 2), 2.5F), palette::kWhite), 0);
}

TEST(Feedback, mark_a_hit_at_the_crosshair_for_120_ms) {
  MatchDriver driver;
  const Box corner = around({640 + 60 + 9.5F, 360 + 80 + 9.5F}, 1.5F);
  driver.look_at({700, 440});
  driver.frames(60);  // the camera glides to its lead
  ASSERT_EQ(driver.sheet.count(corner, palette::kWhite, 40), 0);
  driver.tell(sim::Hit{.shooter = 1, .victim = 2, .damage = 20, .at = u(4106, 500)});
  int frames = 0;
  for (int i = 0; i < 20; ++i) {
    driver.frame();
    frames += driver.sheet.count(corner, palette::kWhite, 40) > 0 ? 1 : 0;
  }
  EXPECT_NEAR(frames, 7, 1);
}

TEST(Feedback, ring_a_shield_instead_of_a_flash) {
  MatchDriver driver;
  const Point at = on_screen(driver, 2);
  driver.tell(sim::Hit{.shooter = 1, .victim = 2, .shielded = true, .at = u(4106, 500)});
  driver.frame();
  EXPECT_EQ(driver.sheet.count(around(at, 2.5F), palette::kWhite), 0);
}

TEST(Feedback, show_where_it_hurts_from) {
  MatchDriver driver;
  const Box right{880, 340, 20, 40};
  const Box left{380, 340, 20, 40};
  driver.tell(sim::Hit{.shooter = 2, .victim = 1, .damage = 20, .at = u(4014, 500)});
  driver.frame();
  EXPECT_GT(driver.sheet.count(right, kBlood, 90), 50);
  EXPECT_EQ(driver.sheet.count(left, kBlood, 90), 0);
  driver.frames(40);
  EXPECT_EQ(driver.sheet.count(right, kBlood, 90), 0) << "500 ms";
}

TEST(Feedback, light_the_own_muzzle_when_it_is_told_where_nothing_is_predicted) {
  const auto light = [](bool predicts) {
    MatchDriver driver(2, sim::Mode::kFreeForAll, predicts);
    driver.frames(3);
    const Box ship = around({640, 360}, 45);
    const int before = driver.sheet.bright(ship);
    driver.tell(sim::RailFired{.player = 1, .from = u(100, 500), .to = u(200, 500)});
    driver.frame();
    return driver.sheet.bright(ship) - before;
  };
  EXPECT_GT(light(false), 20);
  EXPECT_NEAR(light(true), 0, 5) << "it was lit as it was fired";
}

TEST(Feedback, celebrate_a_kill) {
  MatchDriver driver;
  const Point at = on_screen(driver, 2);
  ASSERT_EQ(driver.sheet.count(kScoredBox, test::art().colors.own), 0);
  driver.tell(sim::Kill{
      .killer = 1, .victim = 2, .weapon = sim::Weapon::kRail, .killer_health = 80, .streak = 1, .at = u(4120, 500)});
  driver.frames(4);
  EXPECT_GT(driver.sheet.count(kFeedBox, test::art().colors.own, 30), 20) << "us in the feed";
  EXPECT_GT(driver.sheet.count(kFeedBox, test::art().colors.foe, 30), 20) << "them in the feed";
  EXPECT_GT(driver.sheet.count(kScoredBox, test::art().colors.own, 30), 20) << "+1 NAME";
  EXPECT_GT(driver.sheet.count(around(at, 60), test::art().colors.foe, 60), 60) << "40 sparks";
  driver.frames(80);
  EXPECT_EQ(driver.sheet.count(kScoredBox, test::art().colors.own, 30), 0) << "1.2 s";
}

TEST(Feedback, put_a_kill_out_of_sight_into_the_feed_and_nothing_on_the_map) {
  const auto light = [](bool is_unseen) {
    MatchDriver driver(3);
    const Box map_part = around({440, 360}, 60);
    const int before = driver.sheet.count(map_part, test::art().colors.foe, 60);
    driver.tell(sim::Kill{.killer = 2, .victim = 3, .streak = 1, .at = u(3800, 500), .is_unseen = is_unseen});
    driver.frames(4);
    EXPECT_GT(driver.sheet.count(kFeedBox, test::art().colors.foe, 30), 20) << "who it was is public";
    return driver.sheet.count(map_part, test::art().colors.foe, 60) - before;
  };
  EXPECT_GT(light(false), 60);
  EXPECT_LT(light(true), 10);
}

TEST(Feedback, say_who_shot_us_down_until_we_are_back) {
  MatchDriver driver;
  const Box words{440, 310, 400, 60};
  driver.match.ship(1).alive = false;
  driver.match.ship(1).health = 0;
  driver.match.ship(1).respawn_tick = driver.match.state.tick + 1000;
  driver.tell(sim::Kill{
      .killer = 2, .victim = 1, .weapon = sim::Weapon::kBlaster, .killer_health = 35, .streak = 1, .at = u(4000, 500)});
  driver.frames(60);
  EXPECT_GT(driver.sheet.count(words, test::art().colors.foe, 30), 50);
  const Point killer = driver.screen->scene().ship(2)->at;
  EXPECT_NEAR(killer.x, 4120, 1);
  EXPECT_GT(driver.sheet.count(around({640, 360}, 18), test::art().colors.foe, 40), 20)
      << "the camera is at the killer";
}

TEST(Feedback, announce_streaks_revenge_and_the_lead) {
  const auto kill = [](std::uint16_t streak, bool revenge) {
    return sim::Kill{.killer = 1, .victim = 2, .streak = streak, .revenge = revenge, .at = u(5500, 500)};
  };
  const auto announced = [](const sim::Event& event) {
    MatchDriver driver;
    driver.frames(60);  // what the round's begin says is over
    const int before = driver.sheet.bright(kMiddleBox);
    driver.take(event);
    driver.frames(12);
    return driver.sheet.bright(kMiddleBox) - before;
  };
  EXPECT_EQ(announced(kill(2, false)), 0);
  EXPECT_GT(announced(kill(3, false)), 200);
  EXPECT_GT(announced(kill(5, false)), 200);
  EXPECT_GT(announced(kill(8, false)), 200);
  EXPECT_GT(announced(kill(1, true)), 200);
  EXPECT_GT(announced(sim::LeadChanged{.leader = 1, .previous = 2}), 200);
  EXPECT_GT(announced(sim::LeadChanged{.leader = 2, .previous = 1}), 200);
  EXPECT_EQ(announced(sim::LeadChanged{.leader = 2, .previous = 3}), 0) << "that is theirs";
  EXPECT_GT(announced(sim::PickupCalled{.kind = sim::PickupKind::kMega}), 200);
  EXPECT_GT(announced(sim::PhaseChanged{.phase = sim::Phase::kSuddenDeath}), 200);
  EXPECT_GT(announced(sim::RoundStarted{.round = 2, .frag_limit = 20}), 200);
}

TEST(Feedback, light_up_rails_pickups_and_spawns_where_they_are) {
  MatchDriver driver;
  expect_light(driver, sim::RailFired{.player = 2, .from = u(3700, 400), .to = u(4300, 400)}, {400, 250, 480, 20}, 300,
               "a beam");
  expect_light(driver, sim::RailFired{.player = 2, .from = u(4000, 300), .to = u(4200, 700), .hit_wall = true},
               around({840, 560}, 16), 20, "a scar");
  expect_light(driver, sim::PickupTaken{.player = 2, .kind = sim::PickupKind::kHealth, .at = u(3800, 600)},
               around({440, 460}, 50), 10, "a pickup");
  expect_light(driver, sim::Spawned{.player = 2, .at = u(4300, 700)}, around({940, 560}, 64), 10, "a spawn");
}

TEST(Feedback, put_into_the_feed_who_comes_goes_and_has_the_mega) {
  const auto fed = [](const sim::Event& event) {
    MatchDriver driver;
    driver.frames(330);  // what the round's begin says is gone
    const int before =
        driver.sheet.count(kFeedBox, palette::kMuted, 40) + driver.sheet.count(kFeedBox, palette::kMega, 40);
    driver.take(event);
    driver.frames(2);
    return driver.sheet.count(kFeedBox, palette::kMuted, 40) + driver.sheet.count(kFeedBox, palette::kMega, 40) -
           before;
  };
  EXPECT_GT(fed(sim::PlayerJoined{.player = 7, .name = "Ada"}), 20);
  EXPECT_GT(fed(sim::PlayerLeft{.player = 7, .name = "Ada\x1B[2J"}), 20);
  EXPECT_GT(fed(sim::PickupTaken{.player = 2, .kind = sim::PickupKind::kMega, .at = u(100, 100)}), 20);
  EXPECT_GT(fed(sim::PickupTaken{.player = sim::kNobody, .kind = sim::PickupKind::kMega, .at = u(100, 100)}), 20)
      << "somebody unseen";
  EXPECT_EQ(fed(sim::PickupTaken{.player = 2, .kind = sim::PickupKind::kHealth, .at = u(100, 100)}), 0);
}

TEST(Feedback, show_what_was_said) {
  MatchDriver driver;
  arena::ChatT chat;
  chat.player = 2;
  chat.text = "hello";
  driver.tell(chat);
  driver.frame();
  EXPECT_GT(driver.sheet.count(kChatBox, test::art().colors.foe, 40), 20) << "by whom";
  EXPECT_GT(driver.sheet.count(kChatBox, palette::kText, 40), 20) << "what";
}

TEST(Feedback, end_a_round_on_the_podium_with_its_awards) {
  MatchDriver driver(3);
  driver.match.state.flow.phase = sim::Phase::kPodium;
  driver.match.state.flow.phase_end_tick = driver.match.state.tick + 600;
  sim::RoundEnded end{.round = 1, .winner = 1, .score = 20};
  end.awards[0] = {.player = 2, .kind = sim::AwardKind::kDeadeye, .value = 42};
  driver.tell(end);
  driver.frames(150);
  EXPECT_GT(driver.sheet.count({340, 40, 600, 70}, palette::kRapid, 40), 200) << "VICTORY";
  EXPECT_GT(driver.sheet.count({530, 510, 220, 90}, test::art().colors.own, 40), 50) << "DEADEYE";
  const int steps = driver.sheet.count({366, 290, 548, 180}, rgb(0xFFD84A), 40);
  EXPECT_GT(steps, 100) << "the first one's step";
}

TEST(Feedback, shake_the_picture_when_it_hits_us) {
  MatchDriver driver;
  driver.frames(10);
  const auto hit = sim::Hit{.shooter = 2, .victim = 1, .damage = 80, .at = u(4014, 500)};
  const auto moved = [&](float shake) {
    driver.screen->set_settings({.shake = shake});
    driver.frames(60);
    const Box walls_of_grid{0, 200, 300, 300};  // nothing is there but the grid
    const int before = driver.sheet.count(walls_of_grid, palette::kGrid, 10);
    engine::app::Picture still(1280, 720);
    std::copy_n(driver.sheet.picture->pixels(), 1280 * 720, still.pixels());
    for (int i = 0; i < 4; ++i) driver.tell(hit);
    driver.frames(2);
    EXPECT_GT(before, 0);
    return test::difference(still, *driver.sheet.picture);
  };
  const double at_rest = moved(0);
  EXPECT_GT(moved(1), 2 * at_rest);
}

TEST(Feedback, leave_alone_what_they_do_not_know) {
  MatchDriver driver;
  driver.tell(sim::MapChosen{.map = "duel"});
  arena::MoveT move;
  driver.tell(move);
  // Without their text and names, and of players that there are not.
  driver.tell(arena::ChatT());
  driver.tell(arena::PlayerJoinedT());
  driver.tell(arena::RoundEndedT());
  driver.tell(sim::Kill{.killer = 999, .victim = 65535, .at = u(4000, 500)});
  for (const auto kind : {sim::HeardKind::kRail, sim::HeardKind::kHit, sim::HeardKind::kKill, sim::HeardKind{200}})
    driver.tell(sim::Heard{.kind = kind, .octant = 255, .is_near = true});
  driver.tell(sim::RailFired{.player = sim::kNobody, .from = u(3800, 500), .to = u(4200, 500)});
  driver.tell(sim::Hit{.shooter = 65535, .victim = 0, .damage = 255, .at = u(4000, 500)});
  driver.frames(3);
}

}  // namespace
}  // namespace game::client
