#include "game/server/arena_bot.hpp"

#include "game/bots/skill.hpp"
#include "game/wire/action.hpp"
#include "game/wire/map.hpp"
#include "game/wire/world.hpp"

namespace game::server {
namespace {

// A client is sent the whole World; a bot must make do with what a screen shows of it.
void keep_what_a_screen_shows(const sim::View& everything, sim::PlayerId self, sim::View& out) {
  out.tick = everything.tick;
  out.seed = everything.seed;
  out.flow = everything.flow;
  out.mode = everything.mode;
  out.sides = everything.sides;
  out.pickups = everything.pickups;
  out.ships.clear();
  out.shots.clear();
  const sim::Ship* own = everything.ship(self);
  if (!own) return;
  const sim::Vec camera = sim::camera_of(*own);
  for (const sim::Ship& ship : everything.ships) {
    if (ship.id == self) {
      out.ships.push_back(ship);
    } else if (sim::in_camera(camera, ship.position)) {
      out.ships.push_back(sim::public_part(ship));
    }
  }
  for (const sim::Shot& shot : everything.shots)
    if (sim::in_camera(camera, shot.position)) out.shots.push_back(shot);
}

}  // namespace

ArenaBot::ArenaBot(int level, std::uint64_t seed, std::shared_ptr<const bots::NavGrid> grid)
    : brain_(level, seed, std::move(grid)) {}

bool ArenaBot::think(const arena::World& world, netcode::PlayerId self, netcode::Tick tick, arena::MoveT& action) {
  const auto seat = static_cast<sim::PlayerId>(self.value);
  if (!wire::read_world(world, tick, everything_)) return false;
  keep_what_a_screen_shows(everything_, seat, view_);
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
    const int own = level != 0 ? level : bots::kLevelMin + static_cast<int>(setup.index) % kLevels;
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
