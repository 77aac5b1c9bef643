#include "game/wire/map.hpp"

#include <cstring>
#include <utility>
#include <vector>

#include "engine/core/utf8.hpp"
#include "game/wire/structs.hpp"
#include "map_generated.h"

namespace game::wire {
namespace {

namespace format = arena::map;

constexpr std::int32_t kSideMin = 320;
constexpr std::int32_t kSideMax = 8192;
constexpr std::int32_t kWallThicknessMin = 32;  // a ship at its fastest must not get through
constexpr flatbuffers::uoffset_t kWallsMax = 1024;
constexpr flatbuffers::uoffset_t kSpawnsMax = 256;
constexpr flatbuffers::uoffset_t kPadsMax = 64;
constexpr flatbuffers::uoffset_t kMapNameBytesMax = 32;
constexpr std::int32_t kPlayersMin = 2;
constexpr flatbuffers::uoffset_t kDepthMax = 8;
constexpr flatbuffers::uoffset_t kTablesMax = 4096;

static_assert(static_cast<int>(format::PadKind::MAX) == static_cast<int>(sim::PickupKind::kMega));

sim::Vec in_units(std::int32_t x, std::int32_t y) { return {x * sim::kUnit, y * sim::kUnit}; }

template <class T>
engine::Result<void> check_count(const flatbuffers::Vector<T>* vector, const char* name, flatbuffers::uoffset_t most) {
  if (vector != nullptr && vector->size() > most)
    return engine::error("{} has {} elements, at most {}", name, vector->size(), most);
  return {};
}

engine::Result<void> check_head(const format::Map& map) {
  const auto name_bytes = map.name()->size();
  if (name_bytes == 0 || name_bytes > kMapNameBytesMax)
    return engine::error("name has {} bytes, 1 to {}", name_bytes, kMapNameBytesMax);
  if (!engine::is_utf8(map.name()->string_view())) return engine::error("name is not UTF-8");
  if (map.width() < kSideMin || map.width() > kSideMax) {
    return engine::error("width is {}, {} to {}", map.width(), kSideMin, kSideMax);
  }
  if (map.height() < kSideMin || map.height() > kSideMax) {
    return engine::error("height is {}, {} to {}", map.height(), kSideMin, kSideMax);
  }
  if (map.players_max() < kPlayersMin || map.players_max() > sim::kPlayersMax) {
    return engine::error("players_max is {}, {} to {}", map.players_max(), kPlayersMin, sim::kPlayersMax);
  }
  if (map.spawns()->size() == 0) return engine::error("spawns is empty");
  if (auto walls = check_count(map.walls(), "walls", kWallsMax); !walls) return walls;
  if (auto spawns = check_count(map.spawns(), "spawns", kSpawnsMax); !spawns) return spawns;
  return check_count(map.pads(), "pads", kPadsMax);
}

engine::Result<void> read_walls(const format::Map& map, sim::MapPlan& plan) {
  for (flatbuffers::uoffset_t i = 0; i < map.walls()->size(); ++i) {
    const format::Wall& wall = *map.walls()->Get(i);
    const std::int32_t right = wall.x() + wall.width();
    const std::int32_t bottom = wall.y() + wall.height();
    if (wall.width() < kWallThicknessMin || wall.height() < kWallThicknessMin) {
      return engine::error("walls[{}] is {} by {}, at least {} thick", i, wall.width(), wall.height(),
                           kWallThicknessMin);
    }
    if (wall.x() < 0 || wall.y() < 0 || right > map.width() || bottom > map.height()) {
      return engine::error("walls[{}] is not inside the map", i);
    }
    const sim::Vec at = in_units(wall.x(), wall.y());
    const sim::Vec end = in_units(right, bottom);
    plan.walls.push_back({at.x, at.y, end.x, end.y});
  }
  return {};
}

engine::Result<void> read_places(const format::Map& map, sim::MapPlan& plan) {
  for (flatbuffers::uoffset_t i = 0; i < map.spawns()->size(); ++i) {
    const format::Spawn& spawn = *map.spawns()->Get(i);
    plan.spawns.push_back(in_units(spawn.x(), spawn.y()));
  }
  if (map.pads() == nullptr) return {};
  for (flatbuffers::uoffset_t i = 0; i < map.pads()->size(); ++i) {
    const format::Pad& pad = *map.pads()->Get(i);
    const auto kind = read_enum<sim::PickupKind>(pad.kind(), "kind");
    if (!kind) return engine::error("pads[{}].{}", i, kind.error().reason);
    plan.pads.push_back({in_units(pad.x(), pad.y()), *kind});
  }
  return {};
}

// A ship must fit wherever one comes in or picks something up.
engine::Result<void> check_places(const sim::Map& map) {
  for (std::size_t i = 0; i < map.spawns().size(); ++i) {
    if (map.contact(map.spawns()[i], sim::kShipRadius)) return engine::error("spawns[{}] is in a wall or outside", i);
  }
  for (std::size_t i = 0; i < map.pads().size(); ++i) {
    if (map.contact(map.pads()[i].at, sim::kShipRadius)) return engine::error("pads[{}] is in a wall or outside", i);
  }
  return {};
}

}  // namespace

engine::Result<sim::Map> load_map(std::span<const std::uint8_t> bytes) {
  if (bytes.empty()) return engine::error("the map is empty");
  if (bytes.size() > kMapBytesMax) return engine::error("the map has {} bytes, at most {}", bytes.size(), kMapBytesMax);
  std::vector<std::uint64_t> aligned((bytes.size() + sizeof(std::uint64_t) - 1) / sizeof(std::uint64_t));
  std::memcpy(aligned.data(), bytes.data(), bytes.size());
  const auto* data = reinterpret_cast<const std::uint8_t*>(aligned.data());
  flatbuffers::Verifier verifier(data, bytes.size(), kDepthMax, kTablesMax);
  if (!format::VerifyMapBuffer(verifier)) return engine::error("the map is not a whole FlatBuffer of arena.map.Map");
  const format::Map& map = *format::GetMap(data);

  if (const auto head = check_head(map); !head) return head.error();
  sim::MapPlan plan{.name = map.name()->str(),
                    .size = in_units(map.width(), map.height()),
                    .players_max = map.players_max(),
                    .walls = {},
                    .spawns = {},
                    .pads = {}};
  if (const auto walls = read_walls(map, plan); !walls) return walls.error();
  if (const auto places = read_places(map, plan); !places) return places.error();
  sim::Map built(std::move(plan));
  if (const auto places = check_places(built); !places) return places.error();
  return built;
}

}  // namespace game::wire
