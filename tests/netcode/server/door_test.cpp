#include "server/door.hpp"

#include <gtest/gtest.h>

using namespace netcode;

namespace {

transport::HttpRequest request(std::string path, Fields query) {
  transport::HttpRequest out;
  out.path = std::move(path);
  out.query = std::move(query);
  out.remote_address = "127.0.0.1:4242";
  return out;
}

std::string reason(std::string path, Fields query) {
  const auto visit = understand(request(std::move(path), std::move(query)));
  return visit ? "" : visit.error().reason;
}

}  // namespace

TEST(Door, knows_what_is_below_a_prefix) {
  EXPECT_EQ(path_below("/games", "/games/match/m"), "/match/m");
  EXPECT_EQ(path_below("/games", "/games/"), "/");
  EXPECT_EQ(path_below("/games", "/games"), "/");
  EXPECT_EQ(path_below("/a/b", "/a/b/healthz"), "/healthz");
  EXPECT_EQ(path_below("", "/match/m"), "/match/m");
  for (const char* path : {"/match/m", "/", "/gamesome/match/m", "/game", "/Games/match/m", "/other/games/match/m"})
    EXPECT_EQ(path_below("/games", path), std::nullopt) << path;
}

TEST(Door, understands_a_join_by_url) {
  const auto visit =
      understand(request("/match/m-1_X", {{"name", "ada"}, {"spectate", "1"}, {"schema", "00ff"}, {"unpacks", "0a"}, {"received", "7"}, {"epoch", "2"}}));
  ASSERT_TRUE(visit);
  EXPECT_EQ(visit->goal, Visit::Goal::kMatch);
  EXPECT_EQ(visit->match, "m-1_X");
  EXPECT_EQ(visit->name, "ada");
  EXPECT_TRUE(visit->spectate);
  EXPECT_EQ(visit->schema_hash, 255U);
  EXPECT_EQ(visit->unpacks, 10U);
  EXPECT_EQ(visit->epoch, 2U);
  EXPECT_EQ(visit->received, 7U);
  EXPECT_EQ(visit->remote_address, "127.0.0.1");
}

TEST(Door, refuses_what_is_out_of_bounds_with_the_bound) {
  EXPECT_EQ(reason("/match/a b", {{"name", "ada"}}), "a match id is 1 to 32 of A-Z a-z 0-9 _ and -");
  EXPECT_EQ(reason("/match/" + std::string(33, 'x'), {{"name", "ada"}}),
            "a match id is 1 to 32 of A-Z a-z 0-9 _ and -");
  EXPECT_EQ(reason("/", {}), "a name, please: ?name=...");
  for (const char* nothing :
       {"\x01\x02", "   ", "\u200b", "\u00ad\u2060", "\u3164", "\u2800", "\u0301", "\ufe0f", "\U000e0041"})
    EXPECT_EQ(reason("/", {{"name", nothing}}), "this name shows nothing: a letter, digit or symbol is expected");
  EXPECT_EQ(reason("/", {{"name", "\xff"}}), "the name is not UTF-8");
  EXPECT_EQ(reason("/", {{"name", std::string(10240, 'x')}}), "a name of 10240 bytes, 32 is the limit");
  EXPECT_EQ(reason("/", {{"name", "a"}, {"password", std::string(65, 'x')}}),
            "a password of 65 bytes, 64 is the limit");
  EXPECT_EQ(reason("/", {{"name", "a"}, {"received", "-1"}}), "received=-1 is not a number");
  EXPECT_EQ(reason("/", {{"name", "a"}, {"schema", "xyz"}}), "schema=xyz is not a number");
  EXPECT_EQ(reason("/", {{"name", "a"}, {"received", "99999999999999"}}), "received=99999999999999 is too large");
}

TEST(Door, understands_which_link_of_a_session_is_meant) {
  const auto visit = understand(request("/match/m", {{"token", "abc"}, {"resume", "1"}, {"link", "1"}}));
  ASSERT_TRUE(visit);
  EXPECT_EQ(visit->link, 1U);
  EXPECT_EQ(reason("/match/m", {{"token", "abc"}, {"resume", "1"}, {"link", "2"}}),
            "link=2: a session has links 0 and 1");
  EXPECT_EQ(reason("/match/m", {{"token", "abc"}, {"resume", "1"}, {"link", "x"}}), "link=x is not a number");
  EXPECT_EQ(reason("/match/m", {{"token", "abc"}, {"link", "1"}}), "link goes with token and resume=1");
}

TEST(Door, looks_at_what_is_shown_by_who_begins_a_session) {
  auto showing = request("/", {{"name", "ada"}});
  showing.subprotocols = {"scrim.v1", "scrim.auth.tag.Login.AQID"};
  auto visit = understand(showing);
  ASSERT_TRUE(visit && visit->auth);
  EXPECT_EQ(visit->auth->table(), "tag.Login");
  showing.subprotocols = {"scrim.v1", "scrim.auth.tag.Login.!"};
  EXPECT_FALSE(understand(showing));
  showing.query = {{"token", "abc"}};
  visit = understand(showing);
  ASSERT_TRUE(visit) << "that session was let in before";
  EXPECT_FALSE(visit->auth);
}

TEST(Door, needs_no_name_from_a_session_that_comes_back) { EXPECT_EQ(reason("/", {{"token", "abc"}}), ""); }

TEST(Door, counts_an_address_without_its_port_and_a_network_of_ipv6_as_one) {
  EXPECT_EQ(address_of("192.0.2.7:5123"), "192.0.2.7");
  EXPECT_EQ(address_of("[2001:db8:1:2:3:4:5:6]:80"), "2001:db8:1:2::/64");
  EXPECT_EQ(address_of("[2001:db8:1:2:ffff::1]:81"), "2001:db8:1:2::/64");
  EXPECT_EQ(address_of("[::ffff:192.0.2.7]:5123"), "192.0.2.7");
  EXPECT_EQ(address_of("[fe80::1%eth0]:9"), "fe80::/64");
  EXPECT_EQ(address_of("memory"), "memory");
}
