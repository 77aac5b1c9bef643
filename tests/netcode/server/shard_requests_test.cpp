// What clients ask of netcode itself, and answers in general: their size is nobody else's to decide.
#include "server/server_core.hpp"
#include "server_fixture.hpp"

using namespace field;

class RequestsTest : public ServerTest {
 protected:
  void publish(int matches, std::size_t metadata_bytes) {
    for (int i = 0; i < matches; ++i) {
      netcode::MatchInfo info{.id = "m" + std::to_string(10'000 + i), .kind = i % 2 == 0 ? "field" : "other"};
      for (int field = 0; metadata_bytes > 0 && field < 16; ++field)
        info.metadata["key" + std::to_string(100 + field)] = std::string(metadata_bytes / 16 - 6, 'x');
      server().core().directory().publish({.info = std::move(info)});
    }
  }
};
INSTANTIATE_ON_SHARDS(RequestsTest);

TEST_P(RequestsTest, a_list_of_a_thousand_matches_comes_whole_and_closes_nobody) {
  start();
  auto ada = joined("ada");
  publish(1000, netcode::limits::kMatchMetadataBytesMax);
  std::vector<netcode::MatchInfo> all, some;
  ada->list("", [&](const auto& list) {
    ASSERT_TRUE(list) << list.error().reason;
    all = *list;
  });
  ASSERT_TRUE(until([&] { return !all.empty(); })) << ada->reason();
  EXPECT_EQ(all.size(), 1001U);
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.id < b.id; }));
  ada->list("other", [&](const auto& list) { some = list ? *list : some; });
  ASSERT_TRUE(until([&] { return !some.empty(); })) << ada->reason();
  EXPECT_EQ(some.size(), 500U);
  EXPECT_EQ(ada->state(), netcode::ClientState::kInMatch);
}

TEST_P(RequestsTest, metadata_are_what_a_list_shows_and_no_longer) {
  start();
  auto ada = joined("ada");
  std::string why;
  ada->create({.kind = "field", .metadata = {{"note", std::string(600, 'x')}}},
              [&](const auto& made) { why = made ? "made" : made.error().reason; });
  ASSERT_TRUE(until([&] { return !why.empty(); }));
  EXPECT_EQ(why, "metadata are longer than 512 bytes");
  server().match("m").set_metadata("map", "foundry");
  server().match("m").set_metadata("note", std::string(600, 'x'));
  server().match("m").set_metadata("word", "\xff");
  bench_->run_for(100ms);
  EXPECT_EQ(server().list()[0].metadata, (netcode::Fields{{"map", "foundry"}}));
}

TEST_P(RequestsTest, an_answer_that_is_too_large_fails_its_ask_alone) {
  make();
  server().on<Ask>([](netcode::Session&, const Ask& ask, netcode::Ack ack) {
    AnswerT answer;
    answer.text = std::string(ask.question()->string_view() == "long" ? 100'000 : 3, 'x');
    ack(answer);
  });
  start();
  auto ada = joined("ada");
  std::string why;
  AskT ask;
  ask.question = "long";
  ada->emit(ask, [&](const auto& reply) { why = reply ? "answered" : reply.error().reason; });
  ASSERT_TRUE(until([&] { return !why.empty(); }));
  EXPECT_TRUE(why.starts_with("the answer of 100")) << why;
  ask.question = "short";
  ada->emit(ask, [&](const auto& reply) { why = reply ? "answered" : reply.error().reason; });
  ASSERT_TRUE(until([&] { return why == "answered"; })) << why;
  EXPECT_EQ(ada->state(), netcode::ClientState::kInMatch);
}

TEST_P(RequestsTest, an_event_that_is_too_large_is_not_sent_and_closes_nobody) {
  start();
  auto ada = joined("ada");
  std::vector<std::string> heard;
  ada->on<Chat>([&](const Chat& chat) { heard.push_back(chat.text()->str()); });
  server().emit(chat(std::string(100'000, 'x')));
  server().emit(chat("next"));
  ASSERT_TRUE(until([&] { return !heard.empty(); }));
  EXPECT_EQ(heard, (std::vector<std::string>{"next"}));
  EXPECT_EQ(ada->state(), netcode::ClientState::kInMatch);
}

TEST_P(RequestsTest, who_asks_too_often_is_refused_and_at_last_closed) {
  start();
  auto ada = joined("ada");
  auto bob = joined("bob");
  int answered = 0;
  for (int i = 0; i < 200; ++i) ada->list("", [&](const auto& list) { answered += list ? 1 : 0; });
  ASSERT_TRUE(until([&] { return ada->state() == netcode::ClientState::kClosed; }));
  EXPECT_EQ(ada->reason(), "refused too often, at last: too many requests: wait a little");
  EXPECT_LE(answered, 70);
  EXPECT_EQ(bob->state(), netcode::ClientState::kInMatch);
}

/// Of a server whose namespace "/admin" is entered by the middleware's leave.
class SpaceRequestsTest : public ServerTest {
 protected:
  std::string entered(FieldClient& client) {
    return answer([&](auto done) { client.enter("/admin", std::move(done)); });
  }
  std::string left(FieldClient& client) {
    return answer([&](auto done) { client.leave("/admin", std::move(done)); });
  }

 private:
  template <class Asking>
  std::string answer(Asking asking) {
    std::string out;
    asking([&](const engine::Result<void>& ok) { out = ok ? "yes" : ok.error().reason; });
    EXPECT_TRUE(until([&] { return !out.empty(); }));
    return out;
  }
};
INSTANTIATE_ON_SHARDS(SpaceRequestsTest);

TEST_P(SpaceRequestsTest, what_is_said_of_who_enters_is_held_against_it_though_middleware_answers_later) {
  make();
  server().of("/admin").use([](netcode::Handshake& handshake) {
    auto [verdict, later] = handshake.later();
    later.accept();
    return verdict;
  });
  server().of("/admin").on_connect([this](netcode::Session&) { server().emit(chat(std::string(20'000, 'x'))); });
  start();
  auto ada = joined("ada");
  const std::string too_fast = "this session's events go to others faster than they may: wait a little";
  std::string said = "yes";
  for (int i = 0; i < 10 && said == "yes"; ++i) {
    said = entered(*ada);
    if (said == "yes") said = left(*ada);
  }
  EXPECT_EQ(said, too_fast);
  EXPECT_EQ(left(*ada), too_fast);
  EXPECT_EQ(entered(*ada), too_fast);
  bench_->run_for(20s);
  EXPECT_EQ(left(*ada), "yes");
}

TEST_P(SpaceRequestsTest, a_namespace_is_asked_about_a_session_once_at_a_time) {
  make();
  std::vector<netcode::HandshakeAnswer> answers;
  server().of("/admin").use([&](netcode::Handshake& handshake) {
    auto [verdict, later] = handshake.later();
    answers.push_back(later);
    return verdict;
  });
  start();
  auto ada = joined("ada");
  std::vector<std::string> said;
  const auto note = [&](const auto& ok) { said.push_back(ok ? "yes" : ok.error().reason); };
  ada->enter("/admin", note);
  ada->enter("/admin", note);
  ASSERT_TRUE(until([&] { return said.size() == 1; }));
  EXPECT_EQ(said[0], "/admin is being asked about you already");
  ASSERT_EQ(answers.size(), 1U);
  answers[0].refuse("not now");
  ASSERT_TRUE(until([&] { return said.size() == 2; }));
  EXPECT_EQ(said[1], "not now");
  ada->enter("/admin", note);
  ASSERT_TRUE(until([&] { return answers.size() == 2; }));
  answers[1].accept();
  ASSERT_TRUE(until([&] { return said.size() == 3; }));
  EXPECT_EQ(said[2], "yes");
}

TEST_P(SpaceRequestsTest, who_is_refused_by_middleware_too_often_is_closed) {
  make();
  server().of("/admin").use([](netcode::Handshake& handshake) { return handshake.refuse("admins only"); });
  start();
  auto ada = joined("ada");
  for (int i = 0; i < 40; ++i) ada->enter("/admin");
  ASSERT_TRUE(until([&] { return ada->state() == netcode::ClientState::kClosed; }));
  EXPECT_EQ(ada->reason(), "refused too often, at last: admins only");
}
