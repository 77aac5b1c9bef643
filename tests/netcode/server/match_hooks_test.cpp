// What the server's program hears of matches and says to who is in them, from their own threads and from others.
#include "server/match_hooks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <vector>

#include "server_fixture.hpp"

using namespace field;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {

class MatchHooks : public NotingTest {
 protected:
  /// Hears of everything that happens to matches.
  void listen() {
    server().on_match_opened([this](const netcode::Match& match) { note("opened " + match.id()); });
    server().on_match_joined([this](const netcode::Match& match, netcode::Session& session) {
      note(session.name() + " joined " + match.id());
      EXPECT_NE(session.player(), netcode::kNoPlayer);
      EXPECT_EQ(session.match()->id(), match.id());
    });
    server().on_match_left([this](const netcode::Match& match, netcode::Session& session, netcode::PlayerId player) {
      note(session.name() + " left " + match.id());
      EXPECT_NE(player, netcode::kNoPlayer);
      EXPECT_FALSE(session.match().has_value());
    });
    server().on_match_ended([this](const netcode::EndedMatch& ended) {
      ASSERT_NE(ended.world<World>(), nullptr);
      note("ended " + ended.match.id() + ": " + std::string(ended.result) + " with " +
           std::to_string(ended.world<World>()->votes()) + " votes");
    });
  }
};
INSTANTIATE_ON_SHARDS(MatchHooks);

TEST_P(MatchHooks, hear_of_a_match_s_whole_life_in_order) {
  make();
  listen();
  start();
  auto ada = joined("ada");
  VoteT vote;
  vote.weight = 5;
  ada->emit(vote);
  ASSERT_TRUE(until([&] { return ada->world() && ada->world()->votes() == 5; }));
  auto bob = joined("bob");
  bob->leave();
  ASSERT_TRUE(until([&] { return bob->state() == netcode::ClientState::kConnected; }));
  EXPECT_TRUE(server().match("m").end("enough"));
  ASSERT_TRUE(until([&] { return lines().size() >= 5; }));
  EXPECT_THAT(lines(),
              ElementsAre("opened m", "ada joined m", "bob joined m", "bob left m", "ended m: enough with 5 votes"));
}

TEST_P(MatchHooks, hear_nothing_of_who_is_closed_before_it_could_be_said_to_have_joined) {
  make();
  listen();
  server().of("/").on_connect([](netcode::Session& session) { session.close("not today"); });
  start();
  auto ada = client("ada");
  ada->join("m");
  ASSERT_TRUE(until([&] { return ada->state() == netcode::ClientState::kClosed; }));
  bench_->run_for(100ms);
  EXPECT_THAT(lines(), ElementsAre("opened m"));
  EXPECT_TRUE(server().match("m").players().empty());
}

TEST_P(MatchHooks, hear_of_the_match_that_a_session_left_and_not_of_the_next_that_it_was_closed_in_on_its_way) {
  make();
  listen();
  server().of("/").on_resumed([](netcode::Session& session) { session.close("too late"); });
  start();
  for (const std::string next : {"b", "c", "d"}) {  // of several shards some are not that of "a"
    auto ada = joined("ada", "a");
    bench_->cut_all();
    ASSERT_TRUE(until([&] { return ada->state() == netcode::ClientState::kReconnecting; }));
    bench_->run_for(10ms);  // the server knows of it too
    ada->join(next);
    ASSERT_TRUE(until([&] { return ada->state() == netcode::ClientState::kClosed; })) << next;
    bench_->run_for(100ms);
    EXPECT_EQ(ada->reason(), "too late");
    EXPECT_TRUE(server().match(next).players().empty());
  }
  const auto all = lines();
  EXPECT_EQ(std::count(all.begin(), all.end(), "ada joined a"), 3);
  EXPECT_EQ(std::count(all.begin(), all.end(), "ada left a"), 3);
  for (const std::string& line : all) EXPECT_TRUE(line.starts_with("opened ") || line.ends_with(" a")) << line;
}

/// Of a server whose handler lets nobody into "vip" and no spectator anywhere.
class MatchEntering : public MatchHooks {
 protected:
  void guard() {
    server().on_match_entering(
        [this](const netcode::Match& match, netcode::Session& session, bool spectates) -> engine::Result<void> {
          note(session.name() + (spectates ? " to watch " : " to play ") + match.id() +
               (session.match() ? " from " + session.match()->id() : ""));
          if (match.id() == "vip") return engine::error("members only");
          if (spectates) return engine::error("nobody watches");
          return {};
        });
  }
};
INSTANTIATE_ON_SHARDS(MatchEntering);

TEST_P(MatchEntering, is_asked_of_everybody_and_its_refusal_is_shown) {
  make();
  guard();
  start();
  EXPECT_EQ(refusal("ada", "vip"), "members only");
  EXPECT_EQ(refusal("bob", "m", {.spectate = true}), "nobody watches");
  auto cyd = client("cyd");
  cyd->quick_join("field");
  ASSERT_TRUE(until([&] { return cyd->state() == netcode::ClientState::kInMatch; })) << cyd->reason();
  const auto asked = lines();
  ASSERT_EQ(asked.size(), 3U);
  EXPECT_THAT(asked, testing::IsSupersetOf({"ada to play vip", "bob to watch m"}));
  EXPECT_THAT(asked[2], HasSubstr("cyd to play "));
}

TEST_P(MatchEntering, that_refuses_leaves_a_session_where_it_was) {
  make();
  guard();
  std::atomic<int> left = 0;
  server().on_match_left([&](const netcode::Match&, netcode::Session&, netcode::PlayerId) { ++left; });
  start();
  for (const char* home : {"a", "b", "c", "d"}) {  // of several shards some are not that of "vip"
    auto ada = joined("ada", home);
    const auto seat = ada->player();
    ada->join("vip");
    ASSERT_TRUE(until([&] { return ada->stats().refused == 1; }));
    EXPECT_EQ(ada->reason(), "members only");
    EXPECT_EQ(ada->state(), netcode::ClientState::kInMatch);
    ASSERT_TRUE(ada->match());
    EXPECT_EQ(ada->match()->id, home);
    EXPECT_EQ(ada->player(), seat);
    EXPECT_THAT(lines().back(), std::string("ada to play vip from ") + home);
    EXPECT_EQ(left, 0);
    EXPECT_TRUE(server().match("vip").players().empty());
    ada->join("elsewhere");
    ASSERT_TRUE(until([&] { return ada->match() && ada->match()->id == "elsewhere"; })) << ada->reason();
    ada->leave();
    ASSERT_TRUE(until([&] { return left == 2; }));
    left = 0;
  }
  bench_->stop();  // while what the handlers refer to is there
}

TEST_P(MatchEntering, is_not_asked_of_who_comes_back_to_its_seat) {
  make();
  guard();
  start();
  auto ada = joined("ada");
  bench_->cut_all();
  ASSERT_TRUE(until([&] { return ada->stats().resumed == 1; }));
  EXPECT_THAT(lines(), ElementsAre("ada to play m"));
}

TEST_P(MatchEntering, that_throws_refuses_and_says_no_more_than_that) {
  make();
  server().on_match_entering([](const netcode::Match&, netcode::Session&, bool) -> engine::Result<void> {
    throw std::runtime_error("a secret");
  });
  start();
  spdlog::set_level(spdlog::level::off);
  const std::string reason = refusal("ada", "m");
  EXPECT_THAT(reason, HasSubstr("on_match_entering of match m"));
  EXPECT_THAT(reason, testing::Not(HasSubstr("secret")));
  EXPECT_TRUE(server().match("m").players().empty());
}

TEST_P(MatchEntering, may_end_the_session_or_the_match_that_it_is_asked_about) {
  make();
  const auto disconnected = std::make_shared<std::atomic<int>>(0);  // counts on when the test is over
  server().of("/").on_disconnect([disconnected](netcode::Session&, std::string_view) { ++*disconnected; });
  server().on_match_entering([](const netcode::Match& match, netcode::Session& session, bool) -> engine::Result<void> {
    session.join("somewhere");
    if (session.name() == "eve") session.close("not you");
    if (session.name() == "bob") {
      EXPECT_TRUE(match.end("gone"));
    }
    return {};
  });
  start();
  EXPECT_EQ(refusal("eve", "m"), "this session has ended");
  EXPECT_EQ(*disconnected, 0) << "it never connected";
  auto bob = client("bob");
  bob->join("m");
  bench_->run_for(1s);
  EXPECT_TRUE(server().match("m").players().empty());
  auto ada = joined("ada", "another");
  EXPECT_EQ(ada->state(), netcode::ClientState::kInMatch);
}

TEST_P(MatchHooks, that_throw_end_nothing) {
  make();
  server().on_match_joined([](const netcode::Match&, netcode::Session&) { throw std::runtime_error("oh"); });
  start();
  auto ada = joined("ada");
  ASSERT_TRUE(until([&] { return ada->world() && ada->world()->dots()->size() == 1; }));
}

TEST_P(MatchHooks, who_is_in_a_match_is_known_and_can_be_spoken_to_from_anywhere) {
  make();
  start();
  auto ada = joined("ada");
  auto bob = joined("bob");
  auto eve = joined("eve", "other");
  const auto players = server().match("m").players();
  ASSERT_EQ(players.size(), 2U);
  EXPECT_EQ(players[0].name, "ada");
  EXPECT_LT(players[0].player, players[1].player);
  std::vector<std::string> ada_heard, bob_heard, eve_heard;
  ada->on<Chat>([&](const Chat& chat) { ada_heard.push_back(chat.text()->str()); });
  bob->on<Chat>([&](const Chat& chat) { bob_heard.push_back(chat.text()->str()); });
  eve->on<Chat>([&](const Chat& chat) { eve_heard.push_back(chat.text()->str()); });
  server().match("m").to(players[1].player).emit(chat("to bob's seat"));
  server().to(players[0].session).emit(chat("to ada"));
  server().session(players[1].session).emit(chat("to bob"));
  server().match("m").emit(chat("to both"));
  ASSERT_TRUE(until([&] { return ada_heard.size() == 2 && bob_heard.size() == 3; }));
  EXPECT_THAT(bob_heard, ElementsAre("to bob's seat", "to bob", "to both"));
  EXPECT_THAT(eve_heard, ElementsAre());
  EXPECT_TRUE(server().match("nowhere").players().empty());
}

TEST_P(MatchHooks, a_kicked_session_is_told_why_and_is_gone) {
  make();
  start();
  auto ada = joined("ada");
  const auto id = server().match("m").players().at(0).session;
  EXPECT_TRUE(server().session(id).exists());
  server().kick(id, "be nice");
  ASSERT_TRUE(until([&] { return ada->state() == netcode::ClientState::kClosed; }));
  EXPECT_THAT(ada->reason(), HasSubstr("be nice"));
  EXPECT_FALSE(server().session(id).exists());
  server().kick(id, "again");
  server().session(id).post([this](netcode::Session&) { note("of nobody"); });
  bench_->run_for(100ms);
  EXPECT_TRUE(lines().empty());
}

TEST_P(MatchHooks, work_runs_where_its_session_or_match_is_now_or_later) {
  make();
  start();
  auto ada = joined("ada");
  const auto id = server().match("m").players().at(0).session;
  EXPECT_TRUE(server().match("m").post([this] { note("match"); }));
  server().session(id).post([this](netcode::Session& session) { note("session " + session.name()); });
  EXPECT_TRUE(server().match("m").after(200ms, [this] { note("match later"); }));
  server().session(id).after(300ms, [this](netcode::Session& session) { note("later " + session.name()); });
  ASSERT_TRUE(until([&] { return lines().size() == 4; }));
  EXPECT_THAT(lines(), testing::IsSupersetOf({"match", "session ada"}));
  EXPECT_EQ(lines()[2], "match later");
  EXPECT_EQ(lines()[3], "later ada");
  EXPECT_TRUE(server().match("m").after(500ms, [this] { note("too late"); }));
  EXPECT_TRUE(server().match("m").end("over"));
  bench_->run_for(1s);
  EXPECT_EQ(lines().size(), 4U) << "it was the match's, and that is over";
}

}  // namespace
