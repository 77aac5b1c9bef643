// What a server makes of the actions of a client that names ticks and views, at the level of messages: those that are
// good, late, doubled, and those that nobody should send.
// Tests also: session_incoming.cpp.
#include <gtest/gtest.h>

#include <cmath>
#include <iterator>
#include <limits>
#include <map>

#include "core_fixture.hpp"
#include "field.hpp"
#include "netcode/limits.hpp"
#include "protocol/messages.hpp"
#include "protocol/packed_action.hpp"

using namespace std::chrono_literals;

namespace netcode {
namespace {

struct Acted {
  Tick tick;
  ViewTime view;
  int dx;
  PlayerId player;
};
std::vector<Acted> acted;  // by the newest match's players

class Watching final : public field::Rules {
 public:
  Watching() { acted.clear(); }
  void act(Context& ctx, PlayerId player, const field::Move& move) override {
    acted.push_back({ctx.tick(), ctx.view(), move.dx(), player});
    field::Rules::act(ctx, player, move);
  }
};

class Player final : public transport::ConnectionHandler {
 public:
  void on_message(transport::MessageKind, BytesView bytes) override {
    const auto message = protocol::decode(buffer_.copy(bytes));
    ASSERT_TRUE(message) << message.error().reason;
    if (const auto* snapshot = std::get_if<protocol::SnapshotView>(&*message)) head = snapshot->head;
    if (const auto* ack = std::get_if<protocol::AckMessage>(&*message)) {
      EXPECT_EQ(ack->id, 0U);
      refusals.emplace_back(ack->error.value_or("none"));
    }
  }
  void on_writable() override {}
  void on_closed(const transport::CloseInfo& info) override { closed = info; }

  std::shared_ptr<transport::Connection> connection;
  protocol::SnapshotHead head{};
  std::vector<std::string> refusals;
  std::optional<transport::CloseInfo> closed;

 private:
  protocol::AlignedBuffer buffer_;
};

class Actions : public CoreTest {
 protected:
  void play(MatchOptions options = {}) {
    core_.define("field", rules_type<Watching>(), std::move(options));
    start();
    connect(player_, "/match/m?name=ada");
    ASSERT_TRUE(loop_.run_until([&] { return player_.head.tick >= 60; }, 3s));
  }

  void send(Tick tick, std::uint32_t sequence, ViewTime view = {}, field::MoveT move = {}) {
    const Bytes body = encode(move);
    frames_.push_back({.head = protocol::encode(protocol::ActionView{.tick = tick,
                                                                     .sequence = sequence,
                                                                     .snapshot_tick = player_.head.tick,
                                                                     .body = body,
                                                                     .view_tick = view.tick,
                                                                     .view_fraction = view.fraction,
                                                                     .view_from = view.from,
                                                                     .view_to = view.to})});
  }
  static field::MoveT move(std::int8_t dx) {
    field::MoveT out;
    out.dx = dx;
    return out;
  }
  /// Sends it all at once and runs until it must have been heard of.
  void settle(engine::Duration time = 100ms) {
    player_.connection->write(std::exchange(frames_, {}));
    loop_.run_for(time);
  }
  Tick now() const { return player_.head.tick; }

  Player player_;
  Player bob_;  // where there is one
  std::vector<transport::OutgoingMessage> frames_;
};

}  // namespace

TEST_F(Actions, reach_the_rules_at_their_tick_with_what_was_shown) {
  play();
  const Tick tick = now() + 10;
  const ViewTime shown{.tick = tick - 13, .fraction = 99, .from = (tick - 13) / 2 * 2, .to = (tick - 13) / 2 * 2 + 2};
  send(tick, 1, shown, move(5));
  settle(300ms);
  ASSERT_EQ(acted.size(), 1U);
  EXPECT_EQ(acted[0].tick, tick);
  EXPECT_EQ(acted[0].view, shown);
  EXPECT_EQ(player_.head.action_sequence, 1U);
  EXPECT_EQ(player_.head.action_tick, tick);
  EXPECT_GT(player_.head.slack_ms, 100);
}

TEST_F(Actions, that_are_packed_reach_the_rules_as_those_do_that_are_not) {
  play();
  connect(bob_, "/match/m?name=bob");
  loop_.run_for(100ms);
  ASSERT_GT(bob_.head.tick, 0U);
  protocol::ActionPacker packer;
  std::vector<transport::OutgoingMessage> plain, packed;
  const Tick base = now() + 10;
  for (std::uint32_t i = 0; i < 40; ++i) {
    const Bytes body = encode(move(static_cast<std::int8_t>(i / 10)));
    const Tick view = base - 40 + i / 2;
    const protocol::ActionView action{.tick = i % 7 == 6 ? 0 : base + i,
                                      .sequence = i % 9 == 8 ? 0 : i + 1,
                                      .snapshot_tick = now(),
                                      .received = 0,
                                      .body = body,
                                      .view_tick = i % 5 == 4 ? 0 : view,
                                      .view_fraction = static_cast<std::uint8_t>(i * 50),
                                      .view_from = i % 5 == 4 ? 0 : view / 2 * 2,
                                      .view_to = i % 5 == 4 ? 0 : view / 2 * 2 + 2};
    plain.push_back({.head = protocol::encode(action)});
    packed.push_back({.head = packer.pack(action)});
  }
  player_.connection->write(std::move(plain));
  bob_.connection->write(std::move(packed));
  loop_.run_for(2s);
  EXPECT_TRUE(player_.refusals.empty());
  EXPECT_TRUE(bob_.refusals.empty());
  std::map<PlayerId, std::vector<Acted>> by;
  for (const Acted& one : acted) by[one.player].push_back(one);
  ASSERT_EQ(by.size(), 2U);
  const std::vector<Acted> ada = by.begin()->second;
  const std::vector<Acted> other = by.rbegin()->second;
  ASSERT_GT(ada.size(), 30U);
  ASSERT_EQ(ada.size(), other.size());
  for (std::size_t i = 0; i < ada.size(); ++i) {
    EXPECT_EQ(ada[i].tick, other[i].tick) << i;
    EXPECT_EQ(ada[i].view, other[i].view) << i;
    EXPECT_EQ(ada[i].dx, other[i].dx) << i;
  }
  EXPECT_EQ(player_.head.action_sequence, bob_.head.action_sequence);
  EXPECT_EQ(player_.head.action_tick, bob_.head.action_tick);
}

TEST_F(Actions, that_name_no_tick_have_the_time_to_the_next_one_as_their_slack) {
  play();
  send(0, 1);
  settle();
  EXPECT_EQ(player_.head.action_sequence, 1U);
  EXPECT_GT(player_.head.slack_ms, 0);
  EXPECT_LE(player_.head.slack_ms, 17);
}

TEST_F(Actions, that_were_late_are_all_taken_by_the_next_tick_in_the_order_of_theirs) {
  play();
  for (std::uint32_t i = 0; i < 8; ++i)
    send(now() - 10 + i, i + 1, {.tick = now() - 20 + i, .fraction = 1}, move(static_cast<std::int8_t>(i)));
  settle();
  ASSERT_EQ(acted.size(), 8U);
  for (std::uint32_t i = 0; i < 8; ++i) {
    EXPECT_EQ(acted[i].tick, acted[0].tick);
    EXPECT_EQ(acted[i].dx, static_cast<int>(i));
    EXPECT_EQ(acted[i].view.tick, acted[0].view.tick + i);
  }
  EXPECT_EQ(core_.stats().actions_late, 8U);
  EXPECT_LT(player_.head.slack_ms, 0);
}

TEST_F(Actions, whose_view_is_older_than_may_be_are_judged_as_far_back_as_may_be) {
  play();
  send(0, 1, {.tick = now() - 50, .fraction = 7});
  settle();
  ASSERT_EQ(acted.size(), 1U);
  EXPECT_EQ(acted[0].view, (ViewTime{.tick = acted[0].tick - 24, .fraction = 0})) << "400 ms";
  EXPECT_TRUE(player_.refusals.empty());
}

// One that draws every two seconds goes on beyond the newest snapshot it has.
TEST_F(Actions, that_were_shown_a_moment_a_little_ahead_are_judged_by_the_newest_tick) {
  play();
  for (std::uint32_t i = 1; i <= 40; ++i) {
    send(0, i, {.tick = now() + 3, .fraction = 128}, move(1));
    settle();
  }
  EXPECT_FALSE(player_.closed);
  EXPECT_TRUE(player_.refusals.empty());
  ASSERT_EQ(acted.size(), 40U);
  for (const Acted& one : acted) EXPECT_EQ(one.view, (ViewTime{.tick = one.tick - 1, .fraction = 0}));
}

TEST_F(Actions, have_no_view_where_nothing_is_taken_back) {
  play({.rewind_ms_max = 0});
  send(0, 1, {.tick = now() - 5, .fraction = 7});
  settle();
  ASSERT_EQ(acted.size(), 1U);
  EXPECT_EQ(acted[0].view, ViewTime{});
}

TEST_F(Actions, that_come_again_are_taken_once_and_that_is_all) {
  play();
  for (int i = 0; i < 40; ++i) send(now() + 5, 1, {}, move(5));
  settle();
  EXPECT_EQ(acted.size(), 1U);
  EXPECT_TRUE(player_.refusals.empty());
  EXPECT_FALSE(player_.closed);
  EXPECT_EQ(core_.stats().actions_dropped, 39U);
}

TEST_F(Actions, nobody_should_send_are_refused_with_a_reason_and_change_nothing) {
  play();
  const Tick tick = now();
  send(tick + 1'000'000, 1);
  send(tick + 10, 2, {.tick = tick + 1'000'000});
  send(tick + 5, 3, {}, move(5));
  send(tick + 5, 3, {}, move(6));
  send(tick + 5, 4, {}, move(7));
  settle();
  const std::string at = ", but the match is at ";
  ASSERT_EQ(player_.refusals.size(), 4U);
  EXPECT_EQ(player_.refusals[0].find("an action for tick " + std::to_string(tick + 1'000'000) + at), 0U);
  EXPECT_EQ(player_.refusals[1].find("an action that was shown tick " + std::to_string(tick + 1'000'000) + at), 0U);
  EXPECT_EQ(player_.refusals[2], "action 3 came twice, with other content");
  EXPECT_EQ(player_.refusals[3], "a second action for tick " + std::to_string(tick + 5) + ": one a tick");
  ASSERT_EQ(acted.size(), 1U);
  EXPECT_EQ(acted[0].dx, 5);
  EXPECT_EQ(core_.stats().refusals, 4U);
  EXPECT_FALSE(player_.closed);
}

TEST_F(Actions, of_the_far_past_are_refused) {
  play();
  loop_.run_for(40s);
  ASSERT_FALSE(player_.closed);
  send(5, 1);
  send(now() + 5, 2, {.tick = 5});
  settle();
  ASSERT_EQ(player_.refusals.size(), 2U);
  EXPECT_EQ(player_.refusals[0].find("an action for tick 5, but the match is at "), 0U);
  EXPECT_EQ(player_.refusals[1].find("an action that was shown tick 5, but the match is at "), 0U);
  EXPECT_TRUE(acted.empty());
}

TEST_F(Actions, that_are_no_numbers_are_refused) {
  play();
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    field::MoveT move;
    move.dx = 5;
    move.tilt = bad;
    send(0, 0, {}, move);
  }
  settle();
  ASSERT_EQ(player_.refusals.size(), 2U);
  EXPECT_NE(player_.refusals[0].find("tilt"), std::string::npos) << player_.refusals[0];
  EXPECT_TRUE(acted.empty());
}

TEST_F(Actions, refused_again_and_again_close_the_connection) {
  play();
  for (std::uint32_t i = 1; i <= limits::kRefusalsMax + 1; ++i) send(now() + 1'000'000, i);
  settle();
  ASSERT_TRUE(player_.closed);
  EXPECT_EQ(player_.closed->code, transport::CloseCode::kPolicy);
  EXPECT_EQ(player_.closed->reason.find("refused too often, at last: an action for tick "), 0U);
}

TEST_F(Actions, that_did_not_come_are_counted) {
  play();
  const Tick first = now() + 10;
  std::uint32_t sequence = 0;
  for (Tick tick = first; tick < first + 20; ++tick)
    if (tick % 4 != 0) send(tick, ++sequence);
  settle(600ms);
  EXPECT_EQ(acted.size(), 15U);
  EXPECT_NEAR(static_cast<double>(core_.stats().actions_missing), 5, 1) << "but for one at either end";
}

}  // namespace netcode
