#include "support.hpp"

#include <fstream>
#include <iterator>

#include "engine/core/assert.hpp"
#include "game/wire/map.hpp"

namespace game::test {

std::vector<std::uint8_t> foundry_bytes() {
  std::ifstream file(std::filesystem::path(GAME_MAPS_DIR) / "foundry.map", std::ios::binary);
  ENGINE_ASSERT(file.good(), "foundry.map is built with the tests");
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::shared_ptr<const sim::Map> foundry() {
  static const auto map = std::make_shared<const sim::Map>(wire::load_map(foundry_bytes()).value());
  return map;
}

}  // namespace game::test
