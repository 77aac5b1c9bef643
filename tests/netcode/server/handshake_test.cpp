// Middleware that answers at once, later, from another thread, too late, or never.
#include "netcode/handshake.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>
#include <thread>

#include "netcode/limits.hpp"
#include "server_fixture.hpp"

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

}  // namespace
