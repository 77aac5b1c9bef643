// The whole way in virtual time: keys, prediction, netcode's client, link and server, the arena's rules, and back.
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "client_support.hpp"
#include "game/client/match_screen.hpp"
#include "game/server/arena.hpp"
#include "game/server/arena_rules.hpp"
#include "game/wire/action.hpp"
#include "netcode/testing.hpp"

namespace game::client {
namespace {

using namespace std::chrono_literals;

/// The field as a file, since a server is given maps by their paths.
std::string field_file() {
  const auto path = std::filesystem::path(testing::TempDir()) / "field.map";
  const auto& bytes = test::field_bytes();
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  return path.string();
}

struct Online {
  explicit Online(std::chrono::milliseconds latency) : bench(config(), {.latency = latency}) {
    const auto defined = server::define_arena(bench.server(), {.map = field_file()});
    EXPECT_TRUE(defined) << defined.error().reason;
    bench.start();
    client = bench.client<server::ArenaRules>("Ada");
    client->on_snapshot([this](const arena::World& world, const netcode::SnapshotInfo& info) {
      if (!screen) return;
      const double arrived_s = std::chrono::duration<double>(info.arrived.time_since_epoch()).count();
      EXPECT_TRUE(screen->take_snapshot(world, info.tick, info.action_sequence, arrived_s));
      screen->take_slack(info.action_sequence, static_cast<float>(info.slack.count()));
      correction = std::max(correction, screen->own().last_correction());
    });
    client->on_any([this](const netcode::EventView& event) {
      if (screen) screen->take_event(event);
    });
    client->quick_join(server::kArenaKind);
    EXPECT_TRUE(bench.run_until([&] { return client->state() == netcode::ClientState::kInMatch; }, 5s))
        << client->reason();
    const auto self = static_cast<sim::PlayerId>(client->player().value);
    screen = MatchScreen::open(fonts, nullptr, {}, {.map = client->map(), .self = self}).value();
  }
  static netcode::ServerConfig config() {
    spdlog::set_level(spdlog::level::warn);
    netcode::ServerConfig out;
    out.seed = 3;
    out.bots = 0;
    out.options = {{"players_to_start", "1"}, {"warmup_s", "0"}};
    return out;
  }
  std::optional<Point> frame() {
    bench.run_for(16'666'667ns);
    const auto& input = keys.frame();
    screen->update(
        {.input = input,
         .controls = keys.controls(),
         .now_s = std::chrono::duration<double>(bench.now().time_since_epoch()).count(),
         .dt_s = 1.0F / 60,
         .width = 1280,
         .height = 720},
        [this](const sim::Action& action, std::uint32_t tick) { return client->act(wire::to_wire(action), tick); });
    const SceneShip* ship = screen->scene().ship(screen->scene().self);
    return ship == nullptr ? std::nullopt : std::optional(ship->at);
  }
  void frames(int count) {
    for (int i = 0; i < count; ++i) frame();
  }

  netcode::testing::TestBench bench;
  Art fonts = test::art();
  test::Keys keys;
  std::unique_ptr<netcode::Client<server::ArenaRules>> client;
  std::unique_ptr<MatchScreen> screen;
  float correction = 0;
};

TEST(MatchOnline, flies_evenly_and_uncorrected_however_long_the_way_is) {
  for (const auto latency : {0ms, 20ms, 60ms, 100ms, 150ms}) {
    SCOPED_TRACE(std::to_string(latency.count()) + " ms each way");
    Online online(latency);
    ASSERT_TRUE(online.bench.run_until([&] { return online.screen->own().is_known(); }, 3s));
    online.frames(400);  // the countdown is over
    const auto from = online.frame();
    ASSERT_TRUE(from);
    const bool is_left = from->x < 4096;
    online.keys.down(is_left ? "D" : "A");
    online.frames(300);
    std::optional<Point> last = online.frame();
    online.correction = 0;
    float worst = 0;
    for (int i = 0; i < 300; ++i) {
      const auto now = online.frame();
      ASSERT_TRUE(now);
      worst = std::max(worst, std::abs(std::abs(now->x - last->x) / 7 - 1));
      last = now;
    }
    EXPECT_LE(worst, 0.10F);
    EXPECT_LT(online.correction, 0.01F);
    std::printf("[   drawn  ] %3d ms each way: a step is off by %.1f %% at most, the prediction by %.2f units\n",
                static_cast<int>(latency.count()), 100.0 * static_cast<double>(worst),
                static_cast<double>(online.correction));
  }
}

TEST(MatchOnline, keeps_as_many_actions_under_way_as_the_way_is_long) {
  Online online(100ms);
  online.frames(400);
  const std::size_t pending = online.screen->own().pending();
  EXPECT_GE(pending, 12U);
  EXPECT_LE(pending, 18U) << "200 ms, two ticks between snapshots, and at most two in reserve";
}

TEST(MatchOnline, is_back_in_time_after_a_stall) {
  Online online(30ms);
  online.frames(400);
  const std::size_t before = online.screen->own().pending();
  online.bench.run_for(1500ms);  // the window was moved: no frame was drawn
  online.frames(300);
  EXPECT_LE(online.screen->own().pending(), before + 2);
  online.correction = 0;
  online.keys.down("W");
  online.frames(60);
  EXPECT_LT(online.correction, 0.01F);
}

}  // namespace
}  // namespace game::client
