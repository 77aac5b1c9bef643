// Tests also: socketio_line.cpp.
#include "server/socketio_door.hpp"

#include <optional>

#include "socketio_fixture.hpp"

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

namespace netcode {
namespace {

/// Writes down who comes and goes in "/" and "/custom".
class SocketioDoorTest : public SocketioTest {
 protected:
  explicit SocketioDoorTest(std::uint32_t shards = 1) : SocketioTest(shards) {
    for (const std::string space : {"/", "/custom"}) {
      of(space).on_connect([this, space](Session& s) { seen_.push_back("+" + space + " " + s.name()); });
      of(space).on_disconnect(
          [this, space](Session&, std::string_view why) { seen_.push_back("-" + space + " " + std::string(why)); });
    }
  }
  /// In a namespace where middleware answers when the test has it answer.
  void let_wait(const std::string& space) {
    of(space).use([this](Handshake& h) {
      auto [verdict, answer] = h.later();
      answer_ = answer;
      return verdict;
    });
  }
  std::vector<std::string> seen() { return std::exchange(seen_, {}); }

  std::optional<HandshakeAnswer> answer_;
  std::vector<std::string> seen_;
};

class ShardedSocketioDoorTest : public SocketioDoorTest {
 protected:
  ShardedSocketioDoorTest() : SocketioDoorTest(3) {}
};

}  // namespace

TEST_F(SocketioDoorTest, opens_a_session_with_the_name_of_its_auth_or_else_of_its_query) {
  serve();
  const auto ada = open(), bob = open({{"name", "bob"}}), cyd = open({{"name", "bob"}}), nobody = open();
  EXPECT_THAT(said(*ada, R"(0{"name":"ada"})"), ElementsAre("0"));
  EXPECT_THAT(said(*bob, "0"), ElementsAre("0"));
  EXPECT_THAT(said(*cyd, R"(0{"name":"cyd"})"), ElementsAre("0"));
  EXPECT_THAT(said(*nobody, R"(0{"name":7})"), ElementsAre("0"));
  EXPECT_THAT(seen(), ElementsAre("+/ ada", "+/ bob", "+/ cyd", "+/ guest"));
  EXPECT_EQ(sessions(), 4U);
}

TEST_F(SocketioDoorTest, lets_nobody_in_with_a_name_that_no_player_may_have) {
  serve();
  const auto nobody = open(), ada = open();
  EXPECT_THAT(said(*nobody, R"(0{"name":" \u200b"})"), ElementsAre("0"));
  EXPECT_THAT(said(*nobody, R"(21["join",{"match":"m"}])"),
              ElementsAre(::testing::HasSubstr(R"(31[{"name":"guest","match":"m")")));
  const std::string name(limits::kNameBytesMax, 'a');
  EXPECT_THAT(said(*ada, R"(0{"name":"b)" + name + R"("})"),
              ElementsAre(R"(4{"message":"a name of 33 bytes, 32 is the limit"})"));
  EXPECT_THAT(said(*ada, R"(0{"name":")" + name + R"("})"), ElementsAre("0"));
  EXPECT_THAT(said(*ada, R"(21["join",{"match":"m"}])"), ElementsAre(::testing::HasSubstr(name)));
}

TEST_F(SocketioDoorTest, replies_before_all_that_on_connect_emits) {
  for (const char* space : {"/", "/custom"})
    of(space).on_connect([](Session& s) { s.emit(field::chat("hello"), s.space()); });
  serve();
  const auto ada = open();
  EXPECT_THAT(said(*ada, "0"), ElementsAre("0", R"(2["chat",{"text":"hello"}])"));
  EXPECT_THAT(said(*ada, "0/custom,"), ElementsAre("0/custom,", R"(2/custom,["chat",{"text":"hello"}])"));
}

TEST_F(SocketioDoorTest, lets_middleware_refuse_with_a_reason) {
  of("/").use([](Handshake& h) { return h.name() == "bob" ? h.refuse("no \"bob\"") : h.accept(); });
  of("/custom").use([](Handshake& h) { return h.refuse("nobody here"); });
  serve();
  const auto bob = open();
  EXPECT_THAT(said(*bob, R"(0{"name":"bob"})"), ElementsAre(R"(4{"message":"no \"bob\""})"));
  EXPECT_EQ(sessions(), 0U);
  EXPECT_THAT(said(*bob, R"(0{"name":"rob"})"), ElementsAre("0")) << "it may ask again";
  EXPECT_THAT(said(*bob, "0/custom,"), ElementsAre(R"(4/custom,{"message":"nobody here"})"));
  EXPECT_THAT(seen(), ElementsAre("+/ rob"));
}

TEST_F(SocketioDoorTest, shows_middleware_an_auth_as_the_table_that_it_asks_for) {
  std::vector<std::string> votes;
  for (const char* space : {"/", "/custom"})
    of(space).use([&votes](Handshake& h) {
      const auto* vote = h.auth<field::Vote>();
      votes.push_back(vote ? fmt::format("{} {}", vote->weight(), vote->why()->str()) : "none");
      if (h.auth<field::Answer>()) votes.emplace_back("an answer");
      return h.accept();
    });
  serve();
  const auto shown = [&](const std::string& auth) {
    const auto visitor = open();
    EXPECT_THAT(said(*visitor, "0" + auth), ElementsAre("0"));
    EXPECT_THAT(said(*visitor, "0/custom," + auth), ElementsAre("0/custom,"));
    return std::exchange(votes, {});
  };
  EXPECT_THAT(shown(R"({"weight":7,"why":"so"})"), ElementsAre("7 so", "7 so"));
  EXPECT_THAT(shown(R"({"weight":"7"})"), ElementsAre("none", "none"));
  EXPECT_THAT(shown(R"({"text":"so"})"), ElementsAre("none", "an answer", "none", "an answer"));
  EXPECT_THAT(shown(""), ElementsAre("none", "none"));
}

TEST_F(SocketioDoorTest, waits_for_an_answer_that_comes_later) {
  let_wait("/");
  serve();
  const auto ada = open(), bob = open();
  EXPECT_THAT(said(*ada, "0"), IsEmpty());
  answer_->accept();
  run();
  EXPECT_THAT(ada->heard(), ElementsAre("0"));
  EXPECT_THAT(said(*bob, "0"), IsEmpty());
  answer_->refuse("not now");
  run();
  EXPECT_THAT(bob->heard(), ElementsAre(R"(4{"message":"not now"})"));
}

TEST_F(SocketioDoorTest, knows_no_namespace_where_nothing_is_registered) {
  serve();
  const auto ada = open();
  EXPECT_THAT(said(*ada, "0/nothing,"), ElementsAre(R"(4/nothing,{"message":"Invalid namespace"})"));
  EXPECT_THAT(said(*ada, "0"), ElementsAre("0"));
  EXPECT_THAT(said(*ada, "0/nothing,"), ElementsAre(R"(4/nothing,{"message":"Invalid namespace"})"));
}

TEST_F(SocketioDoorTest, lets_further_namespaces_wait_for_the_first_one) {
  let_wait("/");
  serve();
  const auto ada = open({{"name", "ada"}});
  ada->say("0");
  EXPECT_THAT(said(*ada, "0/custom,"), IsEmpty());
  answer_->accept();
  run();
  EXPECT_THAT(ada->heard(), ElementsAre("0", "0/custom,"));
  EXPECT_THAT(seen(), ElementsAre("+/ ada", "+/custom ada"));
  EXPECT_EQ(sessions(), 1U);
}

TEST_F(SocketioDoorTest, begins_a_session_with_the_second_namespace_where_the_first_refuses) {
  let_wait("/");
  serve();
  const auto ada = open({{"name", "ada"}});
  ada->say("0");
  ada->say("0/custom,");
  run();
  answer_->refuse("no");
  run();
  EXPECT_THAT(ada->heard(), ElementsAre(R"(4{"message":"no"})", "0/custom,"));
  EXPECT_THAT(seen(), ElementsAre("+/custom ada"));
}

TEST_F(SocketioDoorTest, closes_no_session_twice_that_a_further_namespace_ends) {
  let_wait("/");
  of("/custom").on_connect([](Session& s) { s.close("enough"); });
  serve();
  const auto ada = open({{"name", "ada"}});
  ada->say("0");
  ada->say("0/custom,");
  run();
  answer_->accept();
  run();
  EXPECT_THAT(seen(), ElementsAre("+/ ada", "+/custom ada", "-/ enough", "-/custom enough"));
  EXPECT_EQ(sessions(), 0U);
}

TEST_F(SocketioDoorTest, keeps_a_session_that_begins_elsewhere_out_of_the_root) {
  serve();
  const auto ada = joined("ada", "/custom");
  EXPECT_THAT(seen(), ElementsAre("+/custom ada"));
  of("/").everyone().emit(field::chat("root"));
  of("/custom").everyone().emit(field::chat("custom"));
  run();
  EXPECT_THAT(ada->heard(), ElementsAre(R"(2/custom,["chat",{"text":"custom"}])"));
}

TEST_F(SocketioDoorTest, ends_a_session_with_the_last_namespace_that_it_leaves_and_lets_its_client_join_again) {
  serve();
  const auto ada = joined("ada");
  said(*ada, "0/custom,");
  seen();
  said(*ada, "1/custom,");
  EXPECT_THAT(seen(), ElementsAre("-/custom client namespace disconnect"));
  EXPECT_EQ(sessions(), 1U);
  said(*ada, "1");
  EXPECT_THAT(seen(), ElementsAre("-/ client namespace disconnect"));
  EXPECT_EQ(sessions(), 0U);
  EXPECT_FALSE(ada->socket->is_closed);
  EXPECT_THAT(said(*ada, "0"), ElementsAre("0"));
  EXPECT_THAT(seen(), ElementsAre("+/ ada"));
  EXPECT_EQ(sessions(), 1U);
}

TEST_F(SocketioDoorTest, lets_one_join_again_in_the_same_breath_wherever_its_session_is) {
  serve();
  const auto ada = joined("ada");
  ada->say("1");
  EXPECT_THAT(said(*ada, "0"), ElementsAre("0"));
  EXPECT_EQ(sessions(), 1U);
}

TEST_F(SocketioDoorTest, begins_the_numbers_of_events_anew_for_one_that_joins_again) {
  of("/").on_connect([](Session& s) { s.emit(field::chat("hello")); });
  serve();
  const auto ada = joined("ada");
  said(*ada, "1");
  ada->socket->is_stuck = true;  // its hello is not written yet
  said(*ada, "0");
  said(*ada, R"(21["join",{"match":"m"}])");
  EXPECT_EQ(sessions(), 1U);
  ada->socket->drain();
  run();
  EXPECT_THAT(ada->heard(), ::testing::Contains(::testing::HasSubstr(R"(31[{"name":"ada","match":"m")")));
}

TEST_F(SocketioDoorTest, answers_who_leaves_one_namespace_while_another_is_asked) {
  let_wait("/custom");
  serve();
  const auto ada = joined("ada");
  ada->say("0/custom,");
  ada->say("1");
  run();
  answer_->accept();
  run();
  EXPECT_THAT(ada->heard(), ElementsAre("0/custom,"));
  EXPECT_EQ(sessions(), 1U);
}

TEST_F(SocketioDoorTest, tells_handlers_why_a_client_has_gone) {
  serve();
  const auto gone = [&](const std::function<void(SocketioVisitor&)>& go) {
    const auto ada = joined("ada");
    seen();
    go(*ada);
    run();
    EXPECT_EQ(sessions(), 0U);
    return seen();
  };
  const auto say = [](const std::string& message) {
    return [message](SocketioVisitor& ada) { ada.socket->say(message); };
  };
  EXPECT_THAT(gone([](SocketioVisitor& ada) { ada.socket->leave(); }), ElementsAre("-/ transport close"));
  EXPECT_THAT(gone(say("1")), ElementsAre("-/ transport close"));
  EXPECT_THAT(gone(say("2")), ElementsAre("-/ transport error"));
  EXPECT_THAT(gone(say("x")), ElementsAre("-/ parse error"));
  EXPECT_THAT(gone(say("4abc")), ElementsAre("-/ forced close"));
  EXPECT_THAT(gone(say("40")), ElementsAre("-/ forced close"));
  EXPECT_THAT(gone([&](SocketioVisitor&) { loop_.run_for(46s); }), ElementsAre("-/ ping timeout"));
}

TEST_F(SocketioDoorTest, tells_a_client_that_the_server_has_closed_its_session) {
  std::optional<SessionId> id;
  of("/").on_connect([&id](Session& s) { id = s.id(); });
  serve();
  const auto ada = joined("ada");
  said(*ada, "0/custom,");
  SessionHandle(core_, *id).kick("enough");
  run();
  EXPECT_THAT(ada->heard(), ElementsAre("1", "1/custom,"));
  EXPECT_TRUE(ada->socket->is_closed);
}

TEST_F(SocketioDoorTest, keeps_no_session_of_a_client_that_left_before_middleware_answered) {
  let_wait("/");
  serve();
  const auto ada = open();
  ada->say("0");
  run();
  ada->socket->leave();
  run();
  answer_->accept();
  run();
  EXPECT_EQ(sessions(), 0U);
  EXPECT_THAT(seen(), ElementsAre("+/ guest", "-/ transport close"));
}

TEST_F(SocketioDoorTest, serves_clients_that_poll) {
  std::optional<SessionId> id;
  of("/").on_connect([&id](Session& s) { id = s.id(); });
  serve();
  PollingVisitor ada(core_);
  EXPECT_EQ(ada.say("0"), "200 ok");
  run();
  EXPECT_TRUE(ada.poll());
  EXPECT_THAT(ada.heard(), ElementsAre("0"));
  EXPECT_FALSE(ada.poll());
  SessionHandle(core_, *id).emit(field::chat("gg"));
  run();
  EXPECT_TRUE(ada.poll());
  EXPECT_THAT(ada.heard(), ElementsAre(R"(2["chat",{"text":"gg"}])"));
}

TEST_F(SocketioDoorTest, loses_nobody_who_polls_to_a_burst_of_events) {
  of("/").on_connect([](Session& s) {
    for (int i = 0; i < 200; ++i) s.emit(field::chat(std::string(1000, 'x')));
  });
  serve();
  PollingVisitor ada(core_);
  ada.say("0");
  run();
  ASSERT_TRUE(ada.poll());
  for (int i = 0; i < 10; ++i) {
    ada.poll();
    run();
  }
  EXPECT_EQ(sessions(), 1U);
  EXPECT_EQ(ada.heard().size(), 201U);
}

TEST_F(ShardedSocketioDoorTest, keeps_a_session_to_its_claims_on_another_shard) {
  serve();
  for (const char* name : {"ada", "bob", "cyd", "dan", "eve", "fay"}) {
    const auto visitor = joined(name);
    EXPECT_THAT(seen(), ElementsAre("+/ " + std::string(name)));
    visitor->say("1");
    EXPECT_THAT(said(*visitor, "0/custom,"), ElementsAre("0/custom,"));
    EXPECT_THAT(seen(), ElementsAre("-/ client namespace disconnect", "+/custom " + std::string(name)));
    visitor->socket->leave();
    run();
    EXPECT_THAT(seen(), ElementsAre("-/custom transport close"));
  }
  EXPECT_EQ(sessions(), 0U);
}

}  // namespace netcode
