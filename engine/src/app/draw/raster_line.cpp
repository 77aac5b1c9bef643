// Lines, from the distance to their middle.
#include "raster.hpp"
#include "stroke.hpp"

namespace engine::app::draw {
namespace {

// Whole within the line, and down to nothing across the pixel that its edge lies in.
struct Hard {
  float reach;

  explicit Hard(float width) : reach(std::max(width, 1.0F) / 2 + 0.5F) {}
  float at(float distance2) const { return clamp_01(reach - std::sqrt(distance2)); }
};

// From one brush's colour to another's.
struct Ramp {
  std::uint32_t alpha;
  float red, green, blue;
  float more_red, more_green, more_blue;

  Ramp(const Brush& first, const Brush& last)
      : alpha(first.color & 0xFF000000U),
        red(channel(first, 16)),
        green(channel(first, 8)),
        blue(channel(first, 0)),
        more_red(channel(last, 16) - red),
        more_green(channel(last, 8) - green),
        more_blue(channel(last, 0) - blue) {}
  std::uint32_t at(float share) const {
    const auto part = [share](float from, float more) {
      return static_cast<std::uint32_t>(static_cast<std::int32_t>(from + more * share + 0.5F));
    };
    return alpha | part(red, more_red) << 16U | part(green, more_green) << 8U | part(blue, more_blue);
  }
  static float channel(const Brush& brush, unsigned shift) { return static_cast<float>(brush.color >> shift & 255U); }
};

// What a line of this width keeps of its ink's alpha.
float share_of(float width) { return std::min(width, 1.0F); }

}  // namespace

void draw_line(Picture& to, Point a, Point b, float width, const Ink& ink) {
  if (width > 0) draw_stroke(to, a, b, Hard(width), brush_of(ink, share_of(width)));
}

void draw_polyline(Picture& to, std::span<const Point> points, float width, const Ink& ink, bool closed) {
  if (width > 0) draw_strokes(to, points, closed, Hard(width), brush_of(ink, share_of(width)));
}

void draw_fading_line(Picture& to, Point a, Point b, float width, const Ink& at_a, const Ink& at_b) {
  if (!(width > 0)) return;
  const Hard profile(width);
  const auto line = Capsule::cut(to, a, b, profile.reach);
  if (!line) return;
  const Brush first = brush_of(at_a, share_of(width));
  const Brush last = brush_of({at_b.color, at_a.blend}, share_of(width));
  const Ramp ramp(first, last);
  const float per_length = line->length > 0 ? (line->to_share - line->from_share) / line->length : 0;

  std::array<std::uint8_t, kChunk> weights;
  std::array<std::uint32_t, kChunk> colors;
  for_each_piece(to, *line, [&](int x, int y, int count) {
    const Capsule::Row row = line->distances(x, y);
    const auto share_at = [&](int i) { return clamp_01(line->from_share + row.way(i) * per_length); };
    for (int i = 0; i < count; ++i) {
      const float full = first.full + (last.full - first.full) * share_at(i);
      weights[static_cast<std::size_t>(i)] = weight_of(profile.at(row.distance2(i)), full);
    }
    if (first.color == last.color) return blend_weights(to.row(y) + x, weights.data(), count, first);
    for (int i = 0; i < count; ++i) colors[static_cast<std::size_t>(i)] = ramp.at(share_at(i));
    blend_colors(to.row(y) + x, colors.data(), weights.data(), count, at_a.blend);
  });
}

}  // namespace engine::app::draw
