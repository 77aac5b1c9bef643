// Middleware that answers at once, later, from another thread, too late, or never.
#include "netcode/handshake.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>
#include <thread>

#include "netcode/limits.hpp"
#include "protocol/auth_offer.hpp"
#include "recorded_bench.hpp"
#include "transport/websocket/connector.hpp"
#include "visitor.hpp"

using namespace field;
using ::testing::HasSubstr;

namespace {

class HandshakeTest : public ServerTest {
 protected:
  /// Every client waits for an answer of the test's.
  void answer_later() {
    make();
    server().use([this](netcode::Handshake& h) {
      auto [verdict, answer] = h.later();
      const std::lock_guard lock(mutex_);
      answers_.push_back(answer);
      return verdict;
    });
    start();
  }
  /// The oldest that was not taken yet.
  netcode::HandshakeAnswer answer() {
    EXPECT_TRUE(until([&] {
      const std::lock_guard lock(mutex_);
      return !answers_.empty();
    }));
    const std::lock_guard lock(mutex_);
    const auto out = answers_.front();
    answers_.erase(answers_.begin());
    return out;
  }
  std::unique_ptr<FieldClient> joining(const std::string& name) {
    auto out = client(name);
    out->join("m");
    return out;
  }

  std::mutex mutex_;
  std::vector<netcode::HandshakeAnswer> answers_;
};
INSTANTIATE_ON_SHARDS(HandshakeTest);

TEST_P(HandshakeTest, a_client_waits_at_the_door_until_it_is_let_in) {
  answer_later();
  auto ada = joining("ada");
  const auto later = answer();
  bench_->run_for(1s);
  EXPECT_NE(ada->state(), netcode::ClientState::kInMatch);
  std::thread([later] { later.accept(); }).join();
  EXPECT_TRUE(until([&] { return ada->state() == netcode::ClientState::kInMatch; }));
  later.refuse("too late: the first answer counts");
  bench_->run_for(100ms);
  EXPECT_EQ(ada->state(), netcode::ClientState::kInMatch);
}

TEST_P(HandshakeTest, a_client_is_refused_later_in_the_words_of_the_answer) {
  answer_later();
  auto ada = joining("ada");
  answer().refuse("banned until Monday");
  ASSERT_TRUE(until([&] { return ada->state() == netcode::ClientState::kClosed; }));
  EXPECT_EQ(ada->reason(), "banned until Monday");
}

TEST_P(HandshakeTest, that_nobody_answers_refuses) {
  answer_later();
  auto ada = joining("ada");
  { const auto dropped = answer(); }
  ASSERT_TRUE(until([&] { return ada->state() == netcode::ClientState::kClosed; }));
  EXPECT_EQ(ada->reason(), "nobody answered for this client");

  auto bob = joining("bob");
  const auto kept = answer();
  ASSERT_TRUE(
      until([&] { return bob->state() == netcode::ClientState::kClosed; }, netcode::limits::kHandshakeAnswerMax * 2));
  EXPECT_EQ(bob->reason(), "nobody answered for this client in time");
  kept.accept();
  bench_->run_for(100ms);
  EXPECT_EQ(bob->state(), netcode::ClientState::kClosed);
}

TEST_P(HandshakeTest, each_middleware_is_asked_in_its_turn) {
  make();
  std::atomic<int> asked = 0;
  server().use([&](netcode::Handshake& h) {
    auto [verdict, answer] = h.later();
    answer.accept();  // before it was waited for
    EXPECT_EQ(asked++ % 2, 0);
    return verdict;
  });
  server().use([&](netcode::Handshake& h) {
    EXPECT_EQ(asked++ % 2, 1);
    return h.name() == "eve" ? h.refuse("not eve") : h.accept();
  });
  start();
  auto ada = joined("ada");
  EXPECT_EQ(refusal("eve", "m"), "not eve");
  EXPECT_EQ(asked, 4);
}

TEST_P(HandshakeTest, what_a_client_was_accepted_with_arrives_in_the_rules) {
  make();
  server().use([](netcode::Handshake& h) {
    VoteT ticket;
    ticket.weight = 7;
    return h.name() == "ada" ? h.accept(ticket) : h.accept();
  });
  start();
  auto bob = joined("bob");
  auto ada = joined("ada");
  ASSERT_TRUE(until([&] { return ada->world() && ada->world()->votes() == 7; }));
  ada->join("another");
  ASSERT_TRUE(until([&] {
    return ada->world() && ada->match() && ada->match()->id == "another" && ada->world()->votes() == 7;
  })) << "it is the session's, in every match that it joins";
}

TEST_P(HandshakeTest, a_client_that_leaves_meanwhile_takes_no_seat) {
  answer_later();
  auto ada = joining("ada");
  const auto later = answer();
  ada.reset();
  bench_->run_for(200ms);
  later.accept();
  bench_->run_for(netcode::limits::kMatchEmptyTimeout + 2s);
  auto bob = joining("bob");
  answer().accept();
  ASSERT_TRUE(until([&] { return bob->state() == netcode::ClientState::kInMatch; }));
  ASSERT_TRUE(until([&] { return bob->world() != nullptr; }));
}

TEST_P(HandshakeTest, of_a_further_namespace_may_come_later_too) {
  make();
  server().of("/admin").use([this](netcode::Handshake& h) {
    auto [verdict, answer] = h.later();
    const std::lock_guard lock(mutex_);
    answers_.push_back(answer);
    return verdict;
  });
  start();
  auto ada = joined("ada");
  std::optional<std::string> entered;
  ada->enter("/admin", [&](const auto& reply) { entered = reply ? "in" : reply.error().reason; });
  const auto later = answer();
  bench_->run_for(300ms);
  EXPECT_FALSE(entered);
  later.refuse("no admin");
  ASSERT_TRUE(until([&] { return entered.has_value(); }));
  EXPECT_THAT(*entered, HasSubstr("no admin"));
}

/// To whom tickets are nothing.
class Deaf : public Rules {
 public:
  void join(netcode::Context& ctx, const netcode::Player& player) override {
    netcode::Player without = player;
    without.ticket_table.clear();
    Rules::join(ctx, without);
  }
};

class TicketTest : public RecordedTest {};
INSTANTIATE_ON_SHARDS(TicketTest);

TEST_P(TicketTest, is_recorded_and_arrives_in_the_rules_when_the_match_is_played_again) {
  bench_ = std::make_unique<netcode::testing::TestBench>(recorded(), bench_options());
  server().define<Rules>("field");
  server().use([](netcode::Handshake& h) {
    VoteT ticket;
    ticket.weight = 7;
    return h.name() == "ada" ? h.accept(ticket) : h.accept();
  });
  start();
  auto bob = joined("bob");
  auto ada = joined("ada");
  ASSERT_TRUE(until([&] { return ada->world() && ada->world()->votes() == 7; }));
  bench_->run_for(2s);  // past a state that is compared
  const std::string path = stopped();

  const auto report = verify<Rules>(path);
  EXPECT_TRUE(report.ok) << report.reason << report.difference;
  EXPECT_GT(report.hashes_checked, 0U);
  EXPECT_FALSE(verify<Deaf>(path).ok) << "it is the ticket that has made this state";

  const auto replay = netcode::Replay::open(path, {{"field", netcode::rules_type<Rules>()}});
  ASSERT_TRUE(replay) << replay.error().reason;
  const auto at_the_end = (*replay)->seek(report.ticks);
  ASSERT_TRUE(at_the_end) << at_the_end.error().reason;
  const netcode::Bytes world = (*replay)->world();
  EXPECT_EQ(flatbuffers::GetRoot<World>(world.data())->votes(), 7U);
}

class AuthTest : public ServerTest {
 protected:
  static AskT shown(std::string what) {
    AskT out;
    out.question = std::move(what);
    return out;
  }
  std::unique_ptr<FieldClient> client_with(const std::string& name, std::optional<netcode::Auth> auth) {
    netcode::ClientConfig config;
    config.name = name;
    config.auth = std::move(auth);
    return bench_->client<Rules>(std::move(config));
  }
  /// Where it got, or why it got nowhere.
  std::string outcome(FieldClient& client) {
    EXPECT_TRUE(until([&] {
      return client.state() == netcode::ClientState::kInMatch || client.state() == netcode::ClientState::kClosed;
    }));
    return client.state() == netcode::ClientState::kInMatch ? "in" : client.reason();
  }
  std::string join_showing(const std::string& name, std::optional<netcode::Auth> auth) {
    auto one = client_with(name, std::move(auth));
    one->join("m");
    return outcome(*one);
  }
  /// As a program of somebody else's would: whatever it offers.
  std::string answer_to(const std::string& offered) {
    netcode::ConnectorPtr connector = bench_->connector();
    netcode::Visitor visitor;
    connector->connect("ws://bench:1/match/m?name=eve", offered, [&](auto connection) {
      visitor.connection = *connection;
      visitor.connection->start(visitor);
    });
    EXPECT_TRUE(until([&] { return visitor.closed || visitor.welcome; }));
    return visitor.closed ? visitor.closed->reason : "in";
  }
};
INSTANTIATE_ON_SHARDS(AuthTest);

TEST_P(AuthTest, what_a_client_shows_is_seen_by_the_middleware_before_there_is_a_session) {
  make();
  std::atomic<int> others = 0;
  server().use([&](netcode::Handshake& h) {
    if (h.auth<Answer>()) ++others;
    const Ask* ask = h.auth<Ask>();
    if (!ask) return h.refuse("nothing is shown");
    return ask->question()->str() == "sesame" ? h.accept() : h.refuse("not the word");
  });
  start();
  EXPECT_EQ(join_showing("ada", shown("sesame")), "in");
  EXPECT_EQ(join_showing("bob", shown("barley")), "not the word");
  EXPECT_EQ(join_showing("cyd", std::nullopt), "nothing is shown");
  EXPECT_EQ(join_showing("dan", chat("another table")), "nothing is shown");
  EXPECT_EQ(others, 0);
}

TEST_P(AuthTest, the_largest_one_is_taken) {
  make();
  std::atomic<std::size_t> bytes = 0;
  server().use([&](netcode::Handshake& h) {
    if (const Ask* ask = h.auth<Ask>()) bytes = ask->question()->size();
    return h.accept();
  });
  start();
  EXPECT_EQ(join_showing("ada", shown(std::string(netcode::limits::kAuthBytesMax - 64, 'x'))), "in");
  EXPECT_EQ(bytes, netcode::limits::kAuthBytesMax - 64);
}

TEST_P(AuthTest, a_session_that_comes_back_or_moves_is_not_asked_again) {
  make();
  std::atomic<int> asked = 0;
  server().use([&](netcode::Handshake& h) {
    ++asked;
    return h.auth<Ask>() ? h.accept() : h.refuse("nothing is shown");
  });
  start();
  auto ada = client_with("ada", shown("sesame"));
  ada->join("m");
  ASSERT_EQ(outcome(*ada), "in");
  bench_->cut_all();
  ASSERT_TRUE(until([&] { return ada->stats().resumed == 1; }));
  ada->join("another");
  ASSERT_TRUE(until([&] { return ada->match() && ada->match()->id == "another"; }));
  EXPECT_EQ(asked, 1);
  ada->close();
  ada->join("m");
  ASSERT_EQ(outcome(*ada), "in");
  EXPECT_EQ(asked, 2) << "a new session shows it again";
}

TEST_P(AuthTest, that_is_no_table_is_refused_without_a_word_of_what_is_in_it) {
  make();
  std::atomic<int> asked = 0;
  server().use([&](netcode::Handshake& h) {
    ++asked;
    return h.accept();
  });
  start();
  const auto offer = [](std::string_view table, const netcode::Bytes& body) {
    return "scrim.v1, " + netcode::protocol::auth_offer(netcode::Auth(std::string(table), body));
  };
  EXPECT_EQ(answer_to("scrim.v1, scrim.auth.field.Ask.!!!!"), "auth: no base64url: a digit is none of A-Z a-z 0-9 - _");
  EXPECT_EQ(answer_to("scrim.v1, scrim.auth.Ask"), "auth: scrim.auth.<table>.<base64url> is expected");
  EXPECT_EQ(answer_to(offer("field.Nobody", netcode::encode(shown("secret")))),
            "auth: no table here is called field.Nobody");
  const std::string broken = answer_to(offer("field.Ask", netcode::Bytes{'s', 'e', 'c', 'r', 'e', 't'}));
  EXPECT_THAT(broken, ::testing::StartsWith("auth: "));
  EXPECT_THAT(broken, ::testing::Not(HasSubstr("secret")));
  EXPECT_THAT(answer_to(offer("field.Ask", netcode::Bytes(netcode::limits::kAuthBytesMax + 1, 0))), HasSubstr("2048"));
  EXPECT_EQ(asked, 0);
  EXPECT_EQ(answer_to(offer("field.Ask", netcode::encode(shown("secret")))), "in");
}

TEST_P(AuthTest, of_a_further_namespace_is_seen_by_the_middleware_there) {
  make();
  server().of("/admin").use([](netcode::Handshake& h) {
    EXPECT_TRUE(h.query().empty());
    const Ask* ask = h.auth<Ask>();
    return ask && ask->question()->str() == "sesame" ? h.accept() : h.refuse("admins only");
  });
  start();
  auto ada = joined("ada");
  std::vector<std::string> answers;
  const auto note = [&](const auto& ok) { answers.push_back(ok ? "in" : ok.error().reason); };
  ada->enter("/admin", note);
  ada->enter("/admin", chat("another table"), note);
  ada->enter("/admin", shown("barley"), note);
  ada->enter("/admin", shown("sesame"), note);
  ASSERT_TRUE(until([&] { return answers.size() == 4; }));
  EXPECT_THAT(answers, ::testing::ElementsAre("admins only", "admins only", "admins only", "in"));
  ada->enter("/admin", shown(std::string(netcode::limits::kAuthBytesMax, 'x')), note);
  EXPECT_EQ(answers.size(), 4U) << "never from inside the call";
  ASSERT_TRUE(until([&] { return answers.size() == 5; }));
  EXPECT_THAT(answers[4], HasSubstr("2048 is the limit"));
  ada->enter("/admin", shown("sesame"));  // and nobody wants to know
  bench_->run_for(100ms);
  EXPECT_EQ(ada->state(), netcode::ClientState::kInMatch);
}

}  // namespace
