// Ways round the walls: a grid of the places where a ship fits, and the distance of each to a goal.
//
// Threading: a NavGrid is immutable once built and shared by all bots of a map; a Route belongs to one bot.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "game/sim/map.hpp"
#include "game/sim/vec.hpp"

namespace game::bots {

class NavGrid {
 public:
  explicit NavGrid(std::shared_ptr<const sim::Map> map);

  const sim::Map& map() const { return *map_; }
  const std::shared_ptr<const sim::Map>& shared_map() const { return map_; }
  std::int32_t columns() const { return columns_; }
  std::int32_t rows() const { return rows_; }
  std::size_t cell_count() const { return open_.size(); }
  bool is_open(std::size_t cell) const { return open_[cell] != 0; }

  // The nearest open cell to a point anywhere.
  std::size_t cell_at(sim::Vec point) const;
  sim::Vec center_of(std::size_t cell) const;

  // Calls visit(neighbour, cost) for each cell that a ship may go to from `cell` in a straight line; 5 to a side, 7
  // across.
  template <class Visit>
  void for_each_neighbour(std::size_t cell, Visit visit) const;

 private:
  std::size_t index(std::int32_t column, std::int32_t row) const {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(columns_) + static_cast<std::size_t>(column);
  }
  bool is_open(std::int32_t column, std::int32_t row) const;

  std::shared_ptr<const sim::Map> map_;
  std::int32_t columns_;
  std::int32_t rows_;
  std::vector<std::uint8_t> open_;
  std::vector<std::uint32_t> nearest_open_;
};

// The way of one bot to its goal, computed when the goal moves to another cell.
class Route {
 public:
  static constexpr std::uint32_t kUnreachable = 0xFFFFFFFF;

  explicit Route(std::shared_ptr<const NavGrid> grid);

  void set_goal(sim::Vec goal);
  // Length of the way in u, about; kUnreachable if there is none.
  std::uint32_t length_from(sim::Vec from) const;
  // The farthest point of the way that a ship can head for in a straight line.
  sim::Vec waypoint_from(sim::Vec from) const;

 private:
  std::size_t downhill(std::size_t cell) const;

  std::shared_ptr<const NavGrid> grid_;
  sim::Vec goal_;
  std::size_t goal_cell_;
  std::vector<std::uint32_t> distance_;
  std::vector<std::vector<std::uint32_t>> buckets_;  // kept for their memory
};

template <class Visit>
void NavGrid::for_each_neighbour(std::size_t cell, Visit visit) const {
  const auto column = static_cast<std::int32_t>(cell) % columns_;
  const auto row = static_cast<std::int32_t>(cell) / columns_;
  for (std::int32_t dy = -1; dy <= 1; ++dy) {
    for (std::int32_t dx = -1; dx <= 1; ++dx) {
      if ((dx == 0 && dy == 0) || !is_open(column + dx, row + dy)) continue;
      const bool across = dx != 0 && dy != 0;
      if (across && (!is_open(column + dx, row) || !is_open(column, row + dy))) continue;
      visit(index(column + dx, row + dy), across ? 7U : 5U);
    }
  }
}

}  // namespace game::bots
