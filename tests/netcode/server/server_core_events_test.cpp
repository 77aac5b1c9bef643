// What the program emits and answers is checked before it leaves, once for all receivers: what no client would take is
// kept back and named in the log, and whoever asked hears why.
#include <limits>

#include "log_capture.hpp"
#include "netcode/limits.hpp"
#include "server_fixture.hpp"

using namespace field;

namespace {

GustT gust(float strength) {
  GustT out;
  out.strength = strength;
  return out;
}

AnswerT answer(std::string text) {
  AnswerT out;
  out.text = std::move(text);
  return out;
}

class EmittedTest : public NotingTest {
 protected:
  /// A client that writes down what it is told.
  void join() {
    ada_ = joined("ada");
    ada_->on<Chat>([this](const Chat& chat) { heard_.push_back(chat.text()->str()); });
    ada_->on<Gust>([this](const Gust& gust) { heard_.push_back(std::to_string(gust.strength())); });
  }
  void expect_heard_only(const std::vector<std::string>& what) {
    EXPECT_TRUE(until([&] { return heard_.size() >= what.size(); })) << ada_->reason();
    bench_->run_for(100ms);
    EXPECT_EQ(heard_, what);
    EXPECT_EQ(ada_->stats().disconnects, 0U);
    EXPECT_FALSE(log_.has("ignoring")) << "the client was sent one: " << log_.text();
  }
  /// What an ask comes to at the client.
  std::string asked(const std::string& question) {
    std::optional<std::string> came;
    AskT ask;
    ask.question = question;
    ada_->emit(ask, [&](const engine::Result<netcode::Reply>& reply) {
      const Answer* given = reply ? reply->as<Answer>() : nullptr;
      came = given ? given->text()->str() : reply ? "nothing" : reply.error().reason;
    });
    EXPECT_TRUE(until([&] { return came.has_value(); })) << ada_->reason();
    return came.value_or("");
  }

  std::unique_ptr<FieldClient> ada_;
  std::vector<std::string> heard_;
  LogCapture log_;
};
INSTANTIATE_ON_SHARDS(EmittedTest);

}  // namespace

TEST_P(EmittedTest, text_that_is_not_utf8_is_kept_back_and_named) {
  start();
  join();
  server().emit(chat("\xFF"));
  server().to(ada_->session()).emit(chat("cut in a l\xC3"));
  server().match("m").emit(chat("\xED\xA0\x80"));
  server().emit(chat("next"));
  expect_heard_only({"next"});
  EXPECT_TRUE(
      log_.has("kept back, since no client would take it: chat: text is not UTF-8 (1 since the last line of chat)"))
      << log_.text();
}

TEST_P(EmittedTest, a_number_that_is_none_is_kept_back_and_named) {
  start();
  join();
  server().emit(gust(kNotFinite));
  server().of("/").everyone().as_volatile().emit(gust(std::numeric_limits<float>::infinity()));
  server().emit(gust(0.5F));
  expect_heard_only({std::to_string(0.5F)});
  EXPECT_TRUE(log_.has("gust: strength is not finite")) << log_.text();
}

TEST_P(EmittedTest, many_of_one_fault_are_a_line_and_do_not_hide_another) {
  start();
  join();
  for (int i = 0; i < 100; ++i) server().emit(chat("\xFF"));
  server().emit(gust(kNotFinite));
  server().emit(chat("next"));
  expect_heard_only({"next"});
  EXPECT_EQ(log_.count("chat: text is not UTF-8"), 1U) << log_.text();
  EXPECT_EQ(log_.count("gust: strength is not finite"), 1U) << log_.text();
}

TEST_P(EmittedTest, one_that_is_too_large_is_named_once) {
  start();
  join();
  for (int i = 0; i < 3; ++i) server().emit(chat(std::string(netcode::limits::kEventBytesMax, 'x')));
  server().emit(chat("next"));
  expect_heard_only({"next"});
  EXPECT_EQ(log_.count("kept back, since no client would take it: an event of "), 1U) << log_.text();
}

TEST_P(EmittedTest, one_for_a_session_is_checked_and_its_reply_is_told_why_at_once) {
  make();
  server().on<Chat>([&](netcode::Session& session, const Chat&) {
    session.emit(chat("\xFF"));
    session.emit_volatile(chat("\xFF"));
    const auto noted = [this](const engine::Result<netcode::Reply>& reply) {
      note(reply ? "answered" : reply.error().reason);
    };
    AskT ask;
    ask.question = "\xFF";
    session.emit(ask, noted);
    ask.question = std::string(netcode::limits::kEventBytesMax, 'x');
    session.emit(ask, noted);
    session.emit(chat("next"));
  });
  start();
  join();
  ada_->emit(chat("go"));
  expect_heard_only({"next"});
  const std::vector<std::string> replies = lines();
  ASSERT_EQ(replies.size(), 2U);
  EXPECT_EQ(replies[0], "ask: question is not UTF-8");
  EXPECT_TRUE(replies[1].starts_with("ask: 655") && replies[1].ends_with("more than an event may take")) << replies[1];
}

TEST_P(EmittedTest, an_answer_that_no_client_would_take_fails_its_ask_alone) {
  make();
  server().on<Ask>([](netcode::Session&, const Ask& ask, netcode::Ack ack) {
    if (ask.question()->string_view() == "answer") return ack(answer("\xFF"));
    if (ask.question()->string_view() == "refuse") return ack.fail("not \xFF today");
    ack(answer("fine"));
  });
  start();
  join();
  EXPECT_EQ(asked("answer"), "the answer cannot be sent: answer: text is not UTF-8");
  EXPECT_TRUE(log_.has("answer: text is not UTF-8 (1 since the last line of field.Answer)")) << log_.text();
  EXPECT_EQ(asked("refuse"), "not \uFFFD today");
  EXPECT_EQ(asked("else"), "fine");
  expect_heard_only({});
}
