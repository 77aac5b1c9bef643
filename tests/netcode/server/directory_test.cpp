#include "server/directory.hpp"

#include <gtest/gtest.h>

#include <set>

using namespace netcode;
using namespace std::chrono_literals;

namespace {

const engine::TimePoint kNow{1h};
constexpr Directory::Limits kLimits{.sessions_max = 3, .matches_max = 2, .matches_created_per_minute = 2};

MatchInfo match(const std::string& id, std::uint32_t players, std::uint32_t bots = 0) {
  MatchInfo info;
  info.id = id;
  info.kind = "field";
  info.players = players;
  info.bots = bots;
  info.players_max = 4;
  return info;
}

}  // namespace

TEST(Directory, gives_every_session_a_token_of_its_own_and_forgets_it) {
  Directory directory(3, kLimits);
  std::set<std::string> tokens;
  for (int i = 0; i < 3; ++i) {
    const auto ticket = directory.open_session(1);
    ASSERT_TRUE(ticket);
    EXPECT_EQ(ticket->token.size(), 32U);
    tokens.insert(ticket->token);
  }
  EXPECT_EQ(tokens.size(), 3U);
  EXPECT_FALSE(directory.open_session(1)) << "three is the limit";
  directory.move_session(*tokens.begin(), 2);
  EXPECT_EQ(directory.find_session(*tokens.begin())->shard, 2U);
  directory.close_session(*tokens.begin());
  EXPECT_FALSE(directory.find_session(*tokens.begin()));
  EXPECT_TRUE(directory.open_session(0));
}

TEST(Directory, limits_matches_in_all_and_a_minute_by_address) {
  Directory directory(1, {.sessions_max = 1, .matches_max = 3, .matches_created_per_minute = 2});
  EXPECT_TRUE(directory.admit_match("a", "1.2.3.4", kNow));
  directory.publish(match("a", 0), false);
  EXPECT_TRUE(directory.admit_match("b", "1.2.3.4", kNow));
  directory.publish(match("b", 0), false);
  EXPECT_EQ(directory.admit_match("c", "1.2.3.4", kNow).error().reason,
            "2 matches a minute is the limit, wait a little");
  EXPECT_TRUE(directory.admit_match("c", "5.6.7.8", kNow)) << "another address";
  EXPECT_TRUE(directory.admit_match("c", "1.2.3.4", kNow + 61s)) << "a minute later";
  directory.publish(match("c", 0), false);
  EXPECT_EQ(directory.admit_match("d", "5.6.7.8", kNow).error().reason, "the server has 3 matches, its limit");
  EXPECT_EQ(directory.admit_match("a", "9.9.9.9", kNow).error().reason, "there is a match a already");
}

TEST(Directory, picks_the_fullest_match_with_a_seat_that_no_person_has) {
  Directory directory(1, {.sessions_max = 1, .matches_max = 9, .matches_created_per_minute = 9});
  directory.publish(match("calm", 1), false);
  directory.publish(match("busy", 3), false);
  directory.publish(match("full", 4), false);
  directory.publish(match("bots", 4, 4), false);
  EXPECT_EQ(directory.pick("field", 4, kNow), "busy");
  EXPECT_EQ(directory.pick("field", 4, kNow), "calm") << "busy's last seat is promised";
  directory.settle("busy");
  EXPECT_EQ(directory.pick("field", 4, kNow), "busy") << "the promise was kept or given back";
}

TEST(Directory, gives_a_promised_seat_back_after_a_while) {
  Directory directory(1, kLimits);
  directory.publish(match("busy", 3), false);
  EXPECT_EQ(directory.pick("field", 4, kNow), "busy");
  EXPECT_NE(directory.pick("field", 4, kNow), "busy");
  EXPECT_EQ(directory.pick("field", 4, kNow + 11s), "busy");
}

TEST(Directory, never_picks_a_private_locked_or_guarded_match_nor_lists_a_private_one) {
  Directory directory(1, {.sessions_max = 1, .matches_max = 9, .matches_created_per_minute = 9});
  MatchInfo locked = match("locked", 1);
  locked.is_locked = true;
  MatchInfo guarded = match("guarded", 1);
  guarded.has_password = true;
  directory.publish(match("private", 1), true);
  directory.publish(locked, false);
  directory.publish(guarded, false);
  const std::string picked = directory.pick("field", 4, kNow);
  EXPECT_EQ(std::set<std::string>({"private", "locked", "guarded"}).count(picked), 0U);
  std::vector<std::string> listed;
  for (const auto& info : directory.list("")) listed.push_back(info.id);
  EXPECT_EQ(listed, (std::vector<std::string>{"guarded", "locked"}));
}

TEST(Directory, spreads_the_matches_it_names_over_the_shards) {
  Directory directory(3, {.sessions_max = 1, .matches_max = 99, .matches_created_per_minute = 9});
  std::vector<int> load(3);
  for (int i = 0; i < 30; ++i) {
    const std::string id = directory.free_id();
    ++load[directory.shard_of_match(id)];
    directory.publish(match(id, 0), false);
  }
  EXPECT_EQ(load, (std::vector<int>{10, 10, 10}));
}
