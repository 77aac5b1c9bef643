// The whole way in virtual time: keys, prediction, netcode's client, a network and a server, the arena's rules, and
// back to the screen. One player alone on the field, frame by frame.
#pragma once

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "client_support.hpp"
#include "game/client/match_screen.hpp"
#include "game/server/arena.hpp"
#include "game/server/arena_rules.hpp"
#include "game/wire/action.hpp"
#include "netcode/testing.hpp"

namespace game::client::test {

using namespace std::chrono_literals;

/// The field as a file, since a server is given maps by their paths.
inline std::string field_file() {
  const auto path = std::filesystem::path(testing::TempDir()) / ("field." + std::to_string(getpid()) + ".map");
  const auto& bytes = field_bytes();
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  return path.string();
}

class OnlineMatch final : public ActionLine {
 public:
  struct Options {
    netcode::NetworkProfile network{};
    double frame_rate = 60;
    std::uint64_t seed = 1;
  };
  explicit OnlineMatch(const Options& options)
      : bench(config(), {.network = options.network, .seed = options.seed}),
        frame_(std::chrono::nanoseconds(static_cast<std::int64_t>(1e9 / options.frame_rate))) {
    const auto defined = server::define_arena(bench.server(), {.map = field_file()});
    EXPECT_TRUE(defined) << defined.error().reason;
    bench.start();
    client = bench.client<server::ArenaRules>("Ada");
    client->on_snapshot([this](const arena::World& world, const netcode::SnapshotInfo& info) {
      if (!screen) return;
      const double arrived_s = std::chrono::duration<double>(info.arrived.time_since_epoch()).count();
      EXPECT_TRUE(screen->take_snapshot(world, info.tick, info.action_sequence, arrived_s));
      correction_ = std::max(correction_, screen->own().last_correction());
    });
    client->on_any([this](const netcode::EventView& event) {
      if (screen) screen->take_event(event);
    });
    client->quick_join(server::kArenaKind);
    EXPECT_TRUE(bench.run_until([&] { return client->state() == netcode::ClientState::kInMatch; }, 5s))
        << client->reason();
    const auto self = static_cast<sim::PlayerId>(client->player().value);
    screen = MatchScreen::open(fonts, nullptr, {}, {.map = client->map(), .self = self}).value();
    EXPECT_TRUE(bench.run_until([this] { return frame(), screen->own().is_known(); }, 3s));
  }

  // --- ActionLine
  bool due() override { return client->action_due(); }
  std::uint32_t tick() const override { return client->action_tick(); }
  float share() const override { return client->action_share(); }
  std::uint32_t act(const sim::Action& action, netcode::ViewTime view) override {
    return client->act(wire::to_wire(action), view);
  }

  /// Where the own ship is drawn in the next frame.
  std::optional<Point> frame() {
    bench.run_for(frame_);
    const auto& input = keys.frame();
    screen->update({.input = input,
                    .controls = keys.controls(),
                    .now_s = std::chrono::duration<double>(bench.now().time_since_epoch()).count(),
                    .dt_s = std::chrono::duration<float>(frame_).count(),
                    .width = 1280,
                    .height = 720},
                   this);
    const SceneShip* ship = screen->scene().ship(screen->scene().self);
    return ship == nullptr ? std::nullopt : std::optional(ship->at);
  }
  void run_for(double seconds) {
    for (const auto end =
             bench.now() + std::chrono::duration_cast<engine::Duration>(std::chrono::duration<double>(seconds));
         bench.now() < end;)
      frame();
  }
  /// The largest since it was asked last, in units.
  float correction() { return std::exchange(correction_, 0.0F); }

  netcode::testing::TestBench bench;
  Art fonts = art();
  Keys keys;
  std::unique_ptr<netcode::Client<server::ArenaRules>> client;
  std::unique_ptr<MatchScreen> screen;

 private:
  static netcode::ServerConfig config() {
    spdlog::set_level(spdlog::level::warn);
    netcode::ServerConfig out;
    out.seed = 3;
    out.bots = 0;
    out.options = {{"players_to_start", "1"}, {"warmup_s", "0"}};
    return out;
  }

  std::chrono::nanoseconds frame_;
  float correction_ = 0;
};

}  // namespace game::client::test
