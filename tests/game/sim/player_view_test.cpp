#include "game/sim/player_view.hpp"

#include <gtest/gtest.h>

#include "crowd.hpp"
#include "game/sim/tuning.hpp"
#include "support.hpp"

namespace game::sim {
namespace {

using test::u;

// What a client is sent of the state: all of it.
PlayerView everything(const State& state) {
  PlayerView view{.tick = state.tick, .mode = state.options.mode, .seed = state.seed, .flow = state.flow};
  for (const Player& player : state.players) view.ships.push_back(player.ship);
  view.shots.assign(state.shots.begin(), state.shots.end());
  view.pickups.assign(state.pickups.begin(), state.pickups.end());
  return view;
}

TEST(LimitToScreen, leaves_of_everything_what_view_of_shows) {
  test::Crowd crowd(8, 4, 5);
  std::size_t hidden = 0;
  for (int tick = 0; tick < 600; ++tick) {
    crowd.step();
    for (const Player& viewer : crowd.state.players) {
      PlayerView limited = everything(crowd.state);
      limit_to_screen(viewer.id(), limited);
      PlayerView shown;
      view_of(crowd.state, viewer.id(), shown);
      ASSERT_EQ(limited.ships, shown.ships);
      ASSERT_EQ(limited.shots, shown.shots);
      hidden += crowd.state.players.size() - shown.ships.size();
    }
  }
  EXPECT_GT(hidden, 0U) << "some were out of the picture";
}

TEST(LimitToScreen, shows_a_ship_for_as_long_as_a_part_of_it_is_in_the_picture) {
  test::Match match;
  match.start(2);
  Ship& viewer = match.place(1, u(1500, 1000));
  const Vec camera = camera_of(viewer);
  const auto seen_at = [&](std::int32_t x) {
    match.place(2, {camera.x + x, camera.y});
    PlayerView view = everything(match.state);
    limit_to_screen(1, view);
    return view.ship(2) != nullptr;
  };
  EXPECT_TRUE(seen_at(kViewWidth / 2 + kShipRadius));
  EXPECT_FALSE(seen_at(kViewWidth / 2 + kShipRadius + 1));
}

TEST(CameraWithin, does_not_look_far_out_of_the_map) {
  const Vec size = u(3000, 2000);
  const std::int32_t left = kViewWidth / 2 - kViewOutside;
  const std::int32_t top = kViewHeight / 2 - kViewOutside;
  EXPECT_EQ(camera_within(u(1500, 1000), size), u(1500, 1000));
  EXPECT_EQ(camera_within(u(0, 0), size), (Vec{left, top}));
  EXPECT_EQ(camera_within(u(5000, 5000), size), (Vec{size.x - left, size.y - top}));
  EXPECT_EQ(camera_within(u(0, 0), u(400, 320)), u(200, 160)) << "a map smaller than the screen stands in its middle";
}

TEST(LimitToScreen, hides_of_others_what_only_they_know_and_nothing_of_the_viewer) {
  test::Match match;
  match.start(2);
  match.place(1, u(1500, 1000)).rail_ready_tick = 900;
  match.place(2, u(1550, 1000)).rail_ready_tick = 900;
  PlayerView view = everything(match.state);
  limit_to_screen(1, view);
  ASSERT_EQ(view.ships.size(), 2U);
  EXPECT_EQ(view.ship(1)->rail_ready_tick, 900U);
  EXPECT_EQ(view.ship(2)->rail_ready_tick, 0U);
}

TEST(LimitToScreen, shows_whoever_has_no_ship_neither_ships_nor_shots) {
  test::Match match;
  match.start(2);
  match.state.shots.push_back({});
  PlayerView view = everything(match.state);
  limit_to_screen(9, view);
  EXPECT_TRUE(view.ships.empty());
  EXPECT_TRUE(view.shots.empty());
}

}  // namespace
}  // namespace game::sim
