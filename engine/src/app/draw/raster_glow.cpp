// Soft light: (1 - d^2 / r^2)^2, which is level in the middle and at its edge, so that neither is seen as a rim.
#include <array>

#include "blend.hpp"
#include "capsule.hpp"
#include "raster.hpp"

namespace engine::app::draw {

void draw_glow(Picture& to, Point centre, float radius, const Ink& ink) {
  draw_glow_line(to, centre, centre, radius, ink);
}

void draw_glow_line(Picture& to, Point a, Point b, float radius, const Ink& ink) {
  // Smaller ones would fall between the pixels' centres.
  constexpr float kRadiusMin = 1;
  if (!(radius > 0)) return;
  const float thinness = std::min(radius / kRadiusMin, 1.0F);
  const Brush brush = brush_of(ink, a == b ? thinness * thinness : thinness);
  const auto line = Capsule::cut(to, a, b, std::max(radius, kRadiusMin));
  if (!line) return;

  constexpr int kChunk = 256;
  std::array<std::uint8_t, kChunk> weights;
  const float per_reach2 = 1 / (line->reach * line->reach);
  for (int y = line->top; y < line->bottom; ++y) {
    const Capsule::Span span = line->row(y, to.width());
    for (int x = span.left; x < span.right; x += kChunk) {
      const int count = std::min(kChunk, span.right - x);
      const Capsule::Row row = line->distances(x, y);
      for (int i = 0; i < count; ++i) {
        const float left = 1 - row.distance2(i) * per_reach2;
        const float light = left > 0 ? left : 0;
        weights[static_cast<std::size_t>(i)] = weight_of(light * light, brush.full);
      }
      blend_weights(to.row(y) + x, weights.data(), count, brush);
    }
  }
}

}  // namespace engine::app::draw
