// A line with round ends as the rasterisers walk it: row by row, and along a row the distance to its middle.
//
// In pixels, cut to what can touch the picture, so that lines of any length cost what is seen of them. Plain value.
#pragma once

#include <algorithm>
#include <cmath>
#include <optional>

#include "engine/app/geometry.hpp"
#include "engine/app/picture.hpp"

namespace engine::app::draw {

/// No shape reaches farther: beyond it floats cannot tell one pixel from the next.
inline constexpr float kReachMax = 1 << 20;

struct Capsule {
  Point from{};   // the part that is walked
  Point along{};  // of length 1
  float length = 0;
  float reach = 0;  // from the middle
  int top = 0;      // rows [top, bottom)
  int bottom = 0;
  float from_share = 0;  // where of the whole line the part begins and ends, 0 to 1
  float to_share = 1;

  /// Nothing where no pixel's centre of the picture can be within reach, or a number is not finite.
  static std::optional<Capsule> cut(const Picture& picture, Point from, Point to, float reach);

  struct Span {
    int left = 0;
    int right = 0;  // exclusive
  };
  /// The pixels of a row that can be within reach, within [0, width).
  Span row(int y, int width) const;

  /// Distances of a row's pixels, counted from `x`: linear, so that a loop over them is vectorised.
  struct Row {
    float along;       // the way along the line
    float along_step;  // more for each pixel
    float aside;       // the distance to the endless line
    float aside_step;
    float length;

    float way(int i) const { return along + static_cast<float>(i) * along_step; }
    /// Squared, to the middle of the line with its ends.
    float distance2(int i) const {
      const float way_along = way(i);
      const float before = -way_along;
      const float after = way_along - length;
      float past = before > after ? before : after;
      past = past > 0 ? past : 0;
      const float off = aside + static_cast<float>(i) * aside_step;
      return off * off + past * past;
    }
  };
  Row distances(int x, int y) const {
    const Point at{static_cast<float>(x) + 0.5F - from.x, static_cast<float>(y) + 0.5F - from.y};
    return {dot(at, along), along.x, along.x * at.y - along.y * at.x, -along.y, length};
  }
};

}  // namespace engine::app::draw
