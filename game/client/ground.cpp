#include "game/client/ground.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <vector>

#include "game/client/palette.hpp"
#include "game/client/units.hpp"

namespace game::client {
namespace {

using engine::app::Box;
using engine::app::Canvas;

constexpr float kGridStep = 64;
constexpr int kMajorEvery = 4;
/// The outer wall is drawn this far out.
constexpr float kMargin = 48;
/// A large map on a large window: baked at a lower scale it would not line up, so this bounds the memory.
constexpr float kPixelsMax = 64'000'000;

void draw_grid(Canvas& canvas, Point size) {
  const auto line = [&](float at, bool vertical, int index) {
    const auto color = index % kMajorEvery == 0 ? palette::kGridMajor : palette::kGrid;
    vertical ? canvas.line({at, 0}, {at, size.y}, 1, color) : canvas.line({0, at}, {size.x, at}, 1, color);
  };
  for (const bool major : {false, true}) {
    for (int i = 0; static_cast<float>(i) * kGridStep <= size.x; ++i)
      if ((i % kMajorEvery == 0) == major) line(static_cast<float>(i) * kGridStep, true, i);
    for (int i = 0; static_cast<float>(i) * kGridStep <= size.y; ++i)
      if ((i % kMajorEvery == 0) == major) line(static_cast<float>(i) * kGridStep, false, i);
  }
}

Box box_of(const sim::Rect& rect) {
  return {units(rect.left), units(rect.top), units(rect.right - rect.left), units(rect.bottom - rect.top)};
}

std::array<Point, 4> corners(const Box& box) {
  return {{{box.x, box.y},
           {box.x + box.width, box.y},
           {box.x + box.width, box.y + box.height},
           {box.x, box.y + box.height}}};
}

/// The parts of a side that no other wall touches: where two walls meet there is no edge to see.
std::vector<std::pair<float, float>> open_parts(float from, float to,
                                                const std::vector<std::pair<float, float>>& covered) {
  std::vector<std::pair<float, float>> parts{{from, to}};
  for (const auto& [begin, end] : covered) {
    std::vector<std::pair<float, float>> left;
    for (const auto& [a, b] : parts) {
      if (end <= a || begin >= b) {
        left.emplace_back(a, b);
        continue;
      }
      if (begin > a) left.emplace_back(a, begin);
      if (end < b) left.emplace_back(end, b);
    }
    parts = std::move(left);
  }
  return parts;
}

struct Edge {
  Point from, to;
};

/// The outline of all walls together.
std::vector<Edge> outline(const sim::Map& map) {
  std::vector<Edge> edges;
  for (const sim::Rect& wall : map.walls()) {
    for (const bool horizontal : {true, false}) {
      for (const bool low : {true, false}) {
        const std::int32_t at = horizontal ? (low ? wall.top : wall.bottom) : (low ? wall.left : wall.right);
        std::vector<std::pair<float, float>> covered;
        for (const sim::Rect& other : map.walls()) {
          if (&other == &wall) continue;
          const bool touches =
              horizontal ? (low ? other.top < at && other.bottom >= at : other.top <= at && other.bottom > at)
                         : (low ? other.left < at && other.right >= at : other.left <= at && other.right > at);
          if (!touches) continue;
          covered.emplace_back(units(horizontal ? other.left : other.top),
                               units(horizontal ? other.right : other.bottom));
        }
        const float from = units(horizontal ? wall.left : wall.top);
        const float to = units(horizontal ? wall.right : wall.bottom);
        for (const auto& [a, b] : open_parts(from, to, covered)) {
          const float line = units(at);
          edges.push_back(horizontal ? Edge{{a, line}, {b, line}} : Edge{{line, a}, {line, b}});
        }
      }
    }
  }
  const Point size = units(map.size());
  edges.push_back({{0, 0}, {size.x, 0}});
  edges.push_back({{size.x, 0}, size});
  edges.push_back({size, {0, size.y}});
  edges.push_back({{0, size.y}, {0, 0}});
  return edges;
}

float distance(Point at, const Edge& edge) {
  const Point along = edge.to - edge.from;
  const float share = std::clamp(dot(at - edge.from, along) / std::max(dot(along, along), 1e-6F), 0.0F, 1.0F);
  return length(at - (edge.from + along * share));
}

/// Light around the walls. Each pixel is lit by the edge nearest to it alone: where edges meet it is no brighter.
void light_up(engine::app::Picture& picture, const std::vector<Edge>& edges, float scale) {
  constexpr float kReach = 26;
  constexpr float kStrength = 0.34F;
  const auto width = static_cast<std::size_t>(picture.width());
  std::vector<float> light(width * static_cast<std::size_t>(picture.height()));
  const auto to_pixel = [&](float unit) { return static_cast<int>((unit + kMargin) * scale); };
  for (const Edge& edge : edges) {
    const int left = std::max(0, to_pixel(std::min(edge.from.x, edge.to.x) - kReach));
    const int right = std::min(picture.width(), to_pixel(std::max(edge.from.x, edge.to.x) + kReach) + 1);
    const int top = std::max(0, to_pixel(std::min(edge.from.y, edge.to.y) - kReach));
    const int bottom = std::min(picture.height(), to_pixel(std::max(edge.from.y, edge.to.y) + kReach) + 1);
    for (int y = top; y < bottom; ++y) {
      for (int x = left; x < right; ++x) {
        const Point at{(static_cast<float>(x) + 0.5F) / scale - kMargin,
                       (static_cast<float>(y) + 0.5F) / scale - kMargin};
        const float near = std::max(0.0F, 1 - distance(at, edge) / kReach);
        float& lit = light[static_cast<std::size_t>(y) * width + static_cast<std::size_t>(x)];
        lit = std::max(lit, near * near * kStrength);
      }
    }
  }
  std::uint32_t* pixel = picture.pixels();
  for (const float lit : light) {
    const auto part = [&](unsigned shift, std::uint8_t tint) {
      const auto sum = static_cast<float>((*pixel >> shift) & 0xFFU) + static_cast<float>(tint) * lit;
      return static_cast<std::uint32_t>(std::min(255.0F, sum)) << shift;
    };
    if (lit > 0)
      *pixel = 0xFF000000U | part(16, palette::kWall.r) | part(8, palette::kWall.g) | part(0, palette::kWall.b);
    ++pixel;
  }
}

}  // namespace

void Ground::bake(const sim::Map& map, float scale) {
  const Point size = units(map.size());
  const float width = std::ceil((size.x + 2 * kMargin) * scale);
  const float height = std::ceil((size.y + 2 * kMargin) * scale);
  if (width * height > kPixelsMax) {
    picture_ = {};
    return;
  }
  picture_ = engine::app::Picture(static_cast<int>(width), static_cast<int>(height));
  Canvas canvas(picture_);
  canvas.clear(palette::kWallFill);
  canvas.set_view({.centre = size * 0.5F, .scale = scale});
  canvas.box({0, 0, size.x, size.y}, palette::kGround);
  draw_grid(canvas, size);
  for (const sim::Rect& wall : map.walls()) canvas.polygon(corners(box_of(wall)), palette::kWallFill);
  const std::vector<Edge> edges = outline(map);
  light_up(picture_, edges, scale);
  for (const Edge& edge : edges) canvas.line(edge.from, edge.to, 3, palette::kWall);
}

void Ground::draw(Canvas& canvas, const sim::Map& map) {
  const engine::app::View view = canvas.view();
  if (map_ != &map || scale_ != view.scale) {
    bake(map, view.scale);
    map_ = &map;
    scale_ = view.scale;
  }
  if (picture_.width() == 0) return canvas.clear(palette::kGround);
  const Point corner = canvas.to_pixels(Point{-kMargin, -kMargin});
  canvas.backdrop(picture_, static_cast<int>(std::lround(-corner.x)), static_cast<int>(std::lround(-corner.y)),
                  palette::kWallFill);
}

}  // namespace game::client
