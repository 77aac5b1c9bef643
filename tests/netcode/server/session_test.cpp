// Tests also: session_core.cpp, session_incoming.cpp.
#include "server_fixture.hpp"

using namespace field;

class SessionTest : public ServerTest {
 protected:
  /// A match that emits a number at every tick, and a client that writes them down.
  std::unique_ptr<FieldClient> numbered(const std::string& name, std::vector<std::uint32_t>& numbers) {
    auto out = client(name);
    out->on<Numbered>([&numbers](const Numbered& event) { numbers.push_back(event.number()); });
    out->join("m");
    EXPECT_TRUE(until([&] { return !numbers.empty(); }));
    return out;
  }
};
INSTANTIATE_ON_SHARDS(SessionTest);

TEST_P(SessionTest, sixteen_clients_cut_once_a_second_miss_no_event_and_see_none_twice) {
  make(config(), {.options = {{"numbered", "1"}}});
  start();
  std::vector<std::vector<std::uint32_t>> numbers(16);
  std::vector<std::unique_ptr<FieldClient>> clients;
  for (int i = 0; i < 16; ++i)
    clients.push_back(numbered("c" + std::to_string(i), numbers[static_cast<std::size_t>(i)]));
  for (int second = 0; second < 20; ++second) {
    bench_->run_for(1s);
    bench_->cut_all();
  }
  bench_->run_for(2s);
  for (std::size_t i = 0; i < clients.size(); ++i) {
    EXPECT_EQ(clients[i]->stats().resumed, 20U) << i;
    EXPECT_EQ(clients[i]->state(), netcode::ClientState::kInMatch);
    ASSERT_GT(numbers[i].size(), 1200U) << i;
    for (std::size_t n = 1; n < numbers[i].size(); ++n)
      ASSERT_EQ(numbers[i][n], numbers[i][n - 1] + 1) << "client " << i;
  }
}

TEST_P(SessionTest, what_a_client_emits_arrives_once_and_in_order_over_cuts) {
  make();
  std::vector<std::string> heard;
  server().on<Chat>([&](netcode::Session&, const Chat& chat) { heard.push_back(chat.text()->str()); });
  start();
  auto ada = joined("ada");
  for (int i = 0; i < 200; ++i) {
    ada->emit(chat(std::to_string(i)));
    bench_->run_for(10ms);
    if (i % 37 == 0) bench_->cut_all();
  }
  ASSERT_TRUE(until([&] { return heard.size() >= 200; }));
  bench_->run_for(1s);
  ASSERT_EQ(heard.size(), 200U);
  for (int i = 0; i < 200; ++i) EXPECT_EQ(heard[static_cast<std::size_t>(i)], std::to_string(i));
}

TEST_P(SessionTest, keeps_its_seat_for_the_resume_window_and_then_gives_it_up) {
  make();
  std::string why;
  server().of("/").on_disconnect([&](netcode::Session&, std::string_view reason) { why = reason; });
  start();
  auto ada = joined("ada");
  const auto seat = ada->player();
  bench_->refuse_connections(true);
  bench_->cut_all();
  bench_->run_for(20s);
  EXPECT_EQ(server().list()[0].players, 1U);
  bench_->refuse_connections(false);
  ASSERT_TRUE(until([&] { return ada->state() == netcode::ClientState::kInMatch; }, 8s)) << ada->reason();
  EXPECT_EQ(ada->player(), seat);
  EXPECT_EQ(why, "");

  bench_->refuse_connections(true);
  bench_->cut_all();
  bench_->run_for(31s);
  EXPECT_EQ(why, "the connection was lost and did not come back");
  bench_->stop();  // while what the handlers refer to is there
}

TEST_P(SessionTest, a_stale_token_is_refused_in_words) {
  netcode::ServerConfig short_window = config();
  short_window.resume_window = 1s;
  make(short_window);
  start();
  auto ada = joined("ada");
  bench_->refuse_connections(true);
  bench_->cut_all();
  bench_->run_for(2s);
  bench_->refuse_connections(false);
  ASSERT_TRUE(until([&] { return ada->state() == netcode::ClientState::kClosed; }, 8s));
  EXPECT_EQ(ada->reason(), "this session is over: join again without its token");
}

TEST_P(SessionTest, acks_come_back_with_an_answer_a_refusal_or_a_timeout) {
  make();
  std::optional<netcode::Ack> kept;
  server().on<Ask>([&](netcode::Session& session, const Ask& ask, netcode::Ack ack) {
    const auto question = ask.question()->string_view();
    if (question == "name") {
      AnswerT answer;
      answer.text = session.name();
      return ack(answer);
    }
    if (question == "bad") return ack.fail("not that");
    kept = ack;
  });
  start();
  auto ada = joined("ada");
  std::vector<std::string> replies;
  const auto ask = [&](std::string question) {
    AskT out;
    out.question = std::move(question);
    ada->emit(
        out,
        [&](const engine::Result<netcode::Reply>& reply) {
          if (!reply) return replies.push_back("error: " + reply.error().reason);
          const Answer* answer = reply->as<Answer>();
          replies.push_back(answer ? answer->text()->str() : "nothing");
        },
        500ms);
  };
  ask("name");
  ask("bad");
  ask("never");
  ASSERT_TRUE(until([&] { return replies.size() == 3; }));
  EXPECT_EQ(replies[0], "ada");
  EXPECT_EQ(replies[1], "error: not that");
  EXPECT_EQ(replies[2], "error: timed out after 500 ms");
}

TEST_P(SessionTest, the_server_asks_too_and_its_question_times_out) {
  make();
  std::vector<std::string> replies;
  server().on<Chat>([&](netcode::Session& session, const Chat& chat) {
    AskT ask;
    ask.question = chat.text()->str();
    session.emit(
        ask,
        [&](const engine::Result<netcode::Reply>& reply) {
          const Answer* answer = reply ? reply->as<Answer>() : nullptr;
          replies.push_back(answer ? answer->text()->str() : reply ? "nothing" : reply.error().reason);
        },
        300ms);
  });
  start();
  auto ada = joined("ada");
  std::optional<netcode::Ack> kept;
  ada->on<Ask>([&](const Ask& ask, netcode::Ack ack) {
    if (ask.question()->string_view() == "silence") {
      kept = ack;
      return;
    }
    AnswerT answer;
    answer.text = "yes to " + ask.question()->str();
    ack(answer);
  });
  ada->emit(chat("tea?"));
  ada->emit(chat("silence"));
  ASSERT_TRUE(until([&] { return replies.size() == 2; }));
  EXPECT_EQ(replies[0], "yes to tea?");
  EXPECT_EQ(replies[1], "timed out after 300 ms");
}

TEST_P(SessionTest, a_session_that_ends_answers_what_it_was_asked_with_an_error) {
  make();
  std::string reply_error;
  server().of("/").on_connect([&](netcode::Session& session) {
    session.emit(
        AskT(), [&](const engine::Result<netcode::Reply>& reply) { reply_error = reply.error().reason; }, 60s);
  });
  start();
  auto ada = client("ada");
  bool asked = false;
  ada->on<Ask>([&](const Ask&, netcode::Ack) { asked = true; });
  ada->join("m");
  ASSERT_TRUE(until([&] { return asked; }));
  ada->close("bye");
  ASSERT_TRUE(until([&] { return !reply_error.empty(); }));
  EXPECT_EQ(reply_error.substr(0, 17), "the session ended");
}

TEST_P(SessionTest, middleware_refuses_with_a_reason_that_the_client_reads) {
  make();
  server().use([](netcode::Handshake& handshake) {
    return handshake.name() == "root" ? handshake.refuse("another name, please") : handshake.accept();
  });
  start();
  EXPECT_EQ(refusal("root", "m"), "another name, please");
  auto ada = joined("ada");
}

TEST_P(SessionTest, a_name_that_is_too_long_is_refused_with_the_limit) {
  start();
  EXPECT_EQ(refusal(std::string(3000, 'x'), "m"), "a name of 3000 bytes, 32 is the limit");
}

TEST_P(SessionTest, a_full_server_says_so) {
  netcode::ServerConfig small = config();
  small.sessions_max = 1;
  make(small);
  start();
  auto ada = joined("ada");
  EXPECT_EQ(refusal("bob", "m"), "the server is full: 1 sessions");
}

TEST_P(SessionTest, is_told_why_when_the_server_closes_it) {
  make();
  server().on<Chat>([](netcode::Session& session, const Chat& chat) { session.close(chat.text()->str()); });
  start();
  auto ada = joined("ada");
  ada->emit(chat("kicked for swearing"));
  ASSERT_TRUE(until([&] { return ada->state() == netcode::ClientState::kClosed; }));
  EXPECT_EQ(ada->reason(), "kicked for swearing");
}

TEST_P(SessionTest, a_shutdown_tells_every_client) {
  start();
  auto ada = joined("ada");
  bench_->stop();
  EXPECT_EQ(ada->state(), netcode::ClientState::kClosed);
  EXPECT_EQ(ada->reason(), "the server is shutting down");
}

TEST_P(SessionTest, keeps_the_games_own_data) {
  make();
  std::vector<int> counts;
  server().on<Chat>([&](netcode::Session& session, const Chat&) { counts.push_back(++session.data<int>()); });
  start();
  auto ada = joined("ada", "m0");
  ada->emit(chat("x"));
  ASSERT_TRUE(until([&] { return counts.size() == 1; }));
  ada->join("m1");
  ASSERT_TRUE(until([&] { return ada->match() && ada->match()->id == "m1"; }));
  ada->emit(chat("x"));
  ASSERT_TRUE(until([&] { return counts.size() == 2; }));
  EXPECT_EQ(counts, (std::vector<int>{1, 2}));
}

TEST_P(SessionTest, that_is_refused_by_another_match_keeps_the_one_it_has) {
  make(config(), {.players_max = 1});
  start();
  std::vector<std::unique_ptr<FieldClient>> owners;
  for (int i = 0; i < 4; ++i) owners.push_back(joined("owner", "full" + std::to_string(i)));  // on every shard
  auto ada = joined("ada", "mine");
  const auto seat = ada->player();
  for (int i = 0; i < 4; ++i) {
    ada->join("full" + std::to_string(i));
    ASSERT_TRUE(until([&] { return ada->reason() == "match full" + std::to_string(i) + " is full: 1 players"; }))
        << ada->reason();
    EXPECT_EQ(ada->state(), netcode::ClientState::kInMatch);
    const auto snapshots = ada->stats().snapshots;
    bench_->run_for(500ms);
    EXPECT_GE(ada->stats().snapshots, snapshots + 14) << "its old connection goes on";
  }
  EXPECT_EQ(ada->match()->id, "mine");
  EXPECT_EQ(ada->player(), seat);
}

TEST_P(SessionTest, whose_match_ended_while_it_was_away_comes_back_to_the_lobby) {
  make(config(), {.options = {{"end_at", "120"}}});
  start();
  auto ada = joined("ada");
  std::string result;
  ada->on_ended([&](std::string_view text) { result = text; });
  bench_->refuse_connections(true);
  bench_->cut_all();
  bench_->run_for(3s);
  bench_->refuse_connections(false);
  ASSERT_TRUE(until([&] { return ada->state() == netcode::ClientState::kConnected; }, 8s)) << ada->reason();
  ASSERT_TRUE(until([&] { return !result.empty(); })) << "an event it missed";
  EXPECT_EQ(result, "the end was reached");
  EXPECT_TRUE(server().list().empty()) << "no match was made anew for it";
}

TEST_P(SessionTest, is_closed_for_twenty_refusals_at_once_and_not_for_one_a_second) {
  start();
  auto ada = joined("ada");
  int refused = 0;
  const auto emit = [&] { ada->emit(AskT(), [&](const auto& reply) { refused += reply ? 0 : 1; }); };
  for (int i = 0; i < 60; ++i) {
    emit();
    bench_->run_for(1s);
  }
  EXPECT_EQ(refused, 60);
  EXPECT_EQ(ada->state(), netcode::ClientState::kInMatch);
  for (int i = 0; i < 30; ++i) emit();
  ASSERT_TRUE(until([&] { return ada->state() == netcode::ClientState::kClosed; }));
  EXPECT_EQ(ada->reason(), "refused too often, at last: nobody here handles ask");
}

TEST_P(SessionTest, ten_chat_lines_a_second_do_not_end_one_that_is_cut_for_25_s) {
  start();
  auto ada = joined("ada");
  std::size_t heard = 0;
  ada->on<Chat>([&](const Chat& chat) { heard += chat.text()->size() == 200 ? 1 : 0; });
  bench_->refuse_connections(true);
  bench_->cut_all();
  for (int i = 0; i < 250; ++i) {
    server().match("m").emit(chat(std::string(200, 'x')));
    bench_->run_for(100ms);
  }
  bench_->refuse_connections(false);
  ASSERT_TRUE(until([&] { return ada->state() == netcode::ClientState::kInMatch; }, 8s)) << ada->reason();
  bench_->run_for(100ms);
  EXPECT_EQ(heard, 250U);
  EXPECT_EQ(ada->stats().events_missed, 0U);
}

TEST_P(SessionTest, that_missed_more_than_is_kept_goes_on_and_says_so) {
  start();
  auto ada = joined("ada");
  std::string last;
  ada->on<Chat>([&](const Chat& chat) { last = chat.text()->str(); });
  const auto seat = ada->player();
  bench_->refuse_connections(true);
  bench_->cut_all();
  bench_->run_for(1s);
  for (int i = 0; i < 5000; ++i) server().match("m").emit(chat(std::string(1000, 'x')));
  bench_->refuse_connections(false);
  ASSERT_TRUE(until([&] { return ada->state() == netcode::ClientState::kInMatch; }, 8s)) << ada->reason();
  EXPECT_EQ(ada->player(), seat);
  EXPECT_GT(ada->stats().events_missed, 0U);
  server().match("m").emit(chat("news"));
  ASSERT_TRUE(until([&] { return last == "news"; }));
}
