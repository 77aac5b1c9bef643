#include "game/server/arena_bot.hpp"

#include <spdlog/spdlog.h>

#include <utility>

#include "game/bots/skill.hpp"
#include "game/server/arena_matches.hpp"
#include "game/wire/action.hpp"
#include "game/wire/map.hpp"
#include "game/wire/world.hpp"

namespace game::server {
ArenaBot::ArenaBot(int level, std::uint64_t seed, std::shared_ptr<const bots::NavGrid> grid)
    : brain_(level, seed, std::move(grid)) {}

bool ArenaBot::think(const arena::World& world, netcode::PlayerId self, netcode::Tick tick, arena::MoveT& action) {
  const auto seat = static_cast<sim::PlayerId>(self.value);
  if (auto read = wire::read_world(world, tick, view_); !read) {
    // The same World comes again and again: said once.
    if (!std::exchange(has_warned_, true))
      spdlog::warn("bot {} does nothing: tick {} cannot be read: {}", seat, tick, read.error().reason);
    return false;
  }
  // A client is sent the whole World, or somewhat more than its screen; a bot must make do with what a screen shows.
  sim::limit_to_screen(seat, view_);
  action = wire::to_wire(brain_.think(view_, seat, tick));
  return true;
}

engine::Result<std::shared_ptr<const bots::NavGrid>> make_nav_grid(netcode::BytesView map) {
  auto loaded = wire::load_map(map);
  if (!loaded) return loaded.error();
  return std::make_shared<const bots::NavGrid>(std::make_shared<const sim::Map>(std::move(*loaded)));
}

netcode::BotMaker arena_bots(int level, GridOfMap grid_of) {
  return [level, grid_of = std::move(grid_of)](const netcode::BotSetup& setup) -> std::unique_ptr<netcode::Bot> {
    constexpr int kLevels = bots::kLevelMax - bots::kLevelMin + 1;
    const int wanted = bot_level_of(setup.options).value_or(level);
    const int own = wanted != 0 ? wanted : bots::kLevelMin + static_cast<int>(setup.index) % kLevels;
    return std::make_unique<ArenaBot>(own, setup.seed, grid_of(setup.map));
  };
}

const std::vector<std::string>& arena_bot_names() {
  static const std::vector<std::string> kNames{"Altair", "Bellatrix", "Capella", "Deneb",  "Electra", "Fomalhaut",
                                               "Gacrux", "Hadar",     "Izar",    "Kochab", "Lesath",  "Mirach",
                                               "Naos",   "Polaris",   "Rigel",   "Sirius"};
  return kNames;
}

}  // namespace game::server
