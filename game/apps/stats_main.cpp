// arena_stats: plays rounds of bots as fast as it can, and holds what comes of them against what rounds should be like.
#include <cstdio>
#include <filesystem>
#include <stdexcept>

#include <CLI/CLI.hpp>

#include "game/apps/stats/report.hpp"
#include "game/apps/stats/rounds.hpp"
#include "game/server/arena.hpp"
#include "game/server/arena_bot.hpp"
#include "game/sim/mode_names.hpp"

namespace {

using game::sim::Mode;

struct Asked {
  std::string map = "foundry";
  std::string mode = "ffa";
  std::uint32_t rounds = 50;
  std::uint32_t bots = 0;
  int level = 0;
  std::uint64_t seed = 1;
  bool json = false;
};

// What "the best of equals" is measured with, when the rounds themselves are of every level.
constexpr int kEqualLevel = 3;

std::uint32_t usual_bots(Mode mode, const game::sim::Map& map) {
  if (mode == Mode::kDuel) return 2;
  return mode == Mode::kTeams ? 8 : map.players_max();
}

std::shared_ptr<const game::bots::NavGrid> read_map(const std::string& name) {
  const bool is_path = name.find('/') != std::string::npos;
  const auto bytes = game::server::read_map_file(is_path ? name : game::server::maps_dir() + "/" + name + ".map");
  if (!bytes) throw std::runtime_error("--map: " + bytes.error().reason);
  const auto grid = game::server::make_nav_grid(**bytes);
  if (!grid) throw std::runtime_error("--map " + name + ": " + grid.error().reason);
  return *grid;
}

void measure(const Asked& asked) {
  const auto mode = game::sim::mode_named(asked.mode);
  if (!mode) throw std::runtime_error("--mode " + asked.mode + ": " + game::sim::mode_ids());
  const auto grid = read_map(asked.map);
  const std::uint32_t bots = asked.bots != 0 ? asked.bots : usual_bots(*mode, grid->map());
  game::stats::RoundsAsked rounds{
      .grid = grid, .mode = *mode, .rounds = asked.rounds, .bots = bots, .level = asked.level, .seed = asked.seed};
  const game::stats::Tally tally = game::stats::play_rounds(rounds);
  game::stats::Tally equal = tally;
  if (asked.level == 0) {
    rounds.level = kEqualLevel;
    equal = game::stats::play_rounds(rounds);
  }
  const game::stats::Report report{.map = grid->map().name(),
                                   .mode = asked.mode,
                                   .rounds = asked.rounds,
                                   .bots = bots,
                                   .level = asked.level,
                                   .seed = asked.seed,
                                   .measures = game::stats::measures_of(tally, equal, *mode, bots)};
  std::printf("%s\n", asked.json ? as_json(report).c_str() : as_table(report).c_str());
}

int run(int argc, char** argv) {
  CLI::App app("Plays rounds of bots and holds them against what rounds of the arena should be like.", "arena_stats");
  Asked asked;
  app.add_option("--map", asked.map, "A map, or the path of a compiled one (foundry)")->type_name("NAME");
  app.add_option("--mode", asked.mode, game::sim::mode_ids().append(" (ffa)"))->type_name("MODE");
  app.add_option("--rounds", asked.rounds, "How many (50)")->type_name("N")->check(CLI::Range(1, 100'000));
  app.add_option("--bots", asked.bots, "How many play (as many as the map and the mode are made for)")
      ->type_name("N")
      ->check(CLI::Range(2, 64));
  app.add_option("--level", asked.level, "How good they are; 0: of every level in turn (0)")
      ->type_name("1-5")
      ->check(CLI::Range(0, 5));
  app.add_option("--seed", asked.seed, "Of everything that is random (1)")->type_name("N");
  app.add_flag("--json", asked.json, "A line of JSON instead of a table");
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    throw std::runtime_error(error.what());
  }
  measure(asked);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
}
