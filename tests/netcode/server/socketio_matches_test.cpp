// What clients of Socket.IO do with matches: find them, join, play, and leave.
#include <optional>

#include "audience_fixture.hpp"
#include "socketio_fixture.hpp"

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

namespace netcode {
namespace {

class SocketioMatchesTest : public SocketioTest {
 protected:
  explicit SocketioMatchesTest(std::uint32_t shards = 1) : SocketioTest(shards) {}
  std::string answer(SocketioVisitor& visitor, const std::string& event) {
    const auto heard = said(visitor, "21" + event);
    EXPECT_EQ(heard.size(), 1U) << event;
    return heard.empty() ? "" : heard.front();
  }
  LiveMatch* match(const std::string& id) {
    for (const auto& shard : core_.shards())
      if (LiveMatch* found = shard->match(id)) return found;
    return nullptr;
  }
  const field::World* world(const SocketioHeard::Snapshot& snapshot) {
    flatbuffers::Verifier verifier(reinterpret_cast<const std::uint8_t*>(snapshot.world.data()), snapshot.world.size());
    EXPECT_TRUE(verifier.VerifyBuffer<field::World>(nullptr));
    return flatbuffers::GetRoot<field::World>(snapshot.world.data());
  }
};

class ShardedSocketioMatchesTest : public SocketioMatchesTest {
 protected:
  ShardedSocketioMatchesTest() : SocketioMatchesTest(3) {}
};

std::uint32_t tick_of(const SocketioHeard::Snapshot& snapshot) {
  const std::size_t at = snapshot.head.find("\"tick\":") + 7;
  return static_cast<std::uint32_t>(std::stoul(snapshot.head.substr(at)));
}

/// With a client of Socket.IO in the match as well.
class HeldSocketioTest : public Audience {
 protected:
  HeldSocketioTest() {
    cyd_.emplace(core_);
    say(R"(0{"name":"cyd"})");
    say(R"(21["join",{"match":"m"}])");
    EXPECT_THAT(cyd_->heard(), Contains(StartsWith("31[")));
  }
  void say(const std::string& packet) {
    cyd_->say(packet);
    loop_.run_for(5ms);
  }
  void hold_all() {
    hold();
    cyd_->heard();
    cyd_->snapshots();
  }

  std::optional<SocketioVisitor> cyd_;
};

}  // namespace

TEST_F(SocketioMatchesTest, a_join_is_answered_with_who_the_client_is_there) {
  serve();
  const auto ada = joined("ada"), bob = joined("bob"), cyd = joined("cyd");
  EXPECT_THAT(answer(*ada, R"(["join",{"match":"m"}])"),
              AllOf(StartsWith(R"(31[{"name":"ada","match":"m","kind":"field","player":1,"tick":)"),
                    HasSubstr(R"("tick_hz":60,"snapshot_hz":30}])")));
  EXPECT_THAT(answer(*bob, R"(["join",{"kind":"field"}])"), HasSubstr(R"("match":"m","kind":"field","player":2)"));
  EXPECT_THAT(answer(*cyd, R"(["scrim:join",{"match":"m","spectate":true}])"),
              HasSubstr(R"("match":"m","kind":"field","player":0)"));
  EXPECT_EQ(match("m")->audience().people(), 2U);
  EXPECT_EQ(match("m")->audience().spectators(), 1U);
}

TEST_F(SocketioMatchesTest, a_join_is_refused_with_a_reason) {
  serve({.players_max = 1, .password = "sesame"});
  const auto ada = joined("ada"), bob = joined("bob");
  const auto refused = [](const std::string& reason) {
    return StartsWith(R"(31[{"error":{"code":"refused","event":"join","field":"","message":")" + reason);
  };
  EXPECT_THAT(answer(*ada, R"(["join",{}])"), refused("expected a match, by its id, or a kind"));
  EXPECT_THAT(answer(*ada, R"(["join",7])"), refused("expected an object"));
  EXPECT_THAT(answer(*ada, R"(["join",{"kind":"nothing"}])"), refused("no kind of match is called nothing"));
  EXPECT_THAT(answer(*ada, R"(["join",{"match":"no/match"}])"), refused("no match can be called"));
  EXPECT_THAT(answer(*ada, R"(["join",{"match":"m","password":"x"}])"), HasSubstr("password"));
  EXPECT_THAT(answer(*ada, R"(["join",{"match":"m","password":"sesame"}])"), HasSubstr(R"("player":1)"));
  EXPECT_THAT(answer(*bob, R"(["join",{"match":"m","password":"sesame"}])"), HasSubstr("full"));
  EXPECT_EQ(sessions(), 2U);
}

TEST_F(ShardedSocketioMatchesTest, a_join_leads_out_of_the_match_before) {
  serve();
  const auto ada = joined("ada"), bob = joined("bob");
  for (const char* id : {"a", "b", "c", "d", "e", "a"}) {
    answer(*bob, fmt::format(R"(["join",{{"match":"{}"}}])", id));
    EXPECT_THAT(answer(*ada, fmt::format(R"(["join",{{"match":"{}"}}])", id)),
                HasSubstr(fmt::format(R"("match":"{}")", id)));
    EXPECT_EQ(core_.directory().players(id).size(), 2U) << id;
    loop_.run_for(100ms);
    EXPECT_FALSE(ada->snapshots().empty()) << id;
  }
}

TEST_F(ShardedSocketioMatchesTest, joins_that_are_asked_for_at_once_are_answered_one_after_the_other) {
  serve();
  const auto ada = joined("ada");
  for (int i = 1; i <= 5; ++i) ada->say(fmt::format(R"(2{}["join",{{"match":"m{}"}}])", i, i));
  loop_.run_for(100ms);
  EXPECT_FALSE(ada->socket->is_closed);
  EXPECT_EQ(sessions(), 1U);
  const auto heard = ada->heard();
  ASSERT_EQ(heard.size(), 5U);
  for (int i = 1; i <= 5; ++i)
    EXPECT_THAT(heard, Contains(StartsWith(fmt::format(R"(3{}[{{"name":"ada","match":"m{}")", i, i))));
  EXPECT_THAT(said(*ada, R"(29["list"])"), Contains(StartsWith("39[{\"matches\":")));
}

TEST_F(SocketioMatchesTest, list_create_and_leave_are_answered) {
  serve();
  const auto ada = joined("ada");
  EXPECT_EQ(answer(*ada, R"(["list"])"), R"(31[{"matches":[],"next":""}])");
  EXPECT_THAT(answer(*ada, R"(["create",{"kind":"field","id":"mine","metadata":{"level":3}}])"),
              StartsWith(R"(31[{"id":"mine","kind":"field","players":0,)"));
  EXPECT_THAT(answer(*ada, R"(["create",{"kind":"nothing"}])"), HasSubstr(R"("error":{"code":"refused")"));
  EXPECT_THAT(answer(*ada, R"(["create",{"kind":"field","options":7}])"), HasSubstr("options: expected an object"));
  answer(*ada, R"(["join",{"match":"mine"}])");
  EXPECT_THAT(answer(*ada, R"(["list",{"kind":"field"}])"),
              AllOf(HasSubstr(R"("id":"mine")"), HasSubstr(R"("players":1)"), HasSubstr(R"({"level":"3"})")));
  ada->snapshots();
  EXPECT_EQ(answer(*ada, R"(["leave"])"), "31[]");
  EXPECT_EQ(core_.directory().players("mine").size(), 0U);
  loop_.run_for(1s);
  EXPECT_THAT(ada->snapshots(), IsEmpty());
}

TEST_F(SocketioMatchesTest, who_leaves_the_root_leaves_the_match_too) {
  core_.space("/custom");
  serve({.keep_when_empty = true});
  const auto ada = joined("ada");
  said(*ada, "0/custom,");
  answer(*ada, R"(["join",{"match":"m"}])");
  said(*ada, "1");
  EXPECT_EQ(sessions(), 1U);
  EXPECT_EQ(match("m")->audience().people(), 0U);
}

TEST_F(SocketioMatchesTest, the_end_of_a_match_is_told) {
  serve({.options = {{"end_at", "30"}}});
  const auto ada = joined("ada");
  answer(*ada, R"(["join",{"match":"m"}])");
  loop_.run_for(1s);
  EXPECT_THAT(ada->heard(), Contains(R"(2["ended",{"match":"m","result":"the end was reached","next":""}])"));
}

TEST_F(SocketioMatchesTest, snapshots_are_whole_worlds_of_rising_ticks) {
  serve();
  const auto ada = joined("ada");
  answer(*ada, R"(["join",{"match":"m"}])");
  loop_.run_for(1s);
  const auto snapshots = ada->snapshots();
  EXPECT_GE(snapshots.size(), 29U);
  std::uint32_t before = 0;
  for (const auto& snapshot : snapshots) {
    EXPECT_THAT(snapshot.head, StartsWith(R"(["snapshot",{"_placeholder":true,"num":0},{"tick":)"));
    EXPECT_GT(tick_of(snapshot), before);
    before = tick_of(snapshot);
    EXPECT_TRUE(field::dot_of(world(snapshot), PlayerId{1}));
  }
}

TEST_F(SocketioMatchesTest, the_latest_snapshot_wins_while_a_socket_is_stuck) {
  serve();
  const auto ada = joined("ada");
  answer(*ada, R"(["join",{"match":"m"}])");
  loop_.run_for(100ms);
  ada->socket->is_stuck = true;
  loop_.run_for(3s);
  ada->snapshots();
  ada->socket->drain();
  loop_.run_for(1ms);
  const auto snapshots = ada->snapshots();
  ASSERT_EQ(snapshots.size(), 2U) << "one that was on its way, and the newest";
  EXPECT_GE(tick_of(snapshots[1]) + 2, match("m")->current_tick());
  EXPECT_LT(tick_of(snapshots[0]) + 100, tick_of(snapshots[1]));
}

TEST_F(SocketioMatchesTest, a_join_writes_nothing_more_to_a_socket_that_is_stuck) {
  serve();
  const auto ada = joined("ada");
  answer(*ada, R"(["join",{"match":"m"}])");
  ada->socket->is_stuck = true;
  loop_.run_for(1s);
  for (const char* id : {"n", "o", "p"}) {
    ada->say(fmt::format(R"(21["join",{{"match":"{}"}}])", id));
    loop_.run_for(1s);
  }
  ada->snapshots();
  EXPECT_EQ(core_.directory().players("p").size(), 1U);
  ada->socket->drain();
  loop_.run_for(1ms);
  EXPECT_EQ(ada->snapshots().size(), 2U) << "one of m that was on its way, and the newest";
}

TEST_F(SocketioMatchesTest, actions_are_taken_as_json_and_as_bytes) {
  serve();
  const auto ada = joined("ada");
  EXPECT_THAT(answer(*ada, R"(["action",{"dx":1}])"), HasSubstr("this session has no seat"));
  answer(*ada, R"(["join",{"match":"m"}])");
  field::MoveT left;
  left.dx = -10;
  EXPECT_EQ(answer(*ada, R"(["action",{"dx":3}])"), "31[]");
  loop_.run_for(100ms);
  EXPECT_THAT(said(*ada, R"(51-["action",{"_placeholder":true,"num":0},{"tick":0}])", {text_of(encode(left))}),
              IsEmpty());
  loop_.run_for(100ms);
  const std::uint32_t soon = match("m")->current_tick() + 5;
  EXPECT_EQ(answer(*ada, fmt::format(R"(["action",{{"dx":100}},{{"tick":{},"sequence":1}}])", soon)), "31[]");
  loop_.run_for(200ms);
  const auto last = ada->snapshots().back();
  const field::Dot* dot = field::dot_of(world(last), PlayerId{1});
  EXPECT_EQ(dot->actions(), 3U);
  EXPECT_EQ(dot->x(), 93);
  EXPECT_THAT(last.head, HasSubstr(R"("action_sequence":1)"));
}

TEST_F(SocketioMatchesTest, wrong_actions_are_answered_with_an_error_and_nothing_else) {
  serve();
  const auto ada = joined("ada");
  answer(*ada, R"(["join",{"match":"m"}])");
  EXPECT_THAT(answer(*ada, R"(["action"])"), HasSubstr(R"("code":"missing","event":"action")"));
  EXPECT_THAT(answer(*ada, R"(["action",{"dx":1000}])"),
              HasSubstr(R"("code":"out_of_range","event":"action","field":"dx")"));
  EXPECT_THAT(answer(*ada, R"(["action",{"dx":1},{"tick":4000000000}])"),
              StartsWith(R"(31[{"error":{"code":"refused","event":"action")"));
  EXPECT_THAT(said(*ada, R"(51-2["action",{"_placeholder":true,"num":0}])", {"x"}),
              ElementsAre(StartsWith(R"(32[{"error":{"code":"refused","event":"action")")));
  EXPECT_THAT(said(*ada, R"(2["action",{"dx":1},{"tick":4000000000}])"),
              ElementsAre(StartsWith(R"(2["event_error",{"error":{"code":"refused","event":"action")")));
}

TEST_F(HeldSocketioTest, nothing_of_an_interval_is_told_before_its_release_and_all_of_it_after) {
  hold_all();
  loop_.run_for(200ms);
  cyd_->say(R"(27["ask",{"question":"emit"}])");
  loop_.run_for(200ms);
  EXPECT_THAT(cyd_->heard(), IsEmpty());
  EXPECT_THAT(cyd_->snapshots(), IsEmpty());
  gate->release(audience().interval());
  loop_.run_for(50ms);
  const auto heard = cyd_->heard();
  EXPECT_THAT(heard, Contains(StartsWith("37[")));
  EXPECT_THAT(heard, Contains(StartsWith(R"(2["chat",{"text":"tick )")));
  EXPECT_THAT(heard, Contains(StartsWith(R"(2["numbered",)")));
  EXPECT_THAT(cyd_->snapshots(), Not(IsEmpty()));
}

TEST_F(HeldSocketioTest, why_a_namespace_refuses_a_player_is_held_too) {
  core_.space("/admin").api().use(
      [this](Handshake& h) { return h.refuse(fmt::format("tick {}", match().current_tick())); });
  hold_all();
  cyd_->say("0/admin,");
  loop_.run_for(200ms);
  EXPECT_THAT(cyd_->heard(), IsEmpty());
  gate->release(audience().interval());
  loop_.run_for(50ms);
  EXPECT_THAT(cyd_->heard(), Contains(HasSubstr("tick ")));
}

TEST_F(HeldSocketioTest, a_namespace_whose_client_was_not_told_before_it_was_lost_is_left) {
  std::vector<std::string> seen;
  Namespace& admin = core_.space("/admin").api();
  admin.on_connect([&](Session& s) { seen.push_back("connect " + s.name()); });
  admin.on_disconnect([&](Session&, std::string_view why) { seen.push_back("left: " + std::string(why)); });
  hold_all();
  cyd_->say("0/admin,");
  loop_.run_for(200ms);
  EXPECT_THAT(cyd_->heard(), IsEmpty());
  EXPECT_THAT(seen, ElementsAre("connect cyd"));
  cyd_->socket->leave();
  loop_.run_for(50ms);
  EXPECT_THAT(seen, ElementsAre("connect cyd", "left: transport close"));
}

TEST_F(HeldSocketioTest, what_a_namespace_says_as_it_lets_a_player_in_comes_after_that_it_does) {
  core_.space("/admin").api().on_connect([](Session& s) { s.emit_json("hello", {}, "/admin"); });
  hold_all();
  cyd_->say("0/admin,");
  loop_.run_for(200ms);
  EXPECT_THAT(cyd_->heard(), IsEmpty());
  gate->release(audience().interval());
  loop_.run_for(50ms);
  EXPECT_THAT(cyd_->heard(), AllOf(Contains("0/admin,"), Contains(StartsWith(R"(2/admin,["hello")"))));
}

TEST_F(HeldSocketioTest, who_leaves_while_the_match_holds_may_join_again_at_once) {
  hold_all();
  loop_.run_for(100ms);
  say("1");
  say("0");
  EXPECT_THAT(cyd_->heard(), ElementsAre("0"));
  EXPECT_EQ(core_.directory().sessions(), 2U);
  gate.reset();
  loop_.run_for(1s);
  EXPECT_THAT(cyd_->heard(), IsEmpty()) << "what the session before was to hear is nothing to this one";
  EXPECT_FALSE(cyd_->socket->is_closed);
}

TEST_F(HeldSocketioTest, who_is_closed_while_the_match_holds_is_told_in_the_end) {
  hold_all();
  loop_.run_for(100ms);
  say(R"(2["ask",{"question":"close"}])");
  loop_.run_for(100ms);
  EXPECT_FALSE(cyd_->socket->is_closed);
  gate.reset();
  loop_.run_for(100ms);
  EXPECT_THAT(cyd_->heard(), Contains("1"));
  EXPECT_TRUE(cyd_->socket->is_closed);
  EXPECT_EQ(core_.closing(), 0);
}

}  // namespace netcode
