#include "game/sim/map.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "engine/core/assert.hpp"

namespace game::sim {
namespace {

constexpr std::int32_t kCell = 64 * kUnit;

Rect grown(const Rect& rect, std::int32_t by) {
  return {rect.left - by, rect.top - by, rect.right + by, rect.bottom + by};
}

void keep_deeper(std::optional<Contact>& best, const Contact& found) {
  if (found.depth > 0 && (!best || found.depth > best->depth)) best = found;
}

// The way out of a rectangle for a centre inside it: over the nearest edge.
Contact inside_contact(Vec center, std::int32_t radius, const Rect& rect) {
  Contact best{{-engine::kOneQ14, 0}, center.x - rect.left};
  const auto nearer = [&best](Vec normal, std::int32_t distance) {
    if (distance < best.depth) best = {normal, distance};
  };
  nearer({engine::kOneQ14, 0}, rect.right - center.x);
  nearer({0, -engine::kOneQ14}, center.y - rect.top);
  nearer({0, engine::kOneQ14}, rect.bottom - center.y);
  best.depth += radius;
  return best;
}

void wall_contact(std::optional<Contact>& best, Vec center, std::int32_t radius, const Rect& rect) {
  const Vec closest{std::clamp(center.x, rect.left, rect.right), std::clamp(center.y, rect.top, rect.bottom)};
  const Vec away = center - closest;
  if (away == Vec{}) return keep_deeper(best, inside_contact(center, radius, rect));
  if (length_squared(away) >= square(radius)) return;
  keep_deeper(best, {direction_q14(away), radius - engine::length(away.x, away.y)});
}

// Of one axis: the fractions of the path at which it enters and leaves lo..hi. False if it never is inside.
bool slab(std::int32_t from, std::int32_t by, std::int32_t lo, std::int32_t hi, std::int64_t& enter,
          std::int64_t& leave) {
  if (by == 0) return from > lo && from < hi;
  std::int64_t first = engine::div_floor(std::int64_t{lo - from} * kWholePath, by);
  std::int64_t last = engine::div_floor(std::int64_t{hi - from} * kWholePath, by);
  if (first > last) std::swap(first, last);
  enter = std::max(enter, first);
  leave = std::min(leave, last);
  return enter < leave;
}

}  // namespace

Map::Map(MapPlan plan) : plan_(std::move(plan)) {
  ENGINE_ASSERT(!plan_.spawns.empty(), "a map without spawns");
  ENGINE_ASSERT(plan_.size.x > 0 && plan_.size.y > 0, "a map without ground");
  ENGINE_ASSERT(plan_.walls.size() <= std::numeric_limits<std::uint16_t>::max());
  columns_ = (plan_.size.x + kCell - 1) / kCell;
  rows_ = (plan_.size.y + kCell - 1) / kCell;
  for (std::int32_t row = 0; row < rows_; ++row) {
    for (std::int32_t column = 0; column < columns_; ++column) {
      cell_starts_.push_back(static_cast<std::uint32_t>(cell_walls_.size()));
      const Rect cell = grown({column * kCell, row * kCell, (column + 1) * kCell, (row + 1) * kCell}, kShipRadius);
      for (std::size_t i = 0; i < plan_.walls.size(); ++i) {
        const Rect& wall = plan_.walls[i];
        if (wall.left >= cell.right || wall.right <= cell.left || wall.top >= cell.bottom || wall.bottom <= cell.top)
          continue;
        cell_walls_.push_back(static_cast<std::uint16_t>(i));
      }
    }
  }
  cell_starts_.push_back(static_cast<std::uint32_t>(cell_walls_.size()));
}

std::optional<Contact> Map::contact(Vec center, std::int32_t radius) const {
  ENGINE_ASSERT(radius <= kShipRadius);
  std::optional<Contact> best;
  keep_deeper(best, {{engine::kOneQ14, 0}, radius - center.x});
  keep_deeper(best, {{-engine::kOneQ14, 0}, center.x + radius - plan_.size.x});
  keep_deeper(best, {{0, engine::kOneQ14}, radius - center.y});
  keep_deeper(best, {{0, -engine::kOneQ14}, center.y + radius - plan_.size.y});
  const std::int32_t column = std::clamp(center.x / kCell, 0, columns_ - 1);
  const std::int32_t row = std::clamp(center.y / kCell, 0, rows_ - 1);
  const auto cell =
      static_cast<std::size_t>(row) * static_cast<std::size_t>(columns_) + static_cast<std::size_t>(column);
  for (std::uint32_t i = cell_starts_[cell]; i < cell_starts_[cell + 1]; ++i) {
    wall_contact(best, center, radius, plan_.walls[cell_walls_[i]]);
  }
  return best;
}

std::int32_t Map::cast(Vec from, Vec by, std::int32_t radius) const {
  const Vec to = from + by;
  const Rect ground = grown({0, 0, plan_.size.x, plan_.size.y}, -radius);
  if (from.x < ground.left || from.x > ground.right || from.y < ground.top || from.y > ground.bottom) return 0;
  std::int64_t covered = kWholePath;
  const auto stop_at = [&covered](std::int32_t start, std::int32_t step, std::int32_t edge) {
    covered = std::min(covered, std::int64_t{edge - start} * kWholePath / step);
  };
  if (to.x < ground.left) stop_at(from.x, by.x, ground.left);
  if (to.x > ground.right) stop_at(from.x, by.x, ground.right);
  if (to.y < ground.top) stop_at(from.y, by.y, ground.top);
  if (to.y > ground.bottom) stop_at(from.y, by.y, ground.bottom);

  const Rect swept{std::min(from.x, to.x), std::min(from.y, to.y), std::max(from.x, to.x), std::max(from.y, to.y)};
  for (const Rect& wall : plan_.walls) {
    const Rect rect = grown(wall, radius);
    if (swept.left >= rect.right || swept.right <= rect.left || swept.top >= rect.bottom || swept.bottom <= rect.top)
      continue;
    std::int64_t enter = 0;
    std::int64_t leave = covered;
    if (!slab(from.x, by.x, rect.left, rect.right, enter, leave)) continue;
    if (!slab(from.y, by.y, rect.top, rect.bottom, enter, leave)) continue;
    covered = enter;
  }
  return static_cast<std::int32_t>(covered);
}

}  // namespace game::sim
