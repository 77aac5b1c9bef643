#include "game/client/menu/navigation.hpp"

#include <algorithm>
#include <cmath>

namespace game::client {
namespace {

using engine::app::Box;

/// A box as seen along a direction: `near` and `far` along it, `low` and `high` across.
struct Extent {
  float near = 0;
  float far = 0;
  float low = 0;
  float high = 0;
};

Extent seen_along(const Box& box, Direction towards) {
  switch (towards) {
    case Direction::kDown:
      return {box.y, box.y + box.height, box.x, box.x + box.width};
    case Direction::kUp:
      return {-box.y - box.height, -box.y, box.x, box.x + box.width};
    case Direction::kRight:
      return {box.x, box.x + box.width, box.y, box.y + box.height};
    case Direction::kLeft:
      return {-box.x - box.width, -box.x, box.y, box.y + box.height};
  }
  return {};
}

/// How far apart the two are across the direction; 0 where they overlap.
float gap_across(const Extent& a, const Extent& b) { return std::max({0.0F, b.low - a.high, a.low - b.high}); }

bool is_vertical(Direction d) { return d == Direction::kUp || d == Direction::kDown; }

}  // namespace

std::optional<std::size_t> neighbour(std::span<const Box> boxes, std::size_t from, Direction towards, bool goes_on) {
  if (from >= boxes.size()) return std::nullopt;
  const Extent here = seen_along(boxes[from], towards);
  std::optional<std::size_t> best;
  float best_cost = 0;
  std::optional<std::size_t> first;  // of those in line: where it goes on after the last
  float first_at = 0;
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    if (i == from || boxes[i].width <= 0) continue;
    const Extent there = seen_along(boxes[i], towards);
    const float gap = gap_across(here, there);
    const float ahead = there.near - here.far;
    // Straight ahead counts for more than near: a step aside costs three ahead, and none may be wider than the step.
    if (ahead > -1 && !(is_vertical(towards) ? gap > 400 : gap > std::max(40.0F, ahead))) {
      const float offset = std::abs((there.low + there.high) - (here.low + here.high)) / 2;
      const float cost = std::max(0.0F, ahead) + 3 * gap + offset / 20;
      if (!best || cost < best_cost) {
        best = i;
        best_cost = cost;
      }
    }
    if (goes_on && is_vertical(towards) && gap == 0 && there.far <= here.near && (!first || there.near < first_at)) {
      first = i;
      first_at = there.near;
    }
  }
  return best ? best : first;
}

}  // namespace game::client
