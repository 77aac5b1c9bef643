#include "server/load_relief.hpp"

#include <gtest/gtest.h>

#include "netcode/limits.hpp"

namespace netcode {
namespace {

using ReliefKind = Relief::Kind;

MatchLoad played(std::string_view id, std::string_view by, double share, std::uint64_t number = 1) {
  return {.id = id, .made_by = by, .number = number, .is_played = true, .share = share};
}
MatchLoad watched(std::string_view id, std::string_view by, double share) {
  return {.id = id, .made_by = by, .share = share};
}
MatchLoad standing(std::string_view id, double share) {
  return {.id = id, .made_by = {}, .is_played = true, .is_standing = true, .share = share};
}

TEST(LoadRelief, leaves_matches_alone_while_there_is_time) {
  EXPECT_TRUE(relieve(std::vector{standing("s", 0.4), played("p", "a", 0.2), watched("w", "b", 0.2)}, false).empty());
  EXPECT_TRUE(relieve(std::vector{standing("s", 0.1), watched("w", "b", 0.2)}, true).empty())
      << "whatever is late here, it is not for these";
}

TEST(LoadRelief, ends_matches_that_nobody_plays_first_and_the_costliest_of_them) {
  const std::vector matches{standing("s", 0.5), watched("small", "b", 0.1), watched("big", "c", 0.3),
                            played("p", "a", 0.15)};
  EXPECT_EQ(relieve(matches, false),
            (std::vector<Relief>{{.kind = ReliefKind::kEnd, .match = 2}, {.kind = ReliefKind::kEnd, .match = 1}}));
}

TEST(LoadRelief, slows_down_a_standing_match_that_is_only_watched_rather_than_end_it) {
  MatchLoad shown = standing("shown", 0.55);
  shown.is_played = false;
  EXPECT_EQ(relieve(std::vector{standing("s", 0.4), shown}, false),
            (std::vector<Relief>{{.kind = ReliefKind::kSlowDown, .match = 1, .slowdown = 2}}));
}

TEST(LoadRelief, slows_down_the_newest_match_of_the_address_whose_matches_take_the_most) {
  const std::vector matches{played("one", "modest", 0.22, 9), played("old", "greedy", 0.2, 1),
                            played("new", "greedy", 0.2, 5), standing("s", 0.3)};
  EXPECT_EQ(relieve(matches, false), (std::vector<Relief>{{.kind = ReliefKind::kSlowDown, .match = 2, .slowdown = 8},
                                                          {.kind = ReliefKind::kSlowDown, .match = 1, .slowdown = 2}}));
}

TEST(LoadRelief, never_touches_standing_matches_that_are_played) {
  EXPECT_TRUE(relieve(std::vector{standing("s", 0.9), standing("t", 0.9)}, true).empty());
}

TEST(LoadRelief, lets_those_that_are_played_go_faster_first_and_only_where_there_is_room) {
  MatchLoad slow = played("slow", "a", 0.1);
  slow.slowdown = 4;
  MatchLoad shown = standing("shown", 0.1);
  shown.is_played = false;
  shown.slowdown = 8;
  EXPECT_EQ(relieve(std::vector{shown, slow}, false),
            (std::vector<Relief>{{.kind = ReliefKind::kSpeedUp, .match = 1, .slowdown = 2}}));
  EXPECT_TRUE(relieve(std::vector{shown, slow, standing("s", 0.45)}, false).empty());
  EXPECT_TRUE(relieve(std::vector{slow}, true).empty()) << "ticks come late as it is";
}

}  // namespace
}  // namespace netcode
