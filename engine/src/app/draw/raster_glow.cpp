// Light, soft from its middle to its edge.
#include "raster.hpp"
#include "stroke.hpp"

namespace engine::app::draw {
namespace {

constexpr float kRadiusMin = 1;  // smaller ones would fall between the pixels' centres

// (1 - d^2 / r^2)^3: level in the middle and at the edge, so that neither is seen as a rim, and without a root.
struct Soft {
  float reach;
  float per_reach2;

  explicit Soft(float radius) : reach(std::clamp(radius, kRadiusMin, kReachMax)), per_reach2(1 / (reach * reach)) {}
  float at(float distance2) const {
    float left = 1 - distance2 * per_reach2;
    left = left > 0 ? left : 0;
    return left * left * left;
  }
};

float share_of(float radius) { return std::min(radius / kRadiusMin, 1.0F); }

}  // namespace

void draw_glow(Picture& to, Point centre, float radius, const Ink& ink) {
  if (radius > 0) draw_stroke(to, centre, centre, Soft(radius), brush_of(ink, share_of(radius) * share_of(radius)));
}

void draw_glow_line(Picture& to, Point a, Point b, float radius, const Ink& ink) {
  if (radius > 0) draw_stroke(to, a, b, Soft(radius), brush_of(ink, share_of(radius)));
}

void draw_glow_polyline(Picture& to, std::span<const Point> points, float radius, const Ink& ink, bool closed) {
  if (radius > 0) draw_strokes(to, points, closed, Soft(radius), brush_of(ink, share_of(radius)));
}

}  // namespace engine::app::draw
