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
