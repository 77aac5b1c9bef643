// Tests also: socketio_outgoing.cpp.
#include "server/socketio_link.hpp"

#include <optional>

#include "audience_fixture.hpp"
#include "socketio_fixture.hpp"

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

namespace netcode {
namespace {

constexpr const char* kBytes = R"({"_placeholder":true,"num":0})";

/// A server whose handlers write down what they are told: "ada chat gg". Ask is answered with its question.
class SocketioLinkTest : public SocketioTest {
 protected:
  explicit SocketioLinkTest(std::uint32_t shards = 1) : SocketioTest(shards) {
    of("/").on_connect([this](Session& s) { ids_[s.name()] = s.id(); });
    of("/custom").on_connect([](Session&) {});
    of("/").on<field::Chat>([this](Session& s, const field::Chat& chat) {
      field::ChatT said;
      chat.UnPackTo(&said);
      seen_.push_back(s.name() + " chat " + said.text);
    });
    of("/").on<field::Ask>([this](Session& s, const field::Ask& asked, Ack ack) {
      seen_.push_back(s.name() + " ask " + asked.question()->str());
      if (asked.question()->str() == "later") {
        later_ = std::move(ack);
        return;
      }
      field::AnswerT answer;
      answer.text = asked.question()->str();
      ack(answer);
    });
  }
  std::vector<std::string> seen() { return std::exchange(seen_, {}); }
  SessionHandle session(const std::string& name) { return {core_, ids_.at(name)}; }
  SessionCore& core(const std::string& name) {
    const auto place = core_.directory().find_session(ids_.at(name));
    return *core_.shards()[place->shard]->session(ids_.at(name));
  }

  std::map<std::string, SessionId> ids_;
  std::vector<std::string> seen_;
  std::optional<Ack> later_;
};

class ShardedSocketioLinkTest : public SocketioLinkTest {
 protected:
  ShardedSocketioLinkTest() : SocketioLinkTest(3) {}
};

std::string ask_of(const std::string& question) {
  field::AskT ask;
  ask.question = question;
  return text_of(encode(ask));
}

}  // namespace

TEST_F(SocketioLinkTest, three_kinds_of_clients_say_the_same_to_one_handler) {
  serve();
  Tap native;
  connect(native, "/?name=eve");
  run();
  const auto json = joined("ada"), binary = joined("bob");
  native.send(event("chat", field::chat("gg"), 1, 0));
  run();
  said(*json, R"(2["chat",{"text":"gg"}])");
  said(*binary, std::string(R"(51-["chat",)") + kBytes + "]", {text_of(encode(field::chat("gg")))});
  EXPECT_THAT(seen(), ElementsAre("eve chat gg", "ada chat gg", "bob chat gg"));
}

TEST_F(SocketioLinkTest, an_event_is_answered_with_the_table_of_its_handler) {
  serve();
  const auto ada = joined("ada");
  EXPECT_THAT(said(*ada, R"(27["ask",{"question":"who?"}])"), ElementsAre(R"(37[{"text":"who?"}])"));
  EXPECT_THAT(said(*ada, std::string(R"(51-8["ask",)") + kBytes + "]", {ask_of("bytes")}),
              ElementsAre(R"(38[{"text":"bytes"}])"));
  EXPECT_THAT(said(*ada, R"(29["chat",{"text":"x"}])"), ElementsAre("39[]")) << "one that is answered with nothing";
}

TEST_F(SocketioLinkTest, an_event_of_the_servers_is_answered_by_its_client) {
  serve();
  const auto ada = joined("ada");
  std::vector<std::string> replies;
  const auto ask = [&](const std::string& answer, const std::vector<std::string>& attachments = {}) {
    session("ada").post([&](Session& s) {
      s.emit(field::chat("?"), [&](const engine::Result<Reply>& reply) {
        if (!reply) return replies.push_back("error: " + reply.error().reason);
        const auto* table = reply->as<field::Answer>();
        replies.push_back(table ? table->text()->str() : "nothing");
      });
    });
    run();
    const auto asked = ada->heard();
    ASSERT_EQ(asked.size(), 1U);
    const std::string id = asked[0].substr(1, asked[0].find('[') - 1);
    EXPECT_EQ(asked[0], "2" + id + R"(["chat",{"text":"?"}])");
    ada->say((attachments.empty() ? "3" : "61-") + id + answer, attachments);
    run();
  };
  field::AnswerT bytes;
  bytes.text = "bytes";
  ask(R"(["field.Answer",{"text":"yes"}])");
  ask(std::string(R"(["field.Answer",)") + kBytes + "]", {text_of(encode(bytes))});
  ask("[]");
  ask(R"(["field.Nothing",{}])");
  ask(R"([{"text":"yes"}])");
  ask(R"(["field.Answer",{"text":7}])");
  ASSERT_EQ(replies.size(), 6U);
  EXPECT_EQ(replies[0], "yes");
  EXPECT_EQ(replies[1], "bytes");
  EXPECT_EQ(replies[2], "nothing");
  EXPECT_EQ(replies[3], "error: answered with an unknown table");
  EXPECT_EQ(replies[4], "error: answered without saying of which table it is");
  EXPECT_THAT(replies[5], HasSubstr("error: answered with what is no field.Answer: text: "));
}

TEST_F(SocketioLinkTest, what_is_not_taken_is_answered_with_an_error_that_names_the_field) {
  serve();
  const auto ada = joined("ada");
  EXPECT_THAT(said(*ada, R"(21["chat",{"txt":"x"}])"),
              ElementsAre(HasSubstr(R"(31[{"error":{"code":"unknown_field","event":"chat","field":"txt","message":)")));
  EXPECT_THAT(
      said(*ada, R"(2["chat",{"text":7}])"),
      ElementsAre(HasSubstr(R"(2["event_error",{"error":{"code":"wrong_type","event":"chat","field":"text",)")));
  EXPECT_THAT(said(*ada, R"(22["chat",{},{}])"), ElementsAre(HasSubstr(R"(32[{"error":{"code":"wrong_type",)")));
  EXPECT_THAT(said(*ada, R"(23["answer",{}])"),
              ElementsAre(R"(33[{"error":{"code":"refused","event":"answer","field":"",)"
                          R"("message":"nobody here handles answer"}}])"));
  EXPECT_THAT(said(*ada, R"(24["nothing",{}])"), ElementsAre(HasSubstr(R"("message":"no event is called nothing")")));
  EXPECT_THAT(said(*ada, std::string(R"(51-5["chat",)") + kBytes + "]", {"no table"}),
              ElementsAre(HasSubstr(R"(35[{"error":{"code":"refused","event":"chat")")));
  EXPECT_THAT(seen(), IsEmpty());
}

TEST_F(SocketioLinkTest, an_error_without_an_ack_is_told_in_a_namespace_that_the_client_is_in) {
  serve();
  const auto ada = joined("ada", "/custom");
  EXPECT_THAT(said(*ada, R"(2/custom,["answer",{}])"),
              ElementsAre(HasSubstr(R"(2/custom,["event_error",{"error":{"code":"refused","event":"answer")")));
}

TEST_F(SocketioLinkTest, bytes_that_are_larger_than_an_event_are_refused) {
  serve();
  const auto ada = joined("ada");
  const std::string large = text_of(encode(field::chat(std::string(limits::kEventBytesMax, 'x'))));
  EXPECT_THAT(said(*ada, std::string(R"(51-1["chat",)") + kBytes + "]", {large}),
              ElementsAre(HasSubstr(R"(31[{"error":{"code":"too_large","event":"chat")")));
  EXPECT_THAT(seen(), IsEmpty());
}

TEST_F(SocketioLinkTest, who_is_refused_too_often_is_closed) {
  serve();
  const auto ada = joined("ada");
  for (std::uint32_t i = 0; i < limits::kRefusalsMax; ++i) ada->say(R"(2["chat",{"txt":"x"}])");
  run();
  EXPECT_EQ(sessions(), 1U);
  ada->say(R"(2["chat",{"txt":"x"}])");
  run();
  EXPECT_EQ(sessions(), 0U);
  EXPECT_THAT(ada->heard(), Contains("1"));
  EXPECT_TRUE(ada->socket->is_closed);
}

TEST_F(SocketioLinkTest, an_answer_finds_its_event_after_its_client_has_joined_a_match) {
  serve();
  const auto ada = joined("ada");
  said(*ada, R"(27["ask",{"question":"later"}])");
  said(*ada, R"(28["join",{"match":"m"}])");
  field::AnswerT answer;
  answer.text = "at last";
  Ack before = *std::exchange(later_, std::nullopt);
  said(*ada, R"(29["ask",{"question":"later"}])");
  before(answer);
  run();
  EXPECT_THAT(ada->heard(), ElementsAre(R"(37[{"text":"at last"}])"));
  answer.text = "too";
  (*later_)(answer);
  run();
  EXPECT_THAT(ada->heard(), ElementsAre(R"(39[{"text":"too"}])"));
}

TEST_F(SocketioLinkTest, volatile_events_are_dropped_while_its_socket_is_stuck) {
  serve();
  const auto ada = joined("ada");
  session("ada").emit_volatile(field::chat("1"));
  run();
  ada->socket->is_stuck = true;
  session("ada").emit(field::chat("2"));
  run();
  session("ada").emit_volatile(field::chat("3"));
  session("ada").emit(field::chat("4"));
  run();
  ada->socket->drain();
  run();
  session("ada").emit_volatile(field::chat("5"));
  run();
  std::vector<std::string> events;
  for (const char* number : {"1", "2", "4", "5"}) events.push_back(fmt::format(R"(2["chat",{{"text":"{}"}}])", number));
  EXPECT_EQ(ada->heard(), events);
}

TEST_F(SocketioLinkTest, volatile_events_are_dropped_while_it_does_not_poll) {
  serve();
  PollingVisitor ada(core_);
  ada.say(R"(0{"name":"ada"})");
  run();
  ASSERT_TRUE(ada.poll());
  static_cast<void>(ada.heard());
  session("ada").emit_volatile(field::chat("1"));
  run();
  session("ada").emit(field::chat("2"));
  session("ada").emit_volatile(field::chat("3"));
  run();
  ASSERT_TRUE(ada.poll());
  EXPECT_FALSE(ada.poll()) << "from here on it polls";
  session("ada").emit_volatile(field::chat("4"));
  run();
  ASSERT_TRUE(ada.poll());
  EXPECT_THAT(ada.heard(), ElementsAre(R"(2["chat",{"text":"2"}])", R"(2["chat",{"text":"4"}])"));
}

TEST_F(SocketioLinkTest, one_that_never_polls_takes_no_more_than_72_kib_and_is_ended) {
  serve();
  PollingVisitor ada(core_);
  ada.say(R"(0{"name":"ada"})");
  run();
  ASSERT_TRUE(ada.poll());  // that it has joined; and never again
  std::size_t most = 0;
  for (int i = 0; i < 300 && sessions() > 0; ++i) {
    of("/").everyone().emit(field::chat(std::string(1000, 'x')));
    loop_.run_for(100ms);
    most = std::max(most, core_.event_totals()->bytes());
  }
  EXPECT_EQ(sessions(), 0U);
  EXPECT_GT(most, 48U * 1024);
  EXPECT_LE(most, 72U * 1024);
}

TEST_F(SocketioLinkTest, one_that_never_polls_misses_what_others_say_and_is_not_ended_by_it) {
  of("/").on<field::Chat>(
      [this](Session&, const field::Chat& chat) { of("/").everyone().emit(field::chat(chat.text()->str())); });
  serve();
  PollingVisitor ada(core_);
  const auto bob = joined("bob");
  ada.say(R"(0{"name":"ada"})");
  run();
  ASSERT_TRUE(ada.poll());
  for (int i = 0; i < 60; ++i) {  // as fast as one may
    bob->say(R"(2["chat",{"text":")" + std::string(2000, 'y') + R"("}])");
    loop_.run_for(500ms);
    static_cast<void>(bob->heard());
  }
  EXPECT_EQ(sessions(), 2U);
  EXPECT_LE(core_.event_totals()->bytes(), 72U * 1024);
  EXPECT_TRUE(ada.poll()) << "it may go on";
}

TEST_F(SocketioLinkTest, one_that_polls_slowly_may_be_sent_much_at_once) {
  serve();
  PollingVisitor ada(core_);
  ada.say(R"(0{"name":"ada"})");
  run();
  for (int round = 0; round < 5; ++round) {
    ada.poll();
    loop_.run_for(900ms);
    for (int i = 0; i < 200; ++i) of("/").everyone().emit(field::chat(std::string(1000, 'x')));
    run();
  }
  EXPECT_EQ(sessions(), 1U);
}

TEST_F(SocketioLinkTest, rooms_and_exceptions_are_as_for_other_clients) {
  serve();
  const auto ada = joined("ada"), bob = joined("bob"), cyd = joined("cyd");
  for (const char* name : {"ada", "bob"}) session(name).post([](Session& s) { s.join("red"); });
  of("/").to("red").emit(field::chat("red"));
  session("ada").post([](Session& s) { s.to("red").emit(field::chat("other reds")); });
  session("cyd").post([](Session& s) { s.broadcast().emit(field::chat("all but cyd")); });
  of("/").everyone().except("red").emit(field::chat("no red"));
  run();
  const auto line = [](const std::string& text) { return fmt::format(R"(2["chat",{{"text":"{}"}}])", text); };
  EXPECT_THAT(ada->heard(), ElementsAre(line("red"), line("all but cyd")));
  EXPECT_THAT(bob->heard(), ElementsAre(line("red"), line("other reds"), line("all but cyd")));
  EXPECT_THAT(cyd->heard(), ElementsAre(line("no red")));
}

TEST_F(SocketioLinkTest, a_client_that_has_to_leave_a_namespace_hears_all_that_was_said_there_before) {
  serve();
  const auto ada = joined("ada");
  said(*ada, "0/custom,");
  session("ada").post([](Session& s) {
    s.emit(field::chat("before"), "/custom");
    s.leave_space("/custom");
    s.emit(field::chat("after"), "/custom");
    s.emit(field::chat("root"));
  });
  run();
  EXPECT_THAT(ada->heard(),
              ElementsAre(R"(2/custom,["chat",{"text":"before"}])", "1/custom,", R"(2["chat",{"text":"root"}])"));
  EXPECT_THAT(said(*ada, "0/custom,"), ElementsAre("0/custom,")) << "it may join again";
}

TEST_F(SocketioLinkTest, a_client_that_came_back_by_itself_is_not_put_out_for_what_was_before) {
  serve();
  const auto ada = joined("ada");
  for (const bool is_first_to_wait : {true, false}) {
    said(*ada, "0/custom,");
    ada->socket->is_stuck = true;
    if (!is_first_to_wait) session("ada").emit(field::chat("x"));
    run();
    session("ada").post([](Session& s) { s.leave_space("/custom"); });
    run();
    ada->say("1/custom,");
    ada->say("0/custom,");
    run();
    ada->socket->drain();
    run();
    EXPECT_THAT(ada->heard(), ::testing::AllOf(Contains("0/custom,"), ::testing::Not(Contains("1/custom,"))));
    EXPECT_TRUE(core("ada").is_in("/custom"));
    said(*ada, "1/custom,");
  }
}

// Whatever turns of the loops its session is away for between two shards.
TEST_F(ShardedSocketioLinkTest, what_a_client_says_keeps_its_order_while_its_session_moves) {
  serve();
  const auto ada = joined("ada");
  int said = 0;
  std::vector<std::string> all;
  std::function<void(int)> speak = [&](int turns) {
    all.push_back(fmt::format("ada chat {}", said));
    ada->say(fmt::format(R"(2["chat",{{"text":"{}"}}])", said++));
    if (turns > 0) loop_.post([&speak, turns] { speak(turns - 1); });
  };
  for (const char* match : {"a", "b", "c", "d", "e", "f", "g", "h"}) {
    ada->say(fmt::format(R"(21["join",{{"match":"{}"}}])", match));
    speak(8);
    run();
    all.push_back(fmt::format("ada chat {}", said));
    ada->say(fmt::format(R"(2["chat",{{"text":"{}"}}])", said++));
    run();
    EXPECT_THAT(ada->heard(), Contains(HasSubstr(fmt::format(R"("match":"{}")", match))));
  }
  EXPECT_EQ(seen(), all);
}

}  // namespace netcode
