// From places, which may be anywhere, to the pixels of a picture. Pure functions; any thread.
#pragma once

#include <cmath>

#include "engine/app/geometry.hpp"

namespace engine::app::draw {

inline bool is_finite(Point p) { return std::isfinite(p.x) && std::isfinite(p.y); }

/// A pixel's number within [0, count], whatever the place is; not a number gives 0.
template <class Float>
int to_pixel(Float place, int count) {
  if (!(place > 0)) return 0;
  return place < static_cast<Float>(count) ? static_cast<int>(place) : count;
}
/// The first pixel whose centre is at `place` or after it.
template <class Float>
int first_pixel(Float place, int count) {
  return to_pixel(std::ceil(place - Float{0.5}), count);
}
/// One after the last pixel whose centre is before `place`.
template <class Float>
int end_pixel(Float place, int count) {
  return first_pixel(place, count);
}

}  // namespace engine::app::draw
