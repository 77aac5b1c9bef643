// What a session takes from its client for the rules, whose recording keeps it, and how often it may come back.
#include "server/session_core.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "core_fixture.hpp"
#include "field.hpp"
#include "netcode/limits.hpp"
#include "visitor.hpp"

using namespace std::chrono_literals;

namespace netcode {
namespace {

class Inputs : public CoreTest {
 protected:
  Inputs() {
    core_.define("field", rules_type<field::Rules>(), {});
    start();
    connect(ada_, "/match/m?name=ada");
    EXPECT_TRUE(loop_.run_until([&] { return ada_.welcome.has_value(); }, 1s));
  }
  /// A valid vote and so many bytes behind it that say nothing.
  static Bytes vote(std::size_t bytes) {
    field::VoteT vote;
    vote.weight = 1;
    Bytes body = encode(vote);
    body.resize(std::max(body.size(), bytes));
    return protocol::encode(protocol::EventMessage{.sequence = 0, .name = "vote", .ack = 0, .body = body});
  }

  Visitor ada_;
};

/// A client whose only connection breaks and comes back, as often as a test wants.
class Resuming : public CoreTest {
 protected:
  Resuming() {
    core_.define("field", rules_type<field::Rules>(), {});
    core_.space("/").api().on_lost([this](Session&, std::string_view) { ++lost_; });
    core_.space("/").api().on_resumed([this](Session&) { ++resumed_; });
    core_.space("/").api().on_disconnect([this](Session&, std::string_view reason) { gone_ = reason; });
    start();
    connect(*visitors_.emplace_back(std::make_unique<Visitor>()), "/match/m?name=ada");
    EXPECT_TRUE(loop_.run_until([&] { return newest().welcome.has_value(); }, 1s));
  }
  void lose_and_resume(std::chrono::milliseconds every) {
    newest().connection->abort();
    loop_.run_for(every / 2);
    const std::string token = visitors_.front()->welcome->token;
    connect(*visitors_.emplace_back(std::make_unique<Visitor>()), "/match/m?resume=1&token=" + token);
    loop_.run_for(every - every / 2);
    EXPECT_TRUE(newest().welcome);
  }
  Visitor& newest() { return *visitors_.back(); }

  std::uint32_t lost_ = 0, resumed_ = 0;
  std::string gone_;
  std::vector<std::unique_ptr<Visitor>> visitors_;
};

/// A connection that races the one that a session has, which is reset before the new one says anything.
class Racing : public CoreTest {
 protected:
  Racing() {
    core_.define("field", rules_type<field::Rules>(), {});
    core_.space("/").api().on_lost([this](Session&, std::string_view) { ++lost_; });
    core_.space("/").api().on_resumed([this](Session& session) {
      ++resumed_;
      EXPECT_TRUE(session.is_connected());
      if (closes_) session.close("not again");
    });
    start();
    connect(first_, "/match/m?name=ada");
    EXPECT_TRUE(loop_.run_until([&] { return first_.welcome.has_value(); }, 1s));
  }
  void race_and_lose_the_first() {
    connect(racer_, "/match/m?resume=1&link=0&token=" + first_.welcome->token);
    ASSERT_TRUE(loop_.run_until([&] { return racer_.welcome.has_value(); }, 1s));
    first_.connection->abort();
    loop_.run_for(100ms);
    EXPECT_EQ(lost_, 1);
    EXPECT_EQ(resumed_, 0) << "it may have been given up meanwhile";
    racer_.send(protocol::encode(protocol::Received{.snapshot_tick = 0, .received = 0}));
    loop_.run_for(100ms);
  }

  int lost_ = 0, resumed_ = 0;
  bool closes_ = false;
  Visitor first_, racer_;
};

}  // namespace

TEST_F(Resuming, in_a_loop_ends_the_session_and_says_why) {
  for (int i = 0; i < 200 && !newest().closed; ++i) lose_and_resume(20ms);
  ASSERT_TRUE(newest().closed);
  EXPECT_EQ(newest().closed->code, transport::CloseCode::kPolicy);
  EXPECT_EQ(newest().closed->reason, "lost and resumed too often: join again");
  EXPECT_EQ(gone_, newest().closed->reason);
  EXPECT_GE(resumed_, limits::kResumesBurstMax);
  EXPECT_LE(resumed_, limits::kResumesBurstMax + 2 * limits::kResumesPerSecondMax);
  EXPECT_EQ(lost_, resumed_ + 1);
  EXPECT_EQ(core_.directory().sessions(), 0U);
}

TEST_F(Resuming, as_bad_networks_make_one_do_goes_on) {
  for (int i = 0; i < 90; ++i) lose_and_resume(2s);     // for three minutes
  for (int i = 0; i < 20; ++i) lose_and_resume(300ms);  // and for a moment much worse
  for (int i = 0; i < 20; ++i) lose_and_resume(12s);
  EXPECT_EQ(resumed_, 130U);
  EXPECT_EQ(lost_, 130U);
  EXPECT_FALSE(newest().closed) << newest().closed->reason;
}

TEST_F(Racing, brings_back_a_session_that_was_lost_meanwhile_and_handlers_hear_of_it) {
  race_and_lose_the_first();
  EXPECT_EQ(resumed_, 1);
  EXPECT_FALSE(racer_.closed);
  racer_.connection->abort();
  loop_.run_for(100ms);
  EXPECT_EQ(lost_, 2);
}

TEST_F(Racing, wins_nothing_where_a_handler_that_hears_of_it_ends_the_session) {
  closes_ = true;
  race_and_lose_the_first();
  ASSERT_TRUE(racer_.closed);
  EXPECT_EQ(racer_.closed->reason, "not again");
  EXPECT_EQ(core_.directory().sessions(), 0U);
}

TEST_F(Inputs, that_are_padded_beyond_their_limit_are_refused) {
  ada_.send(vote(60'000));
  loop_.run_for(100ms);
  EXPECT_EQ(ada_.refusals, (std::vector<std::string>{"vote of 60000 bytes, 4096 is the limit"}));
  ada_.send(vote(0));
  loop_.run_for(100ms);
  EXPECT_EQ(ada_.refusals.size(), 1U);
  EXPECT_FALSE(ada_.closed);
}

TEST_F(Inputs, are_recorded_so_many_bytes_a_second_and_no_more) {
  std::size_t sent = 0;
  for (int step = 0; step < 500 && !ada_.closed; ++step) {  // 5 s
    if (ada_.connection->writable()) ada_.send({vote(4096), vote(4096), vote(4096), vote(4096)});
    sent += 4 * 4096;
    loop_.run_for(10ms);
  }
  ASSERT_TRUE(ada_.closed);
  EXPECT_EQ(ada_.closed->reason, "refused too often, at last: vote: too many bytes to be recorded, wait a little");
  EXPECT_LE(sent, limits::kRecordedBurstBytesMax + limits::kRecordedBytesPerSecondMax * 2);
}

TEST_F(Inputs, the_largest_actions_of_every_tick_may_be_recorded) {
  field::MoveT move;
  move.dx = 1;
  Bytes body = encode(move);
  body.resize(limits::kActionBytesMax);
  for (std::uint32_t i = 0; i < 60 * 20; ++i) {
    ada_.send(protocol::encode(protocol::ActionView{.sequence = i + 1, .body = body}));
    loop_.run_for(16'666'667ns);
  }
  EXPECT_TRUE(ada_.refusals.empty()) << ada_.refusals.front();
  EXPECT_FALSE(ada_.closed);
}

}  // namespace netcode
