#include "client/goal.hpp"

#include <gtest/gtest.h>

namespace netcode::client {
namespace {

using protocol::ConnectRequest;

const Goal kMatch{.kind = Goal::Kind::kMatch, .name = "m1"};

ConnectRequest newcomer_to(const Goal& goal) {
  ConnectRequest request = request_for(goal);
  request.name = "ada";
  return request;
}

std::string url(std::string_view server, const Goal& goal = {}) { return *url_of(server, newcomer_to(goal)); }

TEST(Goal, is_what_is_asked_for) {
  ConnectRequest asked;
  EXPECT_EQ(request_for({}), asked);
  asked = {.goal = ConnectRequest::Goal::kMatch, .match = "m1", .spectate = true, .password = "pw"};
  EXPECT_EQ(request_for({.kind = Goal::Kind::kMatch, .name = "m1", .password = "pw", .spectate = true}), asked);
  asked = {.goal = ConnectRequest::Goal::kQuick, .kind = "duel"};
  EXPECT_EQ(request_for({.kind = Goal::Kind::kQuick, .name = "duel"}), asked);
}

TEST(Goal, the_servers_path_goes_before_ours_and_its_query_behind_ours) {
  EXPECT_EQ(url("ws://host:9/prefix", kMatch), "ws://host:9/prefix/match/m1?name=ada");
  EXPECT_EQ(url("ws://host:9/a/b%20c/", kMatch), "ws://host:9/a/b%20c/match/m1?name=ada");
  EXPECT_EQ(url("ws://[::1]:9/prefix?x=1", kMatch), "ws://[::1]:9/prefix/match/m1?name=ada&x=1");
  EXPECT_EQ(url("ws://host:9/"), "ws://host:9/?name=ada");
}

TEST(Goal, an_address_is_taken_as_people_say_it) {
  EXPECT_EQ(url("host"), "ws://host:8787/?name=ada");
  EXPECT_EQ(url("host/"), "ws://host:8787/?name=ada");
  EXPECT_EQ(url("host:9"), "ws://host:9/?name=ada");
  EXPECT_EQ(url("[::1]"), "ws://[::1]:8787/?name=ada");
  EXPECT_EQ(url("[::1]:9"), "ws://[::1]:9/?name=ada");
  EXPECT_EQ(url("host:9/prefix"), "ws://host:9/prefix/?name=ada");
  EXPECT_EQ(url("ws://host"), "ws://host:80/?name=ada");
}

TEST(Goal, a_bad_address_is_an_error) { EXPECT_FALSE(url_of("no address", newcomer_to({}))); }

}  // namespace
}  // namespace netcode::client
