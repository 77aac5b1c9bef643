// Lines: a row's weights from the distance to the line's middle. A polyline is the union of its lines, so that a joint
// is covered once: the greatest weight of any line counts.
#include <array>
#include <vector>

#include "blend.hpp"
#include "capsule.hpp"
#include "raster.hpp"

namespace engine::app::draw {
namespace {

constexpr int kChunk = 256;  // pixels at a time, so that weights stay on the stack

float clamp_01(float x) {
  x = x > 0 ? x : 0;
  return x < 1 ? x : 1;
}

// A line's weights reach half a pixel beyond its edge.
float reach_of(float width) { return std::max(width, 1.0F) / 2 + 0.5F; }

// What a line of this width keeps of its ink's alpha.
float share_of(float width) { return std::min(width, 1.0F); }

void weigh(const Capsule& line, int x, int y, int count, float full, std::uint8_t* weights) {
  const Capsule::Row row = line.distances(x, y);
  const float reach = line.reach;
  for (int i = 0; i < count; ++i) weights[i] = weight_of(clamp_01(reach - std::sqrt(row.distance2(i))), full);
}

void weigh_union(const Capsule& line, int x, int y, int count, float full, std::uint8_t* weights) {
  const Capsule::Row row = line.distances(x, y);
  const float reach = line.reach;
  for (int i = 0; i < count; ++i) {
    const std::uint8_t weight = weight_of(clamp_01(reach - std::sqrt(row.distance2(i))), full);
    weights[i] = weight > weights[i] ? weight : weights[i];
  }
}

// Calls `visit(x, y, count)` for every piece of a row, at most kChunk long, that the line can touch.
template <class Visit>
void for_each_piece(const Picture& picture, const Capsule& line, Visit visit) {
  for (int y = line.top; y < line.bottom; ++y) {
    const Capsule::Span span = line.row(y, picture.width());
    for (int x = span.left; x < span.right; x += kChunk) visit(x, y, std::min(kChunk, span.right - x));
  }
}

}  // namespace

void draw_line(Picture& to, Point a, Point b, float width, const Ink& ink) {
  const Brush brush = brush_of(ink, share_of(width));
  const auto line = Capsule::cut(to, a, b, reach_of(width));
  if (!line || !(width > 0)) return;
  std::array<std::uint8_t, kChunk> weights;
  for_each_piece(to, *line, [&](int x, int y, int count) {
    weigh(*line, x, y, count, brush.full, weights.data());
    blend_weights(to.row(y) + x, weights.data(), count, brush);
  });
}

void draw_fading_line(Picture& to, Point a, Point b, float width, const Ink& at_a, const Ink& at_b) {
  const auto line = Capsule::cut(to, a, b, reach_of(width));
  if (!line || !(width > 0)) return;
  const Brush from = brush_of(at_a, share_of(width));
  const Brush until = brush_of({at_b.color, at_a.blend}, share_of(width));
  const float per_length = line->length > 0 ? (line->to_share - line->from_share) / line->length : 0;
  const bool one_color = from.color == until.color;

  std::array<std::uint8_t, kChunk> weights;
  std::array<std::uint32_t, kChunk> colors;
  for_each_piece(to, *line, [&](int x, int y, int count) {
    const Capsule::Row row = line->distances(x, y);
    const auto share_at = [&](int i) { return clamp_01(line->from_share + row.way(i) * per_length); };
    for (int i = 0; i < count; ++i) {
      const float full = from.full + (until.full - from.full) * share_at(i);
      weights[static_cast<std::size_t>(i)] = weight_of(clamp_01(line->reach - std::sqrt(row.distance2(i))), full);
    }
    if (one_color) return blend_weights(to.row(y) + x, weights.data(), count, from);
    for (int i = 0; i < count; ++i) {
      colors[static_cast<std::size_t>(i)] = brush_of({mix(at_a.color, at_b.color, share_at(i)), at_a.blend}).color;
    }
    blend_colors(to.row(y) + x, colors.data(), weights.data(), count, at_a.blend);
  });
}

void draw_polyline(Picture& to, std::span<const Point> points, float width, const Ink& ink, bool closed) {
  if (points.empty() || !(width > 0)) return;
  const Brush brush = brush_of(ink, share_of(width));

  std::vector<Capsule> lines;
  lines.reserve(points.size());
  const std::size_t pieces = points.size() == 1 || closed ? points.size() : points.size() - 1;
  for (std::size_t i = 0; i < pieces; ++i) {
    const auto line = Capsule::cut(to, points[i], points[(i + 1) % points.size()], reach_of(width));
    if (line) lines.push_back(*line);
  }
  if (lines.empty()) return;
  std::sort(lines.begin(), lines.end(), [](const Capsule& a, const Capsule& b) { return a.top < b.top; });

  std::vector<std::uint8_t> weights(static_cast<std::size_t>(to.width()));  // of a row; all zero between rows
  std::vector<const Capsule*> active;
  std::size_t next = 0;
  for (int y = lines.front().top; y < to.height() && (next < lines.size() || !active.empty()); ++y) {
    for (; next < lines.size() && lines[next].top <= y; ++next) active.push_back(&lines[next]);
    std::erase_if(active, [y](const Capsule* line) { return line->bottom <= y; });
    int left = to.width();
    int right = 0;
    for (const Capsule* line : active) {
      const Capsule::Span span = line->row(y, to.width());
      if (span.left >= span.right) continue;
      weigh_union(*line, span.left, y, span.right - span.left, brush.full, weights.data() + span.left);
      left = std::min(left, span.left);
      right = std::max(right, span.right);
    }
    if (left >= right) continue;
    blend_weights(to.row(y) + left, weights.data() + left, right - left, brush);
    std::fill(weights.begin() + left, weights.begin() + right, std::uint8_t{0});
  }
}

}  // namespace engine::app::draw
