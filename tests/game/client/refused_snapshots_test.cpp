#include "game/client/refused_snapshots.hpp"

#include <gtest/gtest.h>

namespace game::client {
namespace {

TEST(RefusedSnapshots, are_logged_with_the_reason_at_once_and_then_now_and_then) {
  RefusedSnapshots refused;
  EXPECT_EQ(refused.refused(120, "ships[3].x is outside the map", 5),
            "the snapshot of tick 120 is left out: ships[3].x is outside the map");
  int lines = 0;
  for (int i = 1; i <= 3000; ++i)  // a hundred seconds of them
    if (refused.refused(120 + 2 * static_cast<std::uint32_t>(i), "flow", 5 + i / 30.0)) ++lines;
  EXPECT_EQ(lines, 10);
  EXPECT_EQ(refused.count(), 3001U);
}

TEST(RefusedSnapshots, are_counted_where_they_are_not_logged_one_by_one) {
  RefusedSnapshots refused;
  refused.refused(2, "flow", 0);
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(refused.refused(4, "flow", 1));
  EXPECT_EQ(refused.refused(6, "shots", 20), "the snapshot of tick 6 is left out: shots; so were 5 before it");
}

TEST(RefusedSnapshots, are_for_the_screen_once_the_picture_stands_and_no_longer) {
  RefusedSnapshots refused;
  EXPECT_EQ(refused.words(0), "");
  refused.refused(2, "flow", 1);
  EXPECT_EQ(refused.words(1.1), "") << "one alone is not seen";
  refused.refused(4, "shots", 1.6);
  EXPECT_EQ(refused.words(1.7), "the server's snapshots cannot be shown: shots");
  refused.accepted();
  EXPECT_EQ(refused.words(9), "");
}

}  // namespace
}  // namespace game::client
