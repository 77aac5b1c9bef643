#include "server/socketio_recovery.hpp"

#include <map>
#include <optional>

#include "netcode/json.hpp"
#include "netcode/limits.hpp"
#include "socketio_fixture.hpp"

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

namespace netcode {
namespace {

constexpr std::chrono::milliseconds kWindow = 2min;

/// Clients whose lost connections are kept for two minutes, and handlers that write down what they are told.
class RecoveryTest : public SocketioTest {
 protected:
  explicit RecoveryTest(std::uint32_t shards = 1) : RecoveryTest(config_of(shards, kWindow)) {}
  explicit RecoveryTest(ServerConfig config) : SocketioTest(std::move(config)) {
    for (const char* space : {"/", "/chat"}) {
      of(space).on_connect([this, space](Session& s) {
        note(space, "connect", s);
        s.emit_json("hello", json_arguments(s.name()), space);
      });
      of(space).on_lost(
          [this, space](Session& s, std::string_view why) { note(space, "lost: " + std::string(why), s); });
      of(space).on_resumed([this, space](Session& s) { note(space, "resumed", s); });
      of(space).on_disconnect(
          [this, space](Session& s, std::string_view why) { note(space, "left: " + std::string(why), s); });
    }
    of("/").use([this](Handshake& h) {
      ++asked_;
      return h.accept();
    });
  }
  static JsonArguments json_arguments(const std::string& text) { return {boost::json::value_ref(text)}; }
  void note(const std::string& space, const std::string& what, Session& s) {
    ids_[s.name()] = s.id();
    seen_.push_back(space + " " + what);
  }
  std::vector<std::string> seen() { return std::exchange(seen_, {}); }
  void say(const std::string& space, const std::string& text) {
    of(space).everyone().emit_json("said", json_arguments(text));
    run();
  }

  struct Known {
    std::string sid;
    std::string pid;
  };
  /// What the reply to CONNECT said.
  static Known known_of(const std::string& reply) {
    const auto data = boost::json::parse(reply.substr(reply.find('{'))).as_object();
    return {.sid = std::string(data.at("sid").as_string()),
            .pid = data.contains("pid") ? std::string(data.at("pid").as_string()) : std::string()};
  }
  /// All that comes for a CONNECT, Socket.IO's packets alone.
  std::vector<std::string> connect_raw(SocketioVisitor& visitor, const std::string& packet) {
    visitor.socket->sent.clear();
    visitor.say(packet);
    run();
    std::vector<std::string> packets;
    for (const std::string& one : std::exchange(visitor.socket->sent, {}))
      if (one.starts_with("4")) packets.push_back(one.substr(1));
    return packets;
  }
  static std::string claim(const std::string& space, const Known& known, const std::string& offset) {
    return (space == "/" ? "0" : "0" + space + ",") + R"({"pid":")" + known.pid + R"(","offset":"1-)" + offset + "\"}";
  }
  void lose(const SocketioVisitor& visitor) {
    visitor.socket->leave();
    run();
  }

  std::map<std::string, SessionId> ids_;
  std::vector<std::string> seen_;
  int asked_ = 0;
};

}  // namespace

TEST_F(RecoveryTest, a_client_that_comes_back_is_sent_what_it_missed_and_then_that_it_is_who_it_was) {
  serve();
  auto first = open({{"name", "ada"}});
  const auto greeting = connect_raw(*first, "0");
  ASSERT_EQ(greeting.size(), 2U);
  const Known known = known_of(greeting[0]);
  EXPECT_THAT(known.pid, Not(IsEmpty()));
  EXPECT_EQ(greeting[1], R"(2["hello","ada","1-1"])");
  say("/", "one");
  EXPECT_THAT(first->heard(), ElementsAre(R"(2["said","one","1-2"])"));
  lose(*first);
  EXPECT_THAT(seen(), ElementsAre("/ connect", "/ lost: transport close"));
  say("/", "two");
  say("/", "three");

  auto second = open({});
  const auto back = connect_raw(*second, claim("/", known, "2"));
  ASSERT_EQ(back.size(), 3U);
  EXPECT_EQ(back[0], R"(2["said","two","1-3"])");
  EXPECT_EQ(back[1], R"(2["said","three","1-4"])");
  EXPECT_EQ(known_of(back[2]).sid, known.sid);
  EXPECT_EQ(known_of(back[2]).pid, known.pid);
  EXPECT_THAT(seen(), ElementsAre("/ resumed"));
  EXPECT_EQ(asked_, 1) << "middleware is not asked again";
  say("/", "four");
  EXPECT_THAT(second->heard(), ElementsAre(R"(2["said","four","1-5"])"));
  EXPECT_EQ(sessions(), 1U);
}

TEST_F(RecoveryTest, an_event_that_left_and_did_not_arrive_is_sent_again) {
  serve();
  auto first = open({});
  const Known known = known_of(connect_raw(*first, "0")[0]);
  say("/", "one");
  say("/", "two");
  lose(*first);
  auto second = open({});
  const auto back = connect_raw(*second, claim("/", known, "1"));
  ASSERT_EQ(back.size(), 3U);
  EXPECT_EQ(back[0], R"(2["said","one","1-2"])");
  EXPECT_EQ(back[1], R"(2["said","two","1-3"])");
}

TEST_F(RecoveryTest, each_namespace_comes_back_by_itself_with_what_it_missed) {
  serve();
  auto first = open({});
  const Known root = known_of(connect_raw(*first, "0")[0]);
  const Known chat = known_of(connect_raw(*first, "0/chat,")[0].substr(6));
  EXPECT_NE(root.pid, chat.pid);
  lose(*first);
  say("/", "a");
  say("/chat", "b");
  seen();

  auto second = open({});
  EXPECT_EQ(connect_raw(*second, claim("/", root, "1")).front(), R"(2["said","a","1-4"])");
  EXPECT_THAT(seen(), ElementsAre("/ resumed"));
  say("/chat", "c");  // it is not there yet
  EXPECT_THAT(second->heard(), IsEmpty());
  second->socket->say("3");  // no pong that was asked for
  const auto back = connect_raw(*second, claim("/chat", chat, "3"));
  ASSERT_EQ(back.size(), 3U);
  EXPECT_EQ(back[0], R"(2/chat,["said","b","1-5"])");
  EXPECT_EQ(back[1], R"(2/chat,["said","c","1-6"])");
  EXPECT_EQ(known_of(back[2]).sid, chat.sid);
  EXPECT_THAT(seen(), ElementsAre("/chat resumed"));
}

TEST_F(RecoveryTest, what_its_client_may_come_back_to_is_kept_beside_pongs_and_is_let_go_of_when_that_is_over) {
  serve();
  auto first = open({});
  const Known root = known_of(connect_raw(*first, "0")[0]);
  const Known chat = known_of(connect_raw(*first, "0/chat,")[0].substr(6));
  lose(*first);
  say("/chat", "b");
  auto second = open({});
  connect_raw(*second, claim("/", root, "1"));
  for (int beat = 0; beat < 3; ++beat) {
    loop_.run_for(26s);
    second->socket->say("3");
  }
  EXPECT_EQ(connect_raw(*second, claim("/chat", chat, "3")).front(), R"(2/chat,["said","b","1-4"])");
}

TEST_F(RecoveryTest, a_namespace_that_its_client_did_not_come_back_to_is_left_when_its_time_is_over) {
  serve();
  auto first = open({});
  const Known root = known_of(connect_raw(*first, "0")[0]);
  connect_raw(*first, "0/chat,");
  lose(*first);
  auto second = open({});
  connect_raw(*second, claim("/", root, "1"));
  seen();
  for (int beat = 0; beat < 5; ++beat) {
    loop_.run_for(25s);
    second->socket->say("3");
  }
  run();
  EXPECT_THAT(seen(), ElementsAre("/chat left: transport close"));
  EXPECT_EQ(sessions(), 1U);
}

TEST_F(RecoveryTest, a_pong_lets_go_of_what_was_there_before_the_ping) {
  serve();
  auto first = open({{"name", "ada"}});
  connect_raw(*first, "0");
  SessionCore& core = *core_.shards()[0]->session(ids_.at("ada"));
  say("/", "one");
  for (int beat = 0; beat < 2; ++beat) {
    loop_.run_for(25s);
    first->socket->say("3");
    run();
  }
  EXPECT_EQ(core.acknowledged(), 2U);
}

TEST_F(RecoveryTest, a_pid_works_once_and_only_for_a_connection_that_is_lost) {
  serve();
  auto first = open({});
  const Known known = known_of(connect_raw(*first, "0")[0]);
  auto thief = open({});
  const Known other = known_of(connect_raw(*thief, claim("/", known, "1"))[0]);
  EXPECT_NE(other.sid, known.sid) << "it is in use";
  lose(*first);
  auto second = open({}), third = open({});
  EXPECT_EQ(known_of(connect_raw(*second, claim("/", known, "1"))[0]).sid, known.sid);
  EXPECT_NE(known_of(connect_raw(*third, claim("/", known, "1"))[0]).sid, known.sid);
  lose(*second);
  auto fourth = open({});
  EXPECT_EQ(known_of(connect_raw(*fourth, claim("/", known, "1"))[0]).sid, known.sid) << "lost again";
}

TEST_F(RecoveryTest, a_claim_that_is_none_is_a_new_client) {
  serve();
  auto first = open({});
  const Known known = known_of(connect_raw(*first, "0")[0]);
  lose(*first);
  for (const std::string& packet :
       {claim("/", {.sid = {}, .pid = "nobody"}, "1"), claim("/", known, "-1"), claim("/", known, "99"),
        claim("/", known, "1x"), claim("/", known, ""), claim("/", known, "99999999999999999999"),
        std::string(R"(0{"pid":1,"offset":"1"})"), std::string(R"(0{"pid":"x"})"),
        "0{\"pid\":\"" + known.pid + "\"}"}) {
    SCOPED_TRACE(packet);
    auto visitor = open({});
    const auto replies = connect_raw(*visitor, packet);
    ASSERT_FALSE(replies.empty());
    EXPECT_NE(known_of(replies[0]).sid, known.sid);
  }
}

TEST_F(RecoveryTest, after_two_minutes_it_is_too_late) {
  serve();
  auto first = open({});
  const Known known = known_of(connect_raw(*first, "0")[0]);
  lose(*first);
  seen();
  loop_.run_for(kWindow + 2s);
  EXPECT_THAT(seen(), ElementsAre("/ left: transport close"));
  EXPECT_EQ(sessions(), 0U);
  auto second = open({});
  EXPECT_NE(known_of(connect_raw(*second, claim("/", known, "1"))[0]).sid, known.sid);
}

TEST_F(RecoveryTest, who_leaves_or_is_sent_away_does_not_come_back) {
  serve();
  auto first = open({}), second = open({{"name", "bob"}});
  const Known ada = known_of(connect_raw(*first, "0")[0]);
  const Known bob = known_of(connect_raw(*second, "0")[0]);
  first->say("1");
  run();
  core_.shards()[0]->session(ids_.at("bob"))->end(transport::CloseCode::kKicked, "kicked");
  run();
  lose(*first);
  EXPECT_EQ(sessions(), 0U);
  for (const Known& known : {ada, bob}) {
    auto visitor = open({});
    EXPECT_NE(known_of(connect_raw(*visitor, claim("/", known, "1"))[0]).sid, known.sid);
  }
}

TEST_F(RecoveryTest, volatile_events_have_no_number) {
  serve();
  auto first = open({});
  connect_raw(*first, "0");
  of("/").everyone().as_volatile().emit_json("tick", {1});
  run();
  EXPECT_THAT(first->heard(), ElementsAre(R"(2["tick",1])"));
}

TEST_F(RecoveryTest, a_namespace_joined_anew_is_left_first) {
  serve();
  auto first = open({});
  const Known root = known_of(connect_raw(*first, "0")[0]);
  const Known chat = known_of(connect_raw(*first, "0/chat,")[0].substr(6));
  lose(*first);
  auto second = open({});
  connect_raw(*second, claim("/", root, "1"));
  seen();
  EXPECT_NE(known_of(connect_raw(*second, "0/chat,")[0].substr(6)).sid, chat.sid);
  EXPECT_THAT(seen(), ElementsAre("/chat left: transport close", "/chat connect"));
}

TEST_F(RecoveryTest, one_that_is_refused_in_the_end_does_not_keep_its_next_namespace_waiting) {
  serve();
  auto first = open({});
  const Known known = known_of(connect_raw(*first, "0")[0]);
  lose(*first);
  auto second = open({{"name", std::string(limits::kNameBytesMax + 1, 'x')}});
  second->say(claim("/", known, "99"));  // of more than it was sent
  second->say("0/chat,");
  run();
  EXPECT_THAT(second->heard(), ElementsAre(::testing::StartsWith("4{\"message\":\"a name of"),
                                           ::testing::StartsWith("4/chat,{\"message\":\"a name of")));
}

/// One session, and so four namespaces that may wait.
class SmallRecoveryTest : public RecoveryTest {
 protected:
  SmallRecoveryTest() : RecoveryTest(one_session()) {
    for (const char* space : {"/a", "/b", "/c", "/d"}) of(space).on_connect([](Session&) {});
  }
  static ServerConfig one_session() {
    ServerConfig out = config_of(1, kWindow);
    out.sessions_max = 1;
    return out;
  }
};

TEST_F(SmallRecoveryTest, has_left_what_is_more_than_may_wait) {
  serve();
  auto first = open({});
  for (const char* packet : {"0", "0/a,", "0/b,", "0/c,", "0/d,"}) connect_raw(*first, packet);
  seen();
  lose(*first);
  EXPECT_THAT(seen(), ElementsAre("/ lost: transport close", "/ left: transport close"));
  EXPECT_EQ(sessions(), 1U);
}

class ShardedRecoveryTest : public RecoveryTest {
 protected:
  ShardedRecoveryTest() : RecoveryTest(3) {}
};

TEST_F(ShardedRecoveryTest, a_player_comes_back_to_its_match_on_another_shard_and_is_sent_its_snapshots) {
  serve();
  auto first = open({{"name", "ada"}});
  const Known known = known_of(connect_raw(*first, "0")[0]);
  for (const char* match : {"m1", "m2", "m3"}) {
    first->say(std::string(R"(21["join",{"match":")") + match + R"(","snapshots":"json"}])");
    loop_.run_for(200ms);
  }
  first->heard();
  lose(*first);
  auto second = open({});
  EXPECT_EQ(known_of(connect_raw(*second, claim("/", known, "1")).back()).sid, known.sid);
  second->snapshots();
  loop_.run_for(500ms);
  std::vector<std::string> came = second->heard();
  EXPECT_THAT(came, Contains(::testing::StartsWith(R"(2["snapshot",{)"))) << "as objects, as it asked before";
}

}  // namespace netcode
