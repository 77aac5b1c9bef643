// The ground of a map: its grid and its walls with their glow, drawn once and copied into each frame. One thread.
#pragma once

#include "engine/app/canvas.hpp"
#include "game/sim/map.hpp"

namespace game::client {

class Ground {
 public:
  /// Covers the picture with the part of the map that its view shows. Drawn anew when the map or the scale changes:
  /// some tens of milliseconds.
  void draw(engine::app::Canvas& canvas, const sim::Map& map);
  void forget() { scale_ = 0; }

 private:
  void bake(const sim::Map& map, float scale);

  const sim::Map* map_ = nullptr;
  float scale_ = 0;
  engine::app::Picture picture_;
};

}  // namespace game::client
