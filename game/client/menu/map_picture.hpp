// A map drawn small: its walls, pads and spawns in a box. Pure functions.
#pragma once

#include "engine/app/canvas.hpp"
#include "game/sim/map.hpp"

namespace game::client {

/// What is needed of a map to be drawn.
struct MapSketch {
  sim::Vec size{};  // 0 wide: not known
  std::vector<sim::Rect> walls{};
  std::vector<sim::Pad> pads{};
  int players_max = 0;
};
MapSketch sketch_of(const sim::Map& map);

/// As large as `box` allows, in its middle. Draws nothing of a map that is not known.
void draw_map(engine::app::Canvas& canvas, const MapSketch& map, const engine::app::Box& box, float alpha);

}  // namespace game::client
