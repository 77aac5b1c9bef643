// The ship's outline: a dart of the size of its circle. Pure functions.
#pragma once

#include <array>

#include "game/client/units.hpp"

namespace game::client {

/// Nose first. `scale` 1 is a ship of 14 units.
inline std::array<Point, 6> ship_outline(Point at, float aim, float scale) {
  constexpr std::array<Point, 6> kShape = {{{17, 0}, {2, 7}, {-11, 13}, {-6, 0}, {-11, -13}, {2, -7}}};
  const Point ahead = engine::app::direction(aim) * scale;
  std::array<Point, 6> outline;
  for (std::size_t i = 0; i < kShape.size(); ++i)
    outline[i] =
        at + Point{kShape[i].x * ahead.x - kShape[i].y * ahead.y, kShape[i].x * ahead.y + kShape[i].y * ahead.x};
  return outline;
}

}  // namespace game::client
