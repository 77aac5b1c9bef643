// The ground a match is played on: solid rectangles, spawns and pads, and the three questions that the rules and the
// bots ask of the walls. What lies outside the map is solid.
//
// Threading: immutable once built; share it freely. Ownership: holds its own copy of the plan. No call allocates.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "game/sim/state.hpp"
#include "game/sim/vec.hpp"

namespace game::sim {

struct Rect {
  std::int32_t left = 0;
  std::int32_t top = 0;
  std::int32_t right = 0;
  std::int32_t bottom = 0;

  friend bool operator==(const Rect&, const Rect&) = default;
};

struct Pad {
  Vec at{};
  PickupKind kind = PickupKind::kHealth;
};

// A map as plain data, lengths in 1/256 u.
struct MapPlan {
  std::string name{};
  Vec size{};
  std::uint16_t players_max = 8;
  std::vector<Rect> walls{};
  std::vector<Vec> spawns{};
  std::vector<Pad> pads{};
};

// Where a circle overlaps a wall, and how to get out.
struct Contact {
  Vec normal_q14;          // away from the wall, of length 16384
  std::int32_t depth = 0;  // how far to move along it
};

// A whole path, as `cast` counts it.
inline constexpr std::int32_t kWholePath = 65536;

class Map {
 public:
  // At least one spawn; every wall, spawn and pad inside the size. game::wire::load_map sees to that for bytes.
  explicit Map(MapPlan plan);

  const std::string& name() const { return plan_.name; }
  Vec size() const { return plan_.size; }
  std::uint16_t players_max() const { return plan_.players_max; }
  std::span<const Rect> walls() const { return plan_.walls; }
  std::span<const Vec> spawns() const { return plan_.spawns; }
  std::span<const Pad> pads() const { return plan_.pads; }

  // The deepest overlap of the circle, if any. `radius` is at most kShipRadius; `center` may be anywhere.
  std::optional<Contact> contact(Vec center, std::int32_t radius) const;

  // How much of the path `by` from `from` a circle covers before it meets a wall, in 65536ths; kWholePath if it meets
  // none, 0 if it starts in one. Corners count as square.
  std::int32_t cast(Vec from, Vec by, std::int32_t radius) const;

  bool is_clear(Vec from, Vec to, std::int32_t radius = 0) const { return cast(from, to - from, radius) == kWholePath; }

 private:
  MapPlan plan_;
  // A grid over the map; each cell lists the walls that a ship with its centre in it may touch.
  std::int32_t columns_ = 0;
  std::int32_t rows_ = 0;
  std::vector<std::uint32_t> cell_starts_;
  std::vector<std::uint16_t> cell_walls_;
};

}  // namespace game::sim
