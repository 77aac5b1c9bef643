// The arena's maps keep the rules that make them worth playing on.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "game/bots/nav_grid.hpp"
#include "game/sim/map.hpp"
#include "support.hpp"

namespace game::sim {
namespace {

using test::u;

constexpr std::int32_t kCorridorMin = 140 * kUnit;
constexpr std::int32_t kSightlineMax = 1000 * kUnit;

// All solid things: the walls, and the four sides of the ground.
std::vector<Rect> solids(const Map& map) {
  std::vector<Rect> all(map.walls().begin(), map.walls().end());
  const Vec size = map.size();
  constexpr std::int32_t kDepth = 100 * kUnit;
  all.push_back({-kDepth, -kDepth, 0, size.y + kDepth});
  all.push_back({size.x, -kDepth, size.x + kDepth, size.y + kDepth});
  all.push_back({-kDepth, -kDepth, size.x + kDepth, 0});
  all.push_back({-kDepth, size.y, size.x + kDepth, size.y + kDepth});
  return all;
}

// The narrowest place between two rectangles, as a line from one to the other.
std::pair<Vec, Vec> narrowest(const Rect& a, const Rect& b) {
  const auto axis = [](std::int32_t a0, std::int32_t a1, std::int32_t b0,
                       std::int32_t b1) -> std::pair<std::int32_t, std::int32_t> {
    if (a1 < b0) return {a1, b0};
    if (b1 < a0) return {a0, b1};
    const std::int32_t middle = (std::max(a0, b0) + std::min(a1, b1)) / 2;
    return {middle, middle};
  };
  const auto [ax, bx] = axis(a.left, a.right, b.left, b.right);
  const auto [ay, by] = axis(a.top, a.bottom, b.top, b.bottom);
  return {{ax, ay}, {bx, by}};
}

struct Expected {
  const char* name;
  std::int32_t width;
  std::int32_t height;
  std::uint16_t players;
};

class MapsTest : public testing::TestWithParam<Expected> {
 protected:
  Vec mirrored(Vec at) const { return map_.size() - at; }
  const std::shared_ptr<const Map> shared_ = test::map_named(GetParam().name);
  const Map& map_ = *shared_;
};
INSTANTIATE_TEST_SUITE_P(Arena, MapsTest,
                         testing::Values(Expected{"foundry", 2560, 1600, 8}, Expected{"duel", 1600, 1000, 2},
                                         Expected{"large", 3840, 2160, 16}),
                         [](const auto& map) { return std::string(map.param.name); });

TEST_P(MapsTest, has_its_name_its_size_and_its_players) {
  EXPECT_EQ(map_.name(), GetParam().name);
  EXPECT_EQ(map_.size(), u(GetParam().width, GetParam().height));
  EXPECT_EQ(map_.players_max(), GetParam().players);
}

TEST_P(MapsTest, walls_are_at_least_32_thick) {
  for (const Rect& wall : map_.walls())
    EXPECT_GE(std::min(wall.right - wall.left, wall.bottom - wall.top), 32 * kUnit)
        << wall.left / kUnit << ',' << wall.top / kUnit;
}

TEST_P(MapsTest, looks_the_same_turned_by_half_a_turn) {
  for (const Rect& wall : map_.walls()) {
    const Vec far = mirrored({wall.right, wall.bottom});
    const Vec near = mirrored({wall.left, wall.top});
    const Rect twin{far.x, far.y, near.x, near.y};
    EXPECT_NE(std::find(map_.walls().begin(), map_.walls().end(), twin), map_.walls().end())
        << wall.left / kUnit << ',' << wall.top / kUnit;
  }
  for (const Vec spawn : map_.spawns()) {
    EXPECT_NE(std::find(map_.spawns().begin(), map_.spawns().end(), mirrored(spawn)), map_.spawns().end());
  }
  for (const Pad& pad : map_.pads()) {
    EXPECT_TRUE(std::any_of(map_.pads().begin(), map_.pads().end(),
                            [&](const Pad& other) { return other.at == mirrored(pad.at) && other.kind == pad.kind; }));
  }
}

TEST_P(MapsTest, corridors_are_at_least_140_wide) {
  const auto all = solids(map_);
  for (std::size_t i = 0; i < map_.walls().size(); ++i) {
    for (std::size_t j = i + 1; j < all.size(); ++j) {
      const auto [from, to] = narrowest(all[i], all[j]);
      const std::int32_t width = engine::length(to.x - from.x, to.y - from.y);
      EXPECT_TRUE(width == 0 || width >= kCorridorMin) << "walls " << i << " and " << j << ": " << width / kUnit
                                                       << " at " << from.x / kUnit << ',' << from.y / kUnit;
    }
  }
}

TEST_P(MapsTest, no_sightline_is_longer_than_1000) {
  constexpr std::int32_t kStep = 32 * kUnit;
  constexpr std::uint32_t kDirections = 240;
  std::int32_t longest = 0;
  for (std::int32_t y = kStep / 2; y < map_.size().y; y += kStep) {
    for (std::int32_t x = kStep / 2; x < map_.size().x; x += kStep) {
      if (map_.contact({x, y}, 1)) continue;
      for (std::uint32_t i = 0; i < kDirections; ++i) {
        const auto angle = static_cast<engine::Angle>(i * 65536 / kDirections + 7);
        const Vec by = from_angle(angle, 2 * kSightlineMax);
        const auto seen =
            static_cast<std::int32_t>(std::int64_t{2 * kSightlineMax} * map_.cast({x, y}, by, 0) / kWholePath);
        longest = std::max(longest, seen);
        ASSERT_LE(seen, kSightlineMax) << "from " << x / kUnit << ',' << y / kUnit << " at " << angle;
      }
    }
  }
  EXPECT_GT(longest, kSightlineMax / 2);
}

TEST_P(MapsTest, has_at_least_12_spawns_apart_from_each_other_and_from_walls) {
  EXPECT_GE(map_.spawns().size(), 12U);
  for (std::size_t i = 0; i < map_.spawns().size(); ++i) {
    const Vec at = map_.spawns()[i];
    for (const Vec side : {u(40, 0), u(-40, 0), u(0, 40), u(0, -40)})
      EXPECT_FALSE(map_.contact(at + side, kShipRadius)) << i;
    for (std::size_t j = i + 1; j < map_.spawns().size(); ++j) {
      EXPECT_GE(length_squared(map_.spawns()[j] - at), square(150 * kUnit)) << i << ' ' << j;
    }
  }
}

TEST_P(MapsTest, has_each_kind_of_pickup_and_one_mega) {
  std::array<int, 3> count{};
  for (const Pad& pad : map_.pads()) ++count[static_cast<std::size_t>(pad.kind)];
  EXPECT_GE(count[0], 2);
  EXPECT_GE(count[1], 1);
  EXPECT_EQ(count[2], 1);
}

TEST_P(MapsTest, bots_find_a_way_from_every_spawn_to_every_spawn_and_pad) {
  const auto grid = std::make_shared<const bots::NavGrid>(shared_);
  bots::Route route(grid);
  std::vector<Vec> goals(map_.spawns().begin(), map_.spawns().end());
  for (const Pad& pad : map_.pads()) goals.push_back(pad.at);
  for (const Vec goal : goals) {
    EXPECT_FALSE(map_.contact(goal, kShipRadius)) << goal.x / kUnit << ',' << goal.y / kUnit;
    route.set_goal(goal);
    for (const Vec spawn : map_.spawns()) EXPECT_NE(route.length_from(spawn), bots::Route::kUnreachable);
  }
}

// Ways of the map as a graph of cells, some of them closed.
class Ground {
 public:
  explicit Ground(const Map& map)
      : grid_(std::shared_ptr<const Map>(&map, [](const Map*) {})),
        neighbours_(grid_.cell_count()),
        closed_(grid_.cell_count()) {
    for (std::size_t cell = 0; cell < grid_.cell_count(); ++cell) {
      if (!grid_.is_open(cell)) continue;
      grid_.for_each_neighbour(cell, [&](std::size_t to, std::uint32_t) { neighbours_[cell].push_back(to); });
    }
  }

  // The cells that lie on the line, and those beside it, so that no step goes across.
  std::vector<std::size_t> cells_on(std::pair<Vec, Vec> line) const {
    std::set<std::size_t> cells;
    constexpr std::int32_t kSteps = 64;
    const Vec by = line.second - line.first;
    for (std::int32_t i = 0; i <= kSteps; ++i) {
      const Vec at = along(line.first, by, i * kWholePath / kSteps);
      for (const Vec side : {Vec{}, u(16, 0), u(-16, 0), u(0, 16), u(0, -16)}) {
        const std::size_t cell = grid_.cell_at(at + side);
        const Vec off = grid_.center_of(cell) - at;
        if (length_squared(off) < square(48 * kUnit)) cells.insert(cell);
      }
    }
    return {cells.begin(), cells.end()};
  }
  Vec center_of(std::size_t cell) const { return grid_.center_of(cell); }
  void close(const std::vector<std::size_t>& cells, int by) {
    for (const std::size_t cell : cells) closed_[cell] += by;
  }
  // The parts that the open cells fall into, the largest left out. By pointers, since it is asked for every two doors,
  // and tests are built without optimisation.
  std::vector<std::vector<std::size_t>> cut_off() const {
    std::vector<std::uint8_t> seen_cells(grid_.cell_count());
    for (std::size_t cell = 0; cell < grid_.cell_count(); ++cell)
      seen_cells[cell] = grid_.is_open(cell) && closed_[cell] == 0 ? 0 : 1;
    std::uint8_t* const seen = seen_cells.data();
    std::vector<std::size_t> part(grid_.cell_count());
    std::vector<std::vector<std::size_t>> parts;
    for (std::size_t start = 0; start < grid_.cell_count(); ++start) {
      if (seen[start] != 0) continue;
      std::size_t* end = part.data();
      *end++ = start;
      seen[start] = 1;
      for (const std::size_t* cell = part.data(); cell != end; ++cell) {
        const std::size_t* const begin_to = neighbours_[*cell].data();
        const std::size_t* const end_to = begin_to + neighbours_[*cell].size();
        for (const std::size_t* to = begin_to; to != end_to; ++to) {
          if (seen[*to] != 0) continue;
          seen[*to] = 1;
          *end++ = *to;
        }
      }
      parts.emplace_back(part.data(), end);
    }
    std::sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) { return a.size() < b.size(); });
    if (!parts.empty()) parts.pop_back();
    return parts;
  }

 private:
  bots::NavGrid grid_;
  std::vector<std::vector<std::size_t>> neighbours_;
  std::vector<int> closed_;
};

// A door is the narrowest place between two walls; a room is what doors part from the rest, if it is wider than a
// corridor. Closing any two doors must not part one off.
TEST_P(MapsTest, every_room_has_at_least_3_exits) {
  constexpr std::int32_t kDoorMax = 200 * kUnit;
  constexpr std::int32_t kRoomRadius = 112 * kUnit;
  constexpr std::size_t kRoomCells = 60;  // of 32 by 32 u: 248 by 248
  Ground ground(map_);
  ASSERT_TRUE(ground.cut_off().empty()) << "parts of the map that cannot be reached";
  const auto all = solids(map_);
  const auto is_wide = [&](std::size_t cell) {
    const Vec at = ground.center_of(cell);
    return std::all_of(all.begin(), all.end(), [at](const Rect& solid) {
      const Vec closest{std::clamp(at.x, solid.left, solid.right), std::clamp(at.y, solid.top, solid.bottom)};
      return length_squared(closest - at) >= square(kRoomRadius);
    });
  };
  std::vector<std::pair<std::pair<Vec, Vec>, std::vector<std::size_t>>> doors;
  for (std::size_t i = 0; i < map_.walls().size(); ++i) {
    for (std::size_t j = i + 1; j < all.size(); ++j) {
      const auto line = narrowest(all[i], all[j]);
      const Vec by = line.second - line.first;
      const std::int32_t width = engine::length(by.x, by.y);
      if (width == 0 || width > kDoorMax) continue;
      const Vec inset = with_length(by, kUnit);
      if (map_.is_clear(line.first + inset, line.second - inset)) doors.emplace_back(line, ground.cells_on(line));
    }
  }
  EXPECT_GT(doors.size(), 10U);
  for (std::size_t i = 0; i < doors.size(); ++i) {
    ground.close(doors[i].second, 1);
    for (std::size_t j = i + 1; j < doors.size(); ++j) {
      ground.close(doors[j].second, 1);
      for (const auto& part : ground.cut_off()) {
        EXPECT_FALSE(part.size() >= kRoomCells && std::any_of(part.begin(), part.end(), is_wide))
            << part.size() << " cells behind doors at " << doors[i].first.first.x / kUnit << ','
            << doors[i].first.first.y / kUnit << " and " << doors[j].first.first.x / kUnit << ','
            << doors[j].first.first.y / kUnit;
      }
      ground.close(doors[j].second, -1);
    }
    ground.close(doors[i].second, -1);
  }
}

}  // namespace
}  // namespace game::sim
