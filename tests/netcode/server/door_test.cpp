#include "server/door.hpp"

#include <gtest/gtest.h>

namespace netcode {
namespace {

transport::HttpRequest http_request(std::string path, Fields query) {
  transport::HttpRequest out;
  out.path = std::move(path);
  out.query = std::move(query);
  out.remote_address = "127.0.0.1:4242";
  return out;
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

TEST(Door, understands_what_the_url_asks_and_keeps_the_query_for_middleware) {
  const auto visit = understand(http_request("/match/m1", {{"name", "ada"}, {"spectate", "1"}, {"team", "red"}}));
  ASSERT_TRUE(visit);
  EXPECT_EQ(visit->goal, Visit::Goal::kMatch);
  EXPECT_EQ(visit->match, "m1");
  EXPECT_EQ(visit->name, "ada");
  EXPECT_TRUE(visit->spectate);
  EXPECT_EQ(visit->query.at("team"), "red");
  EXPECT_EQ(visit->remote_address, "127.0.0.1");
  EXPECT_EQ(visit->hold, 0U);
}

TEST(Door, hands_on_what_is_wrong_with_the_url) {
  const auto visit = understand(http_request("/match/a b", {{"name", "ada"}}));
  ASSERT_FALSE(visit);
  EXPECT_EQ(visit.error().reason, "a match id is 1 to 32 of A-Z a-z 0-9 _ and -");
}

TEST(Door, looks_at_what_is_shown_by_who_begins_a_session) {
  auto showing = http_request("/", {{"name", "ada"}});
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

TEST(Door, counts_an_address_without_its_port_and_a_network_of_ipv6_as_one) {
  EXPECT_EQ(address_of("192.0.2.7:5123"), "192.0.2.7");
  EXPECT_EQ(address_of("[2001:db8:1:2:3:4:5:6]:80"), "2001:db8:1:2::/64");
  EXPECT_EQ(address_of("[2001:db8:1:2:ffff::1]:81"), "2001:db8:1:2::/64");
  EXPECT_EQ(address_of("[::ffff:192.0.2.7]:5123"), "192.0.2.7");
  EXPECT_EQ(address_of("[fe80::1%eth0]:9"), "fe80::/64");
  EXPECT_EQ(address_of("memory"), "memory");
}

}  // namespace netcode
