// Work for a session finds it wherever it is; what is asked of a match before the start reaches it.
#include "server_fixture.hpp"

using namespace field;

namespace {

class RoutesTest : public ServerTest {
 protected:
  /// A handler that keeps the acks it is given, and a client whose question is among them.
  void keep_acks() {
    make();
    server().on<Ask>([this](netcode::Session&, const Ask&, netcode::Ack ack) { kept_.push_back(std::move(ack)); });
    start();
  }
  void ask(FieldClient& client) {
    client.emit(AskT(), [this](const engine::Result<netcode::Reply>& reply) {
      replies_.push_back(reply && reply->as<Answer>() ? reply->as<Answer>()->text()->str() : reply.error().reason);
    });
  }
  static AnswerT answer(std::string text) {
    AnswerT out;
    out.text = std::move(text);
    return out;
  }

  std::vector<netcode::Ack> kept_;
  std::vector<std::string> replies_;
};
INSTANTIATE_ON_SHARDS(RoutesTest);

}  // namespace

TEST_P(RoutesTest, a_kept_ack_answers_on_the_shard_that_its_session_has_moved_to) {
  keep_acks();
  auto ada = joined("ada", "m0");
  for (std::size_t i = 1; i <= 8; ++i) {
    ask(*ada);
    ASSERT_TRUE(until([&] { return kept_.size() == i; }));
    const std::string to = "match" + std::to_string(i * i);
    ada->join(to);
    ASSERT_TRUE(until([&] { return ada->match() && ada->match()->id == to; })) << ada->reason();
    kept_.back()(answer(to));
    ASSERT_TRUE(until([&] { return replies_.size() == i; }));
    EXPECT_EQ(replies_.back(), to);
  }
}

TEST_P(RoutesTest, an_ack_answered_while_its_session_moves_arrives) {
  keep_acks();
  auto ada = joined("ada", "m0");
  for (std::size_t i = 1; i <= 8; ++i) {
    ask(*ada);
    ASSERT_TRUE(until([&] { return kept_.size() == i; }));
    const std::string to = "match" + std::to_string(i * i);
    std::thread other;
    ada->join(to);
    if (i % 2 == 0) bench_->run_for(1ms);
    other = std::thread([&] { kept_.back()(answer(to)); });
    other.join();
    ASSERT_TRUE(until([&] { return replies_.size() == i && ada->match() && ada->match()->id == to; }));
    EXPECT_EQ(replies_.back(), to);
  }
}

TEST_P(RoutesTest, a_match_that_is_created_is_told_of_where_the_asker_is_by_then) {
  start();
  auto ada = joined("ada", "m0");
  for (int i = 1; i <= 6; ++i) {
    const std::string made = "made" + std::to_string(i), to = "to" + std::to_string(i * i);
    std::string answer;
    ada->create({.kind = "field", .id = made},
                [&](const auto& info) { answer = info ? info->id : info.error().reason; });
    ada->join(to);
    ASSERT_TRUE(until([&] { return !answer.empty() && ada->match() && ada->match()->id == to; })) << answer;
    EXPECT_EQ(answer, made);
  }
}

TEST_P(RoutesTest, an_ack_of_a_session_that_is_over_or_of_a_server_that_is_gone_goes_nowhere) {
  keep_acks();
  auto ada = joined("ada");
  ask(*ada);
  ask(*ada);
  ASSERT_TRUE(until([&] { return kept_.size() == 2; }));
  ada->close();
  bench_->run_for(100ms);
  kept_[0](answer("late"));
  bench_->run_for(100ms);
  ada.reset();
  bench_.reset();
  kept_[1](answer("later"));
}

TEST_P(RoutesTest, what_is_asked_of_a_match_before_the_start_reaches_it) {
  make();
  VoteT vote;
  vote.weight = 3;
  EXPECT_TRUE(server().open("field", "m"));
  EXPECT_TRUE(server().match("m").post(vote));
  EXPECT_TRUE(server().match("m").set_metadata("line", "long"));
  EXPECT_TRUE(server().match("m").lock());
  server().emit(chat("nobody is here yet"));
  start();
  bench_->run_for(100ms);
  EXPECT_EQ(refusal("ada", "m"), "match m is locked");
  EXPECT_EQ(server().list().at(0).metadata.at("line"), "long");
  server().match("m").lock(false);
  auto ada = joined("ada");
  ASSERT_TRUE(until([&] { return ada->world() && ada->world()->posted() == 3; }));
}

TEST_P(RoutesTest, statistics_may_be_read_from_another_thread_while_shards_count) {
  make(config(), {.options = {{"numbered", "1"}}});
  start();
  std::vector<std::unique_ptr<FieldClient>> clients;
  std::atomic<bool> over = false;
  std::uint64_t before = 0, steps_back = 0;
  std::thread reader([&] {
    while (!over) {
      const auto stats = server().stats();
      steps_back += stats.ticks < before ? 1 : 0;
      before = stats.ticks;
    }
  });
  for (int i = 0; i < 6; ++i) clients.push_back(joined("c" + std::to_string(i), "m" + std::to_string(i)));
  bench_->run_for(500ms);
  bench_->stop();
  over = true;
  reader.join();
  EXPECT_EQ(steps_back, 0U);
  EXPECT_GT(server().stats().ticks, 100U);
}
