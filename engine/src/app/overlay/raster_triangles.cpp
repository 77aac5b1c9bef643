#include "raster_triangles.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace engine::app::overlay {
namespace {

/// A value that runs evenly over a triangle, from its corners': at(x, y) = start + x * by_x + y * by_y.
struct Plane {
  float start = 0, by_x = 0, by_y = 0;
  float at(float x, float y) const { return start + x * by_x + y * by_y; }
};

float cross(Point a, Point b) { return a.x * b.y - a.y * b.x; }

Plane plane_of(const std::array<Corner, 3>& corners, const std::array<float, 3>& values) {
  const Point a = corners[1].at - corners[0].at;
  const Point b = corners[2].at - corners[0].at;
  const float area = cross(a, b);
  const float to_a = values[1] - values[0];
  const float to_b = values[2] - values[0];
  const Plane plane{0, (to_a * b.y - to_b * a.y) / area, (to_b * a.x - to_a * b.x) / area};
  return {values[0] - plane.at(corners[0].at.x, corners[0].at.y), plane.by_x, plane.by_y};
}

/// The pixels of a row that lie inside: [from, to). Middles on a left edge count, on a right one not.
struct Run {
  int from, to;
};

/// The first pixel whose middle is at `x` or right of it.
int first_pixel(float x) { return static_cast<int>(std::ceil(x - 0.5F)); }

/// `corners` from the top down.
Run run_of(const std::array<Corner, 3>& corners, float y) {
  const auto x_at = [y](Point from, Point to) { return from.x + (to.x - from.x) * ((y - from.y) / (to.y - from.y)); };
  const Point top = corners[0].at;
  const Point middle = corners[1].at;
  const Point bottom = corners[2].at;
  const float along = x_at(top, bottom);
  const float bent = y < middle.y ? x_at(top, middle) : x_at(middle, bottom);
  return {first_pixel(std::min(along, bent)), first_pixel(std::max(along, bent))};
}

std::uint32_t over(std::uint32_t below, const std::array<float, 4>& rgba, float coverage) {
  const float share = rgba[3] * coverage * (1 / 255.0F);
  const auto channel = [&](int shift, float of) {
    const auto was = static_cast<float>(below >> shift & 255U);
    return static_cast<std::uint32_t>(was + (of - was) * share + 0.5F) << shift;
  };
  return channel(24, 255) | channel(16, rgba[0]) | channel(8, rgba[1]) | channel(0, rgba[2]);
}

}  // namespace

void draw_triangle(Picture& picture, const std::array<Corner, 3>& corners, const Texture& texture,
                   const Scissors& scissors) {
  const Point a = corners[1].at - corners[0].at;
  const Point b = corners[2].at - corners[0].at;
  if (std::abs(cross(a, b)) < 1e-6F) return;
  const auto plane = [&corners](auto value_of) {
    return plane_of(corners, {value_of(corners[0]), value_of(corners[1]), value_of(corners[2])});
  };
  const std::array<Plane, 4> colors = {plane([](const Corner& c) { return static_cast<float>(c.color.r); }),
                                       plane([](const Corner& c) { return static_cast<float>(c.color.g); }),
                                       plane([](const Corner& c) { return static_cast<float>(c.color.b); }),
                                       plane([](const Corner& c) { return static_cast<float>(c.color.a); })};
  const Plane u = plane([&](const Corner& c) { return c.texture.x * static_cast<float>(texture.width); });
  const Plane v = plane([&](const Corner& c) { return c.texture.y * static_cast<float>(texture.height); });

  std::array<Corner, 3> down = corners;
  std::sort(down.begin(), down.end(), [](const Corner& one, const Corner& two) { return one.at.y < two.at.y; });
  const int bottom = std::min({scissors.bottom, picture.height(), first_pixel(down[2].at.y)});
  for (int y = std::max({scissors.top, 0, first_pixel(down[0].at.y)}); y < bottom; ++y) {
    const float middle_y = static_cast<float>(y) + 0.5F;
    const Run run = run_of(down, middle_y);
    std::uint32_t* const row = picture.row(y);
    const int right = std::min({scissors.right, picture.width(), run.to});
    for (int x = std::max({scissors.left, 0, run.from}); x < right; ++x) {
      const float middle_x = static_cast<float>(x) + 0.5F;
      const int column = std::clamp(static_cast<int>(u.at(middle_x, middle_y)), 0, texture.width - 1);
      const int line = std::clamp(static_cast<int>(v.at(middle_x, middle_y)), 0, texture.height - 1);
      const std::uint8_t coverage = texture.texels[line * texture.width + column];
      if (coverage == 0) continue;
      std::array<float, 4> rgba;
      for (std::size_t i = 0; i < rgba.size(); ++i)
        rgba[i] = std::clamp(colors[i].at(middle_x, middle_y), 0.0F, 255.0F);
      row[x] = over(row[x], rgba, static_cast<float>(coverage) * (1 / 255.0F));
    }
  }
}

}  // namespace engine::app::overlay
