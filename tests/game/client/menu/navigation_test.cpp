#include "game/client/menu/navigation.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace game::client {
namespace {

using engine::app::Box;

// 0 1     a column at the left, a wide one at the right
// 2 1
// 3
// 4 5     two buttons below
const std::vector<Box> kBoxes = {{0, 0, 100, 20},  {200, 0, 300, 60}, {0, 40, 100, 20},
                                 {0, 80, 100, 20}, {0, 140, 80, 20},  {90, 140, 80, 20}};

std::optional<std::size_t> go(std::size_t from, Direction towards, bool goes_on = true) {
  return neighbour(kBoxes, from, towards, goes_on);
}

TEST(Navigation, goes_to_the_nearest_ahead) {
  EXPECT_EQ(go(0, Direction::kDown), 2U);
  EXPECT_EQ(go(2, Direction::kDown), 3U);
  EXPECT_EQ(go(3, Direction::kUp), 2U);
  EXPECT_EQ(go(3, Direction::kDown), 4U);
  EXPECT_EQ(go(4, Direction::kRight), 5U);
  EXPECT_EQ(go(5, Direction::kLeft), 4U);
  EXPECT_EQ(go(2, Direction::kRight), 1U);
}

TEST(Navigation, goes_on_at_the_other_end_up_and_down_only) {
  EXPECT_EQ(go(4, Direction::kDown), 0U);
  EXPECT_EQ(go(0, Direction::kUp), 4U);
  EXPECT_EQ(go(0, Direction::kUp, false), std::nullopt);
  EXPECT_EQ(go(1, Direction::kRight), std::nullopt);
  EXPECT_EQ(go(0, Direction::kLeft), std::nullopt);
}

TEST(Navigation, passes_over_empty_boxes_and_has_nowhere_to_go_alone) {
  const std::vector<Box> boxes = {{0, 0, 10, 10}, {}, {0, 40, 10, 10}};
  EXPECT_EQ(neighbour(boxes, 0, Direction::kDown, true), 2U);
  EXPECT_EQ(neighbour(std::span(boxes).first(1), 0, Direction::kDown, true), std::nullopt);
  EXPECT_EQ(neighbour({}, 0, Direction::kDown, true), std::nullopt);
}

TEST(Navigation, reaches_every_box_from_every_box) {
  for (std::size_t from = 0; from < kBoxes.size(); ++from) {
    std::vector<std::size_t> reached = {from};
    for (std::size_t i = 0; i < reached.size(); ++i) {
      for (const Direction d : {Direction::kUp, Direction::kDown, Direction::kLeft, Direction::kRight}) {
        const auto to = go(reached[i], d);
        if (to && std::find(reached.begin(), reached.end(), *to) == reached.end()) reached.push_back(*to);
      }
    }
    EXPECT_EQ(reached.size(), kBoxes.size()) << "from " << from;
  }
}

}  // namespace
}  // namespace game::client
