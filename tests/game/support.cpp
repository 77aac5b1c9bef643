#include "support.hpp"

#include <fstream>
#include <iterator>

#include "engine/core/assert.hpp"
#include "game/wire/map.hpp"

namespace game::test {

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
