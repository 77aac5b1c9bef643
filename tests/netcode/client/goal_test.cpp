#include "client/goal.hpp"

#include <gtest/gtest.h>

namespace netcode::client {
namespace {

const Credentials kNewcomer{.name = "ada", .schema_hash = 0xAB, .rules_hash = 0xCD};

TEST(Goal, a_newcomer_gives_its_name_and_hashes) {
  EXPECT_EQ(target_of({}, kNewcomer), "/?name=ada&schema=00000000000000ab&rules=00000000000000cd");
}

TEST(Goal, a_session_gives_its_token_and_what_it_received_instead_of_its_name) {
  Credentials known = kNewcomer;
  known.token = "t0k";
  known.received = 17;
  known.map_hash = 0xEF;
  EXPECT_EQ(target_of({.kind = Goal::Kind::kMatch, .name = "m1"}, known),
            "/match/m1?token=t0k&received=17&schema=00000000000000ab&rules=00000000000000cd&map=00000000000000ef");
}

TEST(Goal, a_resume_goes_nowhere_else) {
  Credentials known = kNewcomer;
  known.token = "t0k";
  known.resume = true;
  EXPECT_EQ(target_of({.kind = Goal::Kind::kMatch, .name = "m1"}, known),
            "/match/m1?token=t0k&received=0&resume=1&schema=00000000000000ab&rules=00000000000000cd");
}

TEST(Goal, a_link_of_a_session_says_which) {
  Credentials known = kNewcomer;
  known.token = "t0k";
  known.received = 3;
  known.resume = true;
  known.link = std::uint8_t{1};
  EXPECT_EQ(target_of({.kind = Goal::Kind::kMatch, .name = "m1"}, known),
            "/match/m1?token=t0k&received=3&resume=1&link=1&schema=00000000000000ab&rules=00000000000000cd");
}

TEST(Goal, what_people_type_is_encoded) {
  Credentials odd = kNewcomer;
  odd.name = "a&b=c d/\xC3\xA9";
  const Goal goal{.kind = Goal::Kind::kQuick, .name = "../x", .password = "p?#", .spectate = true};
  EXPECT_EQ(target_of(goal, odd),
            "/quick/..%2Fx?name=a%26b%3Dc%20d%2F%C3%A9&spectate=1&password=p%3F%23&schema=00000000000000ab"
            "&rules=00000000000000cd");
}

TEST(Goal, the_servers_path_goes_before_ours_and_its_query_behind_ours) {
  const Goal match{.kind = Goal::Kind::kMatch, .name = "m1"};
  const std::string ours = target_of(match, kNewcomer);
  EXPECT_EQ(*url_of("ws://host:9/prefix", match, kNewcomer), "ws://host:9/prefix" + ours);
  EXPECT_EQ(*url_of("ws://host:9/a/b%20c/", match, kNewcomer), "ws://host:9/a/b%20c" + ours);
  EXPECT_EQ(*url_of("ws://[::1]:9/prefix?x=1", match, kNewcomer), "ws://[::1]:9/prefix" + ours + "&x=1");
  EXPECT_EQ(*url_of("ws://host:9/", {}, kNewcomer), "ws://host:9" + target_of({}, kNewcomer));
}

TEST(Goal, an_address_is_taken_as_people_say_it) {
  const std::string ours = target_of({}, kNewcomer);
  EXPECT_EQ(*url_of("host", {}, kNewcomer), "ws://host:8787" + ours);
  EXPECT_EQ(*url_of("host/", {}, kNewcomer), "ws://host:8787" + ours);
  EXPECT_EQ(*url_of("host:9", {}, kNewcomer), "ws://host:9" + ours);
  EXPECT_EQ(*url_of("[::1]", {}, kNewcomer), "ws://[::1]:8787" + ours);
  EXPECT_EQ(*url_of("[::1]:9", {}, kNewcomer), "ws://[::1]:9" + ours);
  EXPECT_EQ(*url_of("host:9/prefix", {}, kNewcomer), "ws://host:9/prefix" + ours);
  EXPECT_EQ(*url_of("ws://host", {}, kNewcomer), "ws://host:80" + ours);
}

TEST(Goal, a_bad_address_is_an_error) { EXPECT_FALSE(url_of("no address", {}, kNewcomer)); }

}  // namespace
}  // namespace netcode::client
