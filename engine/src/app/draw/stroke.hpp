// Lines drawn with a profile: what weight a pixel has at a distance from the middle. Hard for lines, soft for light.
//
// A profile has `float reach`, beyond which it is nothing, and `float at(float distance2) const`, 0 to 1, which may not
// rise with the squared distance.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "blend.hpp"
#include "capsule.hpp"

namespace engine::app::draw {

inline constexpr int kChunk = 256;  // pixels at a time, so that weights stay on the stack

inline float clamp_01(float x) {
  x = x > 0 ? x : 0;
  return x < 1 ? x : 1;
}

/// Calls `visit(x, y, count)` for every piece of a row, at most kChunk long, that the line can touch.
template <class Visit>
void for_each_piece(const Picture& picture, const Capsule& line, Visit visit) {
  for (int y = line.top; y < line.bottom; ++y) {
    const Capsule::Span span = line.row(y, picture.width());
    for (int x = span.left; x < span.right; x += kChunk) visit(x, y, std::min(kChunk, span.right - x));
  }
}

template <class Profile>
void draw_stroke(Picture& to, Point a, Point b, const Profile& profile, const Brush& brush) {
  const auto line = Capsule::cut(to, a, b, profile.reach);
  if (!line) return;
  std::array<std::uint8_t, kChunk> weights;
  for_each_piece(to, *line, [&](int x, int y, int count) {
    const Capsule::Row row = line->distances(x, y);
    for (int i = 0; i < count; ++i) {
      weights[static_cast<std::size_t>(i)] = weight_of(profile.at(row.distance2(i)), brush.full);
    }
    blend_weights(to.row(y) + x, weights.data(), count, brush);
  });
}

/// The union of a polyline's lines: the greatest weight that any of them gives a pixel counts, so that joints are
/// covered once.
template <class Profile>
void draw_strokes(Picture& to, std::span<const Point> points, bool closed, const Profile& profile, const Brush& brush) {
  std::vector<Capsule> lines;
  lines.reserve(points.size());
  const std::size_t pieces = points.size() > 1 && !closed ? points.size() - 1 : points.size();
  for (std::size_t i = 0; i < pieces; ++i) {
    const auto line = Capsule::cut(to, points[i], points[(i + 1) % points.size()], profile.reach);
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
      const Capsule::Row row = line->distances(span.left, y);
      std::uint8_t* at = weights.data() + span.left;
      for (int i = 0; i < span.right - span.left; ++i) {
        const std::uint8_t weight = weight_of(profile.at(row.distance2(i)), brush.full);
        at[i] = weight > at[i] ? weight : at[i];
      }
      left = std::min(left, span.left);
      right = std::max(right, span.right);
    }
    if (left >= right) continue;
    blend_weights(to.row(y) + left, weights.data() + left, right - left, brush);
    std::fill(weights.begin() + left, weights.begin() + right, std::uint8_t{0});
  }
}

}  // namespace engine::app::draw
