#include "game/bots/nav_grid.hpp"

#include <algorithm>
#include <deque>
#include <utility>

#include "engine/core/assert.hpp"

namespace game::bots {
namespace {

constexpr std::int32_t kCell = 32 * sim::kUnit;
constexpr std::uint32_t kCellUnits = 32;
constexpr std::uint32_t kCostOfSide = 5;
constexpr std::size_t kBuckets = 8;  // more than the dearest step costs
constexpr int kLookaheadCells = 14;

}  // namespace

NavGrid::NavGrid(std::shared_ptr<const sim::Map> map)
    : map_(std::move(map)),
      columns_((map_->size().x + kCell - 1) / kCell),
      rows_((map_->size().y + kCell - 1) / kCell),
      open_(static_cast<std::size_t>(columns_ * rows_)),
      nearest_open_(open_.size(), 0) {
  std::deque<std::uint32_t> frontier;
  std::vector<std::uint8_t> seen(open_.size());
  for (std::size_t cell = 0; cell < open_.size(); ++cell) {
    open_[cell] = !map_->contact(center_of(cell), sim::kShipRadius);
    if (open_[cell] == 0) continue;
    nearest_open_[cell] = static_cast<std::uint32_t>(cell);
    seen[cell] = 1;
    frontier.push_back(static_cast<std::uint32_t>(cell));
  }
  ENGINE_ASSERT(!frontier.empty(), "a map without room for a ship");
  for (; !frontier.empty(); frontier.pop_front()) {
    const auto cell = static_cast<std::int32_t>(frontier.front());
    const auto spread = [&](std::int32_t column, std::int32_t row) {
      if (column < 0 || row < 0 || column >= columns_ || row >= rows_ || seen[index(column, row)] != 0) return;
      seen[index(column, row)] = 1;
      nearest_open_[index(column, row)] = nearest_open_[static_cast<std::size_t>(cell)];
      frontier.push_back(static_cast<std::uint32_t>(index(column, row)));
    };
    const std::int32_t column = cell % columns_;
    const std::int32_t row = cell / columns_;
    spread(column - 1, row);
    spread(column + 1, row);
    spread(column, row - 1);
    spread(column, row + 1);
  }
}

bool NavGrid::is_open(std::int32_t column, std::int32_t row) const {
  return column >= 0 && row >= 0 && column < columns_ && row < rows_ && open_[index(column, row)] != 0;
}

std::size_t NavGrid::cell_at(sim::Vec point) const {
  const std::int32_t column = std::clamp(point.x / kCell, 0, columns_ - 1);
  const std::int32_t row = std::clamp(point.y / kCell, 0, rows_ - 1);
  return nearest_open_[index(column, row)];
}

sim::Vec NavGrid::center_of(std::size_t cell) const {
  const auto column = static_cast<std::int32_t>(cell) % columns_;
  const auto row = static_cast<std::int32_t>(cell) / columns_;
  return {column * kCell + kCell / 2, row * kCell + kCell / 2};
}

Route::Route(std::shared_ptr<const NavGrid> grid)
    : grid_(std::move(grid)),
      goal_cell_(grid_->cell_count()),
      distance_(grid_->cell_count(), kUnreachable),
      buckets_(kBuckets) {}

// Dial's algorithm: Dijkstra's with a ring of buckets, as steps cost 5 or 7.
void Route::set_goal(sim::Vec goal) {
  goal_ = goal;
  const std::size_t cell = grid_->cell_at(goal);
  if (cell == goal_cell_) return;
  goal_cell_ = cell;
  std::fill(distance_.begin(), distance_.end(), kUnreachable);
  distance_[cell] = 0;
  buckets_[0].push_back(static_cast<std::uint32_t>(cell));
  std::size_t waiting = 1;
  for (std::uint32_t cost = 0; waiting > 0; ++cost) {
    auto& bucket = buckets_[cost % kBuckets];
    for (std::size_t i = 0; i < bucket.size(); ++i) {
      const std::size_t from = bucket[i];
      if (distance_[from] != cost) continue;
      grid_->for_each_neighbour(from, [&](std::size_t to, std::uint32_t step) {
        if (cost + step >= distance_[to]) return;
        distance_[to] = cost + step;
        buckets_[(cost + step) % kBuckets].push_back(static_cast<std::uint32_t>(to));
        ++waiting;
      });
    }
    waiting -= bucket.size();
    bucket.clear();
  }
}

std::uint32_t Route::length_from(sim::Vec from) const {
  const std::uint32_t cost = distance_[grid_->cell_at(from)];
  return cost == kUnreachable ? kUnreachable : cost * kCellUnits / kCostOfSide;
}

std::size_t Route::downhill(std::size_t cell) const {
  std::size_t best = cell;
  grid_->for_each_neighbour(cell, [&](std::size_t to, std::uint32_t) {
    if (distance_[to] < distance_[best]) best = to;
  });
  return best;
}

sim::Vec Route::waypoint_from(sim::Vec from) const {
  const sim::Map& map = grid_->map();
  std::size_t cell = grid_->cell_at(from);
  sim::Vec waypoint = grid_->center_of(cell);
  for (int i = 0; i < kLookaheadCells; ++i) {
    const std::size_t next = downhill(cell);
    if (next == cell) return map.is_clear(from, goal_, sim::kShipRadius) ? goal_ : waypoint;
    const sim::Vec ahead = grid_->center_of(next);
    if (i > 0 && !map.is_clear(from, ahead, sim::kShipRadius)) break;
    waypoint = ahead;
    cell = next;
  }
  return waypoint;
}

}  // namespace game::bots
