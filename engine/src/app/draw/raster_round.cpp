// Discs, rings and arcs: a row's weights from the distance to the centre.
#include <algorithm>
#include <array>
#include <numbers>

#include "blend.hpp"
#include "capsule.hpp"
#include "clip.hpp"
#include "raster.hpp"

namespace engine::app::draw {
namespace {

constexpr int kChunk = 256;

float clamp_01(float x) {
  x = x > 0 ? x : 0;
  return x < 1 ? x : 1;
}

// Half of the way that a row, `off` from the centre, goes within a circle; negative if it does not meet it.
float half_chord(float radius, float off) {
  const float square = radius * radius - off * off;
  return radius > 0 && square >= 0 ? std::sqrt(square) : -1;
}

// A band about a circle, the whole of it or the part between two ends, which are rounded.
struct Band {
  Point centre;
  float radius;
  float reach;  // to both sides
  bool whole;
  bool over_half;
  Point begin{};  // on the circle, from the centre
  Point end{};

  float distance(Point at) const {
    const float out = std::fabs(std::sqrt(dot(at, at)) - radius);
    if (whole) return out;
    const bool after_begin = begin.x * at.y - begin.y * at.x >= 0;
    const bool before_end = at.x * end.y - at.y * end.x >= 0;
    if (over_half ? (after_begin || before_end) : (after_begin && before_end)) return out;
    return std::sqrt(std::min(dot(at - begin, at - begin), dot(at - end, at - end)));
  }

  void weigh(int x, int y, int count, float full, std::uint8_t* weights) const {
    const Point from{static_cast<float>(x) + 0.5F - centre.x, static_cast<float>(y) + 0.5F - centre.y};
    if (whole) {
      for (int i = 0; i < count; ++i) {
        const float off_x = from.x + static_cast<float>(i);
        const float out = std::fabs(std::sqrt(off_x * off_x + from.y * from.y) - radius);
        weights[i] = weight_of(clamp_01(reach - out), full);
      }
      return;
    }
    for (int i = 0; i < count; ++i) {
      weights[i] = weight_of(clamp_01(reach - distance(from + Point{static_cast<float>(i), 0})), full);
    }
  }
};

void draw_band(Picture& to, const Band& band, const Brush& brush) {
  const float outer = band.radius + band.reach;
  const float inner = band.radius - band.reach;
  std::array<std::uint8_t, kChunk> weights;
  const auto draw = [&](int y, float low, float high) {
    const int end = end_pixel(high, to.width());
    for (int x = first_pixel(low, to.width()); x < end; x += kChunk) {
      const int count = std::min(kChunk, end - x);
      band.weigh(x, y, count, brush.full, weights.data());
      blend_weights(to.row(y) + x, weights.data(), count, brush);
    }
  };
  const int bottom = end_pixel(band.centre.y + outer, to.height());
  for (int y = first_pixel(band.centre.y - outer, to.height()); y < bottom; ++y) {
    const float off = static_cast<float>(y) + 0.5F - band.centre.y;
    const float half = half_chord(outer, off);
    if (half < 0) continue;
    const float hole = half_chord(inner, off);
    if (hole <= 0) {
      draw(y, band.centre.x - half, band.centre.x + half);
    } else {
      draw(y, band.centre.x - half, band.centre.x - hole);
      draw(y, band.centre.x + hole, band.centre.x + half);
    }
  }
}

}  // namespace

void draw_disc(Picture& to, Point centre, float radius, const Ink& ink) {
  constexpr float kRadiusMin = 0.5F;
  if (!is_finite(centre) || !(radius > 0)) return;
  const float share = std::min(radius / kRadiusMin, 1.0F);
  const Brush brush = brush_of(ink, share * share);
  const float reach = std::clamp(radius, kRadiusMin, kReachMax) + 0.5F;
  const std::uint8_t full = weight_of(1, brush.full);

  std::array<std::uint8_t, kChunk> weights;
  const auto draw_edge = [&](int y, float off, int begin, int end) {
    for (int x = begin; x < end; x += kChunk) {
      const int count = std::min(kChunk, end - x);
      const float from = static_cast<float>(x) + 0.5F - centre.x;
      for (int i = 0; i < count; ++i) {
        const float off_x = from + static_cast<float>(i);
        weights[static_cast<std::size_t>(i)] =
            weight_of(clamp_01(reach - std::sqrt(off_x * off_x + off * off)), brush.full);
      }
      blend_weights(to.row(y) + x, weights.data(), count, brush);
    }
  };
  const int bottom = end_pixel(centre.y + reach, to.height());
  for (int y = first_pixel(centre.y - reach, to.height()); y < bottom; ++y) {
    const float off = static_cast<float>(y) + 0.5F - centre.y;
    const float half = half_chord(reach, off);
    if (half < 0) continue;
    const int begin = first_pixel(centre.x - half, to.width());
    const int end = end_pixel(centre.x + half, to.width());
    const float solid = half_chord(reach - 1, off);
    if (solid <= 0) {
      draw_edge(y, off, begin, end);
      continue;
    }
    const int solid_begin = first_pixel(centre.x - solid, to.width());
    const int solid_end = end_pixel(centre.x + solid, to.width());
    draw_edge(y, off, begin, solid_begin);
    blend_run(to.row(y) + solid_begin, solid_end - solid_begin, full, brush);
    draw_edge(y, off, std::max(solid_begin, solid_end), end);
  }
}

void draw_ring(Picture& to, Point centre, float radius, float width, const Ink& ink) {
  if (!is_finite(centre) || !(radius >= 0) || !(width > 0)) return;
  if (width >= 2 * radius) return draw_disc(to, centre, radius + width / 2, ink);
  const Band band{centre, std::min(radius, kReachMax), std::clamp(width, 1.0F, kReachMax) / 2 + 0.5F, true, false};
  draw_band(to, band, brush_of(ink, std::min(width, 1.0F)));
}

void draw_arc(Picture& to, Point centre, float radius, float from_rad, float to_rad, float width, const Ink& ink) {
  constexpr float kTurn = 2 * std::numbers::pi_v<float>;
  const float sweep = to_rad - from_rad;
  if (!is_finite(centre) || !std::isfinite(from_rad) || !(radius >= 0) || !(width > 0) || !(sweep > 0)) return;
  if (sweep >= kTurn) return draw_ring(to, centre, radius, width, ink);
  Band band{centre, std::min(radius, kReachMax), std::clamp(width, 1.0F, kReachMax) / 2 + 0.5F, false,
            sweep > kTurn / 2};
  band.begin = direction(from_rad) * band.radius;
  band.end = direction(to_rad) * band.radius;
  draw_band(to, band, brush_of(ink, std::min(width, 1.0F)));
}

}  // namespace engine::app::draw
