#include "support.hpp"

#include <fstream>
#include <iterator>

#include "engine/core/assert.hpp"
#include "game/sim/ship.hpp"
#include "game/wire/map.hpp"

namespace game::test {

void frag(Match& match, sim::PlayerId killer, sim::PlayerId victim) {
  while (!match.ship(victim).alive || !match.ship(killer).alive) match.step();
  for (const sim::Player& player : match.state.players) match.place(player.id(), u(100 * player.id(), 1900));
  match.place(killer, u(500, 500)).energy = sim::kEnergyMax;
  match.ship(killer).rail_ready_tick = 0;
  match.place(victim, u(560, 500)).health = 1;
  match.act(killer, {.rail = true});
  match.step();
  match.act(killer, {});
}

std::vector<std::uint8_t> foundry_bytes() { return map_bytes("foundry"); }

std::vector<std::uint8_t> map_bytes(const std::string& name) {
  std::ifstream file(std::filesystem::path(GAME_MAPS_DIR) / (name + ".map"), std::ios::binary);
  ENGINE_ASSERT(file.good(), "the maps are built with the tests");
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::shared_ptr<const sim::Map> map_named(const std::string& name) {
  return std::make_shared<const sim::Map>(wire::load_map(map_bytes(name)).value());
}

std::shared_ptr<const sim::Map> foundry() {
  static const auto map = map_named("foundry");
  return map;
}

}  // namespace game::test
