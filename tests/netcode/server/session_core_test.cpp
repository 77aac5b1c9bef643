// What a session takes from its client for the rules, whose recording keeps it.
#include "server/session_core.hpp"

#include <gtest/gtest.h>

#include "core_fixture.hpp"
#include "field.hpp"
#include "netcode/limits.hpp"
#include "visitor.hpp"

using namespace std::chrono_literals;
using namespace netcode;

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

}  // namespace

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
