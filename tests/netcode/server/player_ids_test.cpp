#include "server/player_ids.hpp"

#include <gtest/gtest.h>

namespace netcode {
namespace {

TEST(PlayerIds, gives_out_fresh_ones_until_one_that_was_left_has_rested) {
  PlayerIds ids(100, 9);
  EXPECT_EQ(ids.take(1), PlayerId{1});
  EXPECT_EQ(ids.take(1), PlayerId{2});
  ids.give_back(PlayerId{2}, 5);
  ids.give_back(PlayerId{1}, 6);
  EXPECT_EQ(ids.take(104), PlayerId{3});
  EXPECT_EQ(ids.take(105), PlayerId{2}) << "left longest ago";
  EXPECT_EQ(ids.take(105), PlayerId{4}) << "1 rests for another tick";
  EXPECT_EQ(ids.take(106), PlayerId{1});
}

TEST(PlayerIds, gives_nobody_one_that_still_rests) {
  PlayerIds ids(100, 2);
  EXPECT_EQ(ids.available(1), 2U);
  ids.take(1);
  ids.take(1);
  EXPECT_EQ(ids.available(1), 0U);
  EXPECT_FALSE(ids.take(1));
  ids.give_back(PlayerId{1}, 10);
  EXPECT_FALSE(ids.take(109));
  EXPECT_EQ(ids.available(109), 0U);
  EXPECT_EQ(ids.available(110), 1U);
  EXPECT_EQ(ids.take(110), PlayerId{1});
}

TEST(PlayerIds, gives_an_unused_one_out_again_at_once) {
  PlayerIds ids(100, 1);
  ids.give_back_unused(*ids.take(1));
  EXPECT_EQ(ids.available(1), 1U);
  EXPECT_EQ(ids.take(1), PlayerId{1});
}

TEST(PlayerIds, come_back_for_ever) {
  PlayerIds ids(3600);
  Tick tick = 1;
  for (int i = 0; i < 200'000; ++i, tick += 4) {
    const auto player = ids.take(tick);
    ASSERT_TRUE(player) << i;
    ids.give_back(*player, tick);
  }
}

}  // namespace
}  // namespace netcode
