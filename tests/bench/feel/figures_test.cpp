// The join of the two logs, on logs made by hand.
#include "tests/bench/feel/figures.hpp"

#include <gtest/gtest.h>

namespace game::feel {
namespace {

sim::Ship ship_at(std::int32_t x) { return {.id = 1, .alive = true, .position = {x, 0}}; }

/// Player 1 is at x = its tick.
ServerLog server_of(std::uint32_t ticks) {
  ServerLog log;
  for (std::uint32_t tick = 0; tick <= ticks; ++tick)
    log.ticks.push_back({{1, {.ship = ship_at(static_cast<std::int32_t>(tick)), .is_touched = false}}});
  return log;
}

Figures join(const ClientLog& client, const ServerLog& server) {
  const std::vector<const ClientLog*> clients{&client};
  return figures_of({.clients = clients, .server = server, .actions_missing = 3, .player_ticks = 100});
}

TEST(Figures, count_a_predicted_state_as_exact_only_if_all_of_it_is_the_servers) {
  ClientLog client{.id = 1};
  for (std::uint32_t tick = 10; tick < 14; ++tick)
    client.predicted.push_back({tick, tick - 5, ship_at(static_cast<std::int32_t>(tick))});
  client.predicted[3].ship.energy -= 1;
  const Figures figures = join(client, server_of(20));
  EXPECT_DOUBLE_EQ(figures.own_exact, 0.75);
  EXPECT_EQ(figures.ticks, 4U);
  EXPECT_DOUBLE_EQ(figures.missing_actions, 0.03);
}

TEST(Figures, leave_out_states_that_were_predicted_before_a_touch_was_known) {
  ServerLog server = server_of(30);
  server.ticks[12].at(1).is_touched = true;
  ClientLog client{.id = 1};
  client.predicted = {{11, 9, ship_at(0)},     // before the touch: wrong, and counted
                      {12, 9, ship_at(0)},     // at it
                      {15, 11, ship_at(0)},    // after it, and no snapshot had it
                      {15, 12, ship_at(15)}};  // a snapshot had it: exact
  const Figures figures = join(client, server);
  EXPECT_DOUBLE_EQ(figures.excluded, 0.5);
  EXPECT_DOUBLE_EQ(figures.own_exact, 0.5);
}

TEST(Figures, hold_a_shot_to_the_same_victim_or_to_none) {
  ServerLog server = server_of(100);
  for (const auto& [tick, victim] : {std::pair{20U, 2}, std::pair{40U, 3}, std::pair{60U, 0}, std::pair{83U, 5}})
    server.judged.push_back({.shooter = 1, .tick = tick, .victim = static_cast<sim::PlayerId>(victim)});
  ClientLog client{.id = 1};
  client.shots = {{.tick = 20, .victim = 2, .nearest_u = 3},   // the same
                  {.tick = 40, .victim = 4, .nearest_u = 3},   // another
                  {.tick = 60, .victim = 0, .nearest_u = 20},  // both say that it missed
                  {.tick = 70, .victim = 0, .nearest_u = 60},  // far from everybody: says nothing
                  {.tick = 80, .victim = 5, .nearest_u = 3},   // the press was late, and was answered
                  {.tick = 95, .victim = 5, .nearest_u = 3}};  // never judged
  const Figures figures = join(client, server);
  EXPECT_EQ(figures.shots, 4U);
  EXPECT_EQ(figures.unjudged, 1U);
  EXPECT_DOUBLE_EQ(figures.shots_agree, 0.75);
  EXPECT_DOUBLE_EQ(figures.hit_share, 0.75);
}

TEST(Figures, take_the_middle_slack_the_mean_delay_and_the_hundredths_largest_jump) {
  ClientLog client{.id = 1, .frames = 200, .starved_frames = 3};
  for (int i = 0; i < 101; ++i) {
    client.slack_ticks.push_back(i);
    client.delay_ms.push_back(i);
    client.jumps_px.push_back(i);
  }
  const Figures figures = join(client, server_of(1));
  EXPECT_DOUBLE_EQ(figures.slack_p50_ticks, 50);
  EXPECT_DOUBLE_EQ(figures.interpolation_ms, 50);
  EXPECT_DOUBLE_EQ(figures.jump_p99_px, 99);
  EXPECT_DOUBLE_EQ(figures.starved_frames, 0.015);
}

}  // namespace
}  // namespace game::feel
