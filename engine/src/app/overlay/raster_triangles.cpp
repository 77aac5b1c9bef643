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

/// What a pixel is mixed with, and how much of it, from 0 to 256.
struct Mix {
  std::uint32_t r = 0, g = 0, b = 0, share = 0;
};

Mix mix_of(const std::array<float, 4>& rgba, float coverage) {
  const auto whole = [](float value) { return static_cast<std::uint32_t>(std::clamp(value, 0.0F, 255.0F) + 0.5F); };
  const float share = std::clamp(rgba[3], 0.0F, 255.0F) * coverage * (256 / (255.0F * 255.0F));
  return {whole(rgba[0]), whole(rgba[1]), whole(rgba[2]), static_cast<std::uint32_t>(share + 0.5F)};
}

std::uint32_t over(std::uint32_t below, const Mix& mix) {
  const std::uint32_t kept = 256 - mix.share;
  const auto channel = [&](int shift, std::uint32_t of) {
    return ((below >> shift & 255U) * kept + of * mix.share + 128) >> 8U << shift;
  };
  return channel(24, 255) | channel(16, mix.r) | channel(8, mix.g) | channel(0, mix.b);
}

std::uint8_t texel_at(const Texture& texture, float u, float v) {
  const int column = std::clamp(static_cast<int>(u), 0, texture.width - 1);
  const int line = std::clamp(static_cast<int>(v), 0, texture.height - 1);
  return texture.texels[line * texture.width + column];
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

  // Of one colour and one texel, as panels and their plots are: most of all pixels.
  const auto is_like_first = [&corners](const Corner& c) {
    return c.color == corners[0].color && c.texture == corners[0].texture;
  };
  const bool is_plain = is_like_first(corners[1]) && is_like_first(corners[2]);
  const Color color = corners[0].color;
  const Mix plain = mix_of({static_cast<float>(color.r), static_cast<float>(color.g), static_cast<float>(color.b),
                            static_cast<float>(color.a)},
                           texel_at(texture, u.start, v.start));

  std::array<Corner, 3> down = corners;
  std::sort(down.begin(), down.end(), [](const Corner& one, const Corner& two) { return one.at.y < two.at.y; });
  const int bottom = std::min({scissors.bottom, picture.height(), first_pixel(down[2].at.y)});
  for (int y = std::max({scissors.top, 0, first_pixel(down[0].at.y)}); y < bottom; ++y) {
    const float middle_y = static_cast<float>(y) + 0.5F;
    const Run run = run_of(down, middle_y);
    std::uint32_t* const row = picture.row(y);
    const int left = std::max({scissors.left, 0, run.from});
    const int right = std::min({scissors.right, picture.width(), run.to});
    if (is_plain) {
      for (int x = left; x < right; ++x) row[x] = over(row[x], plain);
      continue;
    }
    for (int x = left; x < right; ++x) {
      const float middle_x = static_cast<float>(x) + 0.5F;
      const std::uint8_t coverage = texel_at(texture, u.at(middle_x, middle_y), v.at(middle_x, middle_y));
      if (coverage == 0) continue;
      std::array<float, 4> rgba;
      for (std::size_t i = 0; i < rgba.size(); ++i) rgba[i] = colors[i].at(middle_x, middle_y);
      row[x] = over(row[x], mix_of(rgba, coverage));
    }
  }
}

}  // namespace engine::app::overlay
