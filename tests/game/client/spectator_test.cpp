#include "game/client/spectator.hpp"

#include <gtest/gtest.h>

#include "client_support.hpp"

namespace game::client {
namespace {

constexpr Point kMap{2560, 1600};
constexpr float kFrame = 1.0F / 60;

/// Players 1 to 4, who rank in this order and stand 100 units apart.
struct Watched {
  Watched() {
    game::test::Match match(test::field(), test::endless());
    match.start(4);
    for (sim::PlayerId id = 1; id <= 4; ++id) {
      match.player(id).score = static_cast<std::int16_t>(10 - id);
      SceneShip ship;
      ship.id = id;
      ship.at = {static_cast<float>(100 * id), 300};
      scene.ships.push_back(ship);
    }
    roster.update(test::Snapshot(match.state).world());
  }
  void frame(float dt_s = kFrame) {
    const auto& input = keys.frame();
    spectator.steer(keys.controls(), input, roster, dt_s);
    spectator.update(scene, kMap, dt_s);
  }
  void press(std::string_view button) {
    keys.down(button);
    keys.up(button);
    frame();
  }
  void pass(float seconds) {
    for (float at = 0; at < seconds; at += kFrame) frame();
  }
  void gone(sim::PlayerId id) {
    std::erase_if(scene.ships, [id](const SceneShip& ship) { return ship.id == id; });
  }

  test::Keys keys;
  Scene scene;
  Roster roster;
  Spectator spectator;
};

TEST(Spectator, follows_the_player_of_a_number_by_rank) {
  Watched watched;
  watched.press("3");
  EXPECT_EQ(watched.spectator.followed(), 3);
  EXPECT_EQ(watched.spectator.place(), (Point{300, 300}));
  EXPECT_EQ(watched.spectator.words(watched.roster), "player 3");
  watched.press("9");
  EXPECT_EQ(watched.spectator.followed(), 3) << "there is no ninth";
}

TEST(Spectator, goes_round_at_next_and_previous) {
  Watched watched;
  watched.press("1");
  watched.press("Q");
  EXPECT_EQ(watched.spectator.followed(), 4);
  watched.press("E");
  EXPECT_EQ(watched.spectator.followed(), 1);
  watched.press("Mouse 1");
  EXPECT_EQ(watched.spectator.followed(), 2);
  watched.press("Mouse 3");
  EXPECT_EQ(watched.spectator.followed(), 1);
}

TEST(Spectator, flies_free_and_not_out_of_the_map) {
  Watched watched;
  watched.press("2");
  watched.press("F");
  EXPECT_EQ(watched.spectator.followed(), sim::kNobody);
  EXPECT_EQ(watched.spectator.words(watched.roster), "free camera");
  EXPECT_EQ(watched.spectator.place(), (Point{200, 300})) << "from where it was";
  watched.keys.down("D");
  watched.keys.down("S");
  watched.pass(0.5F);
  EXPECT_NEAR(watched.spectator.place().x, 200 + 350, 20);
  watched.pass(20);
  EXPECT_EQ(watched.spectator.place(), kMap);
  watched.keys.up("D");
  watched.keys.up("S");
  watched.keys.down("A");
  watched.keys.down("W");
  watched.pass(20);
  EXPECT_EQ(watched.spectator.place(), (Point{0, 0}));
}

TEST(Spectator, stays_with_a_place_when_who_was_followed_is_gone) {
  Watched watched;
  watched.press("4");
  watched.gone(4);
  watched.pass(3);
  EXPECT_EQ(watched.spectator.followed(), 4) << "until it is back";
  EXPECT_EQ(watched.spectator.place(), (Point{400, 300}));
}

TEST(SpectatorsDirector, goes_where_things_happen) {
  Watched watched;
  watched.pass(5);
  watched.spectator.noticed(3, 2);
  watched.spectator.noticed(sim::kNobody, 100);
  watched.pass(4.5F);
  EXPECT_EQ(watched.spectator.followed(), 3);
  EXPECT_EQ(watched.spectator.words(watched.roster), "player 3  (director)");
}

TEST(SpectatorsDirector, holds_a_shot_for_four_seconds_at_least) {
  Watched watched;
  watched.pass(5);
  engine::Rng rng(11);
  sim::PlayerId last = watched.spectator.followed();
  float held_s = 0;
  float shortest_s = 1000;
  int cuts = -1;  // the first shot has begun before
  for (int i = 0; i < 60 * 120; ++i) {
    if (rng.below(20) == 0) watched.spectator.noticed(static_cast<sim::PlayerId>(rng.between(1, 4)), 1);
    watched.frame();
    held_s += kFrame;
    if (watched.spectator.followed() == last) continue;
    last = watched.spectator.followed();
    if (++cuts > 0) shortest_s = std::min(shortest_s, held_s);
    held_s = 0;
  }
  EXPECT_GT(cuts, 5);
  EXPECT_GE(shortest_s, 3.98F);
}

TEST(SpectatorsDirector, leaves_a_ship_that_is_gone_after_a_second) {
  Watched watched;
  watched.spectator.noticed(2, 5);
  watched.pass(5);
  ASSERT_EQ(watched.spectator.followed(), 2);
  watched.gone(2);
  watched.pass(5);
  EXPECT_NE(watched.spectator.followed(), 2);
}

TEST(SpectatorsDirector, takes_over_again_at_its_key_and_shows_the_middle_of_an_empty_arena) {
  Watched watched;
  watched.press("2");
  watched.press("R");
  watched.spectator.noticed(4, 5);
  watched.pass(5);
  EXPECT_EQ(watched.spectator.followed(), 4);
  Spectator nobody;
  Scene empty;
  Roster none;
  nobody.update(empty, kMap, kFrame);
  EXPECT_EQ(nobody.place(), (Point{1280, 800}));
  EXPECT_EQ(nobody.words(none), "the arena  (director)");
}

TEST(Spectator, survives_numbers_and_steps_among_nobody) {
  Watched watched;
  watched.roster = {};
  watched.scene.ships.clear();
  for (const char* button : {"1", "E", "Q", "9", "F", "E"}) watched.press(button);
  EXPECT_EQ(watched.spectator.followed(), sim::kNobody);
}

}  // namespace
}  // namespace game::client
