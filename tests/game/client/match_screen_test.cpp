// Tests also: ground.cpp, match_renderer.cpp.
#include "game/client/match_screen.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "crowd.hpp"
#include "match_driver.hpp"

namespace game::client {
namespace {

using engine::app::Box;
using test::MatchDriver;
using test::ScreenDriver;

TEST(MatchScreen, shows_a_whole_match_of_bots_and_hands_at_60_frames_a_second) {
  constexpr int kSeconds = 30;
  constexpr std::uint64_t kSeed = 4;
  SCOPED_TRACE("seed " + std::to_string(kSeed));
  game::test::Crowd crowd(16, 4, kSeed);
  ScreenDriver driver(game::test::foundry_bytes(), 1);
  engine::Rng rng(kSeed);
  std::vector<double> draw_ms;
  std::size_t told = 0;
  int seen_frames = 0;
  for (int frame = 0; frame < 60 * kSeconds; ++frame) {
    std::vector<sim::Action> actions = crowd.think();
    // Hands that know no better, and a bot's aim and trigger.
    const sim::Action bot = actions[0];
    actions[0] = driver.hands;
    actions[0].aim = bot.aim;
    actions[0].fire = bot.fire;
    crowd.advance(actions);
    for (const sim::Event& event : crowd.events) driver.take(event);
    told += crowd.events.size();
    if (frame % 2 == 0) {
      const test::Snapshot snapshot(crowd.state, "foundry");
      const auto taken =
          driver.screen->take_snapshot(snapshot.world(), crowd.state.tick, driver.sequence, driver.now_s);
      ASSERT_TRUE(taken) << taken.error().reason;
    }
    for (const char* key : {"W", "A", "S", "D", "Space", "Mouse 3", "Tab"})
      if (rng.below(25) == 0) rng.below(2) == 0 ? driver.keys.down(key) : driver.keys.up(key);
    if (rng.below(10) == 0) driver.look_at({static_cast<float>(rng.below(1280)), static_cast<float>(rng.below(720))});
    const auto begin = std::chrono::steady_clock::now();
    driver.update();
    driver.draw();
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    draw_ms.push_back(took.count());
    seen_frames += driver.screen->scene().ships.empty() ? 0 : 1;
  }
  EXPECT_GT(told, 200U) << "a fight";
  EXPECT_GT(seen_frames, 60 * kSeconds * 9 / 10);
  std::sort(draw_ms.begin(), draw_ms.end());
  std::printf(
      "[   drawn  ] %zu frames of 16 ships at 1280 x 720: %.2f ms in the middle, %.2f ms p95, %.2f ms at most\n",
      draw_ms.size(), draw_ms[draw_ms.size() / 2], draw_ms[draw_ms.size() * 95 / 100], draw_ms.back());
}

TEST(MatchScreen, refuses_a_map_that_is_none_in_words) {
  const std::vector<std::uint8_t> nonsense(100, 7);
  const auto screen = MatchScreen::open(test::art(), nullptr, {}, {.map = nonsense});
  ASSERT_FALSE(screen);
  EXPECT_EQ(screen.error().reason, "the map is not a whole FlatBuffer of arena.map.Map");
}

TEST(MatchScreen, draws_before_it_was_told_anything) {
  for (const sim::PlayerId self : {sim::kNobody, sim::PlayerId{1}}) {
    ScreenDriver driver(test::field_bytes(), self);
    driver.update();
    driver.draw();
    EXPECT_TRUE(driver.screen->scene().ships.empty());
  }
}

TEST(MatchScreen, draws_at_every_size_and_bars_what_others_do_not_see) {
  for (const auto& [width, height] : {std::pair{640, 360}, {1280, 720}, {1920, 1080}, {2560, 1080}, {300, 900}}) {
    ScreenDriver driver(test::field_bytes(), sim::kNobody, width, height);
    driver.update();
    driver.draw();
    const auto& all = driver.sheet.canvas.visible();
    if (all.width > 1281) {
      EXPECT_EQ(driver.sheet.count({all.x, 100, -all.x - 2, 400}, rgb(0x020308), 1),
                driver.sheet.lit({all.x, 100, -all.x - 2, 400}));
    }
  }
}

TEST(MatchScreen, moves_the_own_ship_while_a_key_is_held) {
  MatchDriver driver;
  const Point from = driver.screen->scene().ship(1)->at;
  driver.keys.down("D");
  driver.frames(30);
  EXPECT_GT(driver.screen->scene().ship(1)->at.x, from.x + 60);
  EXPECT_LT(driver.screen->own().last_correction(), 1);
}

TEST(MatchScreen, looks_at_the_own_ship_and_shows_what_it_has_where_nothing_is_predicted) {
  constexpr Box kMiddle{610, 330, 60, 60};
  constexpr Box kNumerals{0, 600, 330, 120};
  MatchDriver driver(2, sim::Mode::kFreeForAll, false);
  driver.match.place(1, test::u(2000, 500));
  driver.frames(60);
  EXPECT_FALSE(driver.screen->own().is_known());
  ASSERT_NE(driver.screen->scene().ship(1), nullptr);
  EXPECT_TRUE(driver.screen->scene().ship(1)->is_own);
  EXPECT_GT(driver.sheet.count(kMiddle, test::art().colors.own, 40), 50) << "the ship in the middle of the picture";
  EXPECT_GT(driver.sheet.bright(kNumerals), 100) << "health and energy";
  driver.keys.down("D");
  driver.frames(30);
  EXPECT_GT(driver.screen->scene().ship(1)->at.x, 2020);
  EXPECT_GT(driver.sheet.count(kMiddle, test::art().colors.own, 40), 50) << "wherever it flies";
}

TEST(MatchScreen, takes_hands_off_while_a_menu_is_open) {
  MatchDriver driver;
  driver.keys.down("D");
  driver.update(false);
  driver.update(false);
  EXPECT_EQ(driver.hands.thrust_x, 0);
  driver.update(true);
  driver.update(true);
  EXPECT_EQ(driver.hands.thrust_x, 127);
}

TEST(MatchScreen, writes_instead_of_flying_while_the_chat_is_open) {
  MatchDriver driver;
  EXPECT_FALSE(driver.screen->wants_text());
  driver.keys.down("Return");
  driver.keys.up("Return");
  driver.frame();
  ASSERT_TRUE(driver.screen->wants_text());
  driver.keys.type("dwas");
  driver.keys.down("D");
  driver.frames(3);
  EXPECT_EQ(driver.hands.thrust_x, 0);
  driver.keys.down("Return");
  driver.keys.up("Return");
  driver.frame();
  EXPECT_FALSE(driver.screen->wants_text());
  EXPECT_EQ(driver.screen->take_chat(), "dwas");
  EXPECT_EQ(driver.screen->take_chat(), std::nullopt) << "once";
}

TEST(MatchScreen, leaves_the_key_that_ends_a_line_to_the_chat) {
  MatchDriver driver;
  driver.keys.down("T");
  driver.keys.up("T");
  driver.frame();
  ASSERT_TRUE(driver.screen->wants_text());
  driver.keys.down("D");
  driver.keys.down("Tab");
  driver.keys.down("Space");
  driver.keys.down("Escape");
  driver.frame();
  EXPECT_FALSE(driver.screen->wants_text());
  EXPECT_EQ(driver.hands.thrust_x, 0) << "pressed while the line was open";
  EXPECT_FALSE(driver.hands.dash);
}

TEST(MatchScreen, shows_no_scores_behind_a_line_that_is_typed) {
  MatchDriver driver;
  driver.frames(60);
  const Box edge{310, 240, 660, 40};
  const auto panel = [&] { return driver.sheet.count(edge, palette::kWall, 20); };
  const int before = panel();
  driver.keys.down("T");
  driver.frame();
  driver.keys.down("Tab");
  driver.frames(2);
  EXPECT_NEAR(panel(), before, 60);
}

TEST(MatchScreen, watches_whom_it_watched_while_a_menu_has_the_hands) {
  ScreenDriver driver(test::field_bytes(), sim::kNobody);
  const auto words = [&](bool hands_on) {
    driver.keys.down("F");
    driver.keys.up("F");
    driver.update(hands_on);
    driver.sheet.clear();
    driver.draw();
    return driver.sheet.count({440, 665, 400, 40}, palette::kText, 40);
  };
  driver.update();
  driver.draw();
  const int before = driver.sheet.count({440, 665, 400, 40}, palette::kText, 40);
  EXPECT_GT(before, 0);
  EXPECT_EQ(words(false), before);
  EXPECT_NE(words(true), before) << "the free camera";
}

TEST(MatchScreen, holds_the_scores_up_while_their_key_is_held) {
  MatchDriver driver;
  const Box edge{310, 240, 660, 40};
  const auto panel = [&] { return driver.sheet.count(edge, palette::kWall, 20); };
  driver.frames(60);
  const int without = panel();
  driver.keys.down("Tab");
  driver.frame();
  EXPECT_GT(panel(), without + 500);
  driver.keys.up("Tab");
  driver.frame();
  EXPECT_EQ(panel(), without);
}

TEST(MatchScreen, votes_by_number_and_by_control_during_the_podium_only) {
  MatchDriver driver;
  driver.keys.down("2");
  driver.keys.up("2");
  driver.frame();
  EXPECT_EQ(driver.screen->take_vote(), std::nullopt) << "nothing is voted on";

  driver.match.state.options.maps = {"foundry", "duel", "large"};
  driver.match.state.flow.phase = sim::Phase::kPodium;
  driver.match.state.flow.phase_end_tick = driver.match.state.tick + 600;
  driver.frame();
  const auto press = [&](const char* key) {
    driver.keys.down(key);
    driver.keys.up(key);
    driver.frame();
    return driver.screen->take_vote();
  };
  EXPECT_EQ(press("2"), "duel");
  EXPECT_EQ(driver.screen->take_vote(), std::nullopt) << "once";
  EXPECT_EQ(press("V"), "large") << "the next one";
  EXPECT_EQ(press("V"), "foundry") << "and round";
  EXPECT_EQ(press("9"), std::nullopt);
}

TEST(MatchScreen, sends_no_action_for_a_spectator_and_four_at_once_at_most_after_a_pause) {
  ScreenDriver spectator(test::field_bytes(), sim::kNobody);
  for (int i = 0; i < 10; ++i) spectator.update();
  EXPECT_EQ(spectator.sequence, 0U);
  MatchDriver driver;
  const std::uint32_t before = driver.sequence;
  driver.now_s += 5;
  driver.frame();
  EXPECT_LE(driver.sequence - before, 4U);
  EXPECT_GE(driver.sequence - before, 1U);
}

TEST(MatchScreen, says_that_the_connection_is_lost) {
  MatchDriver driver;
  const Box banner{300, 335, 250, 50};
  driver.frame();
  EXPECT_EQ(driver.sheet.count(banner, palette::kWarning, 40), 0);
  driver.screen->set_connection(true, 40);
  driver.frame();
  EXPECT_GT(driver.sheet.count(banner, palette::kWarning, 40), 50);
}

}  // namespace
}  // namespace game::client
