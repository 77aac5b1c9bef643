#include "tests/bench/feel/rig.hpp"

#include <unistd.h>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "game/server/arena.hpp"
#include "game/server/arena_bot.hpp"
#include "game/server/arena_rules.hpp"
#include "netcode/testing.hpp"
#include "tests/bench/feel/player.hpp"
#include "tests/bench/feel/server_log.hpp"

namespace game::feel {
namespace {

using namespace std::chrono_literals;
using engine::Duration;

constexpr Duration kFrame = Duration(1s) / 60;
/// Everybody has come, has found his place in time, and the fight is on.
constexpr auto kWarmUp = 8s;

/// A folder for one recording, gone with its owner.
class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / ("feel_bench." + std::to_string(getpid()))) {
    std::filesystem::create_directories(path_);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

netcode::ServerConfig server_config(const Options& options, const Folder& folder) {
  netcode::ServerConfig config;
  config.seed = options.seed;
  config.bots = 0;
  config.record_dir = folder.path();
  if (!options.compensates_lag) config.rewind_ms_max = 0;
  config.options = {{"players_to_start", std::to_string(options.players)},
                    {"warmup_s", "0"},
                    {"time_limit_s", "0"},
                    {"frag_limit", "1000"}};
  return config;
}

/// Frames of all players in turn, each at its own moment of the sixtieth of a second.
class Screens {
 public:
  Screens(netcode::testing::TestBench& bench, std::vector<std::unique_ptr<Player>>& players, std::uint64_t seed)
      : bench_(bench), players_(players) {
    engine::Rng rng(seed);
    for (std::size_t i = 0; i < players.size(); ++i)
      phases_.push_back({Duration(rng.below(static_cast<std::uint32_t>(kFrame.count()))), i});
    std::sort(phases_.begin(), phases_.end());
  }
  void run_for(Duration time) {
    for (auto frame = time / kFrame; frame > 0; --frame) {
      Duration at{};
      for (const auto& [phase, player] : phases_) {
        bench_.run_for(phase - std::exchange(at, phase));
        players_[player]->frame();
      }
      bench_.run_for(kFrame - at);
    }
  }

 private:
  netcode::testing::TestBench& bench_;
  std::vector<std::unique_ptr<Player>>& players_;
  std::vector<std::pair<Duration, std::size_t>> phases_;
};

}  // namespace

engine::Result<Figures> measure(const Options& options) {
  const Folder folder;
  const auto map = server::read_map_file(server::maps_dir() + "/" + options.map + ".map");
  if (!map) return map.error();
  const auto grid = server::make_nav_grid(**map);
  if (!grid) return grid.error();

  netcode::testing::TestBench bench(server_config(options, folder), {.network = options.network, .seed = options.seed});
  if (auto defined =
          server::define_arena(bench.server(), {.map = options.map,
                                                .mode = options.mode,
                                                .players_max = options.players,
                                                .visibility = "all"});  // what its figures were measured with
      !defined)
    return defined.error();
  bench.start();
  std::vector<std::unique_ptr<Player>> players;
  for (std::uint32_t i = 0; i < options.players; ++i)
    players.push_back(std::make_unique<Player>(bench, options, *grid, i));
  Screens screens(bench, players, options.seed);
  screens.run_for(kWarmUp);

  Duration fastest = Duration::max();
  for (const auto& player : players) {
    if (!player->is_in_match())
      return engine::error("a player has not come into the match within {} s", kWarmUp.count());
    if (player->match_id() != players.front()->match_id())
      return engine::error("{} players do not fit into one match of {}", options.players, options.mode);
    fastest = std::min(fastest, player->fastest_offset());
  }
  for (const auto& player : players) {
    player->set_server_offset(fastest);
    player->start_log();
  }
  const std::uint64_t missing_before = bench.server().stats().actions_missing;
  screens.run_for(std::chrono::seconds(options.seconds));
  const std::uint64_t missing = bench.server().stats().actions_missing - missing_before;

  std::vector<const ClientLog*> clients;
  double links = 0;
  for (const auto& player : players) {
    clients.push_back(&player->log());
    links += static_cast<double>(player->stats().links) / options.players;
  }
  const netcode::ServerStats stats = bench.server().stats();
  const std::vector<std::string>& recordings = stats.recordings;
  bench.stop();
  const auto server = read_server_log(recordings.at(0));
  if (!server) return server.error();
  return figures_of({.clients = clients,
                     .server = *server,
                     .actions_missing = missing,
                     .player_ticks = std::uint64_t{options.players} * options.seconds * 60,
                     .links = links,
                     .snapshot_bytes = static_cast<double>(stats.snapshot_bytes) /
                                       static_cast<double>(std::max<std::uint64_t>(stats.snapshots, 1))});
}

}  // namespace game::feel
