// A player who is not there any more holds nothing: rules let go for it, and recordings know.
#include "recorded_bench.hpp"
#include "server/action_inbox.hpp"

using namespace field;

namespace {

/// What an action's dx says goes on at every tick until another one comes.
class Runner : public field::Rules {
 public:
  Runner() { newest = this; }
  void act(netcode::Context&, netcode::PlayerId player, const Move& move) override {
    for (Dot& dot : state.dots)
      if (dot.id() == player.value) dot.mutate_actions(static_cast<std::uint32_t>(move.dx()));
  }
  void release(netcode::Context& ctx, netcode::PlayerId player, netcode::BytesView neutral) override {
    netcode::Rules::release(ctx, player, neutral);
  }
  void tick(netcode::Context& ctx) override {
    for (Dot& dot : state.dots) dot.mutate_x(dot.x() + static_cast<int>(dot.actions()));
    field::Rules::tick(ctx);
  }
  int x(std::size_t dot = 0) const { return state.dots.at(dot).x(); }

  static inline Runner* newest = nullptr;
};

MoveT move(std::int8_t dx) {
  MoveT out;
  out.dx = dx;
  return out;
}

class ReleaseTest : public RecordedTest {
 protected:
  void start_recorded() {
    bench_ = std::make_unique<netcode::testing::TestBench>(recorded());
    bench_->server().define<Runner>("field");
    start();
  }
  static int x() { return Runner::newest->x(); }
};
INSTANTIATE_ON_SHARDS(ReleaseTest);

}  // namespace

TEST_P(ReleaseTest, a_player_whose_last_connection_is_cut_lets_go_at_once_and_keeps_the_seat) {
  start_recorded();
  auto ada = joined("ada");
  ada->act(move(1));
  bench_->run_for(200ms);
  ASSERT_GT(x(), 5);
  bench_->refuse_connections(true);
  bench_->cut_all();
  bench_->run_for(50ms);
  const int at = x();
  bench_->run_for(10s);
  EXPECT_EQ(x(), at);
  bench_->refuse_connections(false);
  ASSERT_TRUE(until([&] { return ada->stats().resumed == 1; }, 10s));
  ada->act(move(1));
  bench_->run_for(200ms);
  EXPECT_GT(x(), at + 5) << "and goes on when it is back";
  const auto report = verify<Runner>(stopped());
  EXPECT_TRUE(report.ok) << report.reason << report.difference;
}

TEST_P(ReleaseTest, a_player_goes_on_while_one_of_two_connections_lives) {
  start_recorded();
  auto ada = joined("ada");
  bench_->run_for(1s);
  ada->act(move(1));
  bench_->run_for(50ms);
  bench_->cut_link(1);
  const int at = x();
  bench_->run_for(300ms);
  EXPECT_GE(x(), at + 17);
}

TEST_P(ReleaseTest, a_silent_player_lets_go_after_half_a_second_and_not_before) {
  start_recorded();
  auto ada = joined("ada");
  ada->act(move(1));
  bench_->run_for(450ms);
  const int before = x();
  bench_->run_for(30ms);
  EXPECT_GT(x(), before);
  bench_->run_for(200ms);
  const int after = x();
  EXPECT_LE(after, 32);
  bench_->run_for(2s);
  EXPECT_EQ(x(), after);
  ada->act(move(2));
  bench_->run_for(100ms);
  EXPECT_GT(x(), after);
  const std::string path = stopped();
  const auto report = verify<Runner>(path);
  EXPECT_TRUE(report.ok) << report.reason << report.difference;
  auto replay = netcode::Replay::open(path, {{"field", netcode::rules_type<Runner>()}});
  ASSERT_TRUE(replay);
  ASSERT_TRUE((*replay)->seek(120));
  EXPECT_EQ(dynamic_cast<const Runner&>((*replay)->rules()).x(), after) << "a release is an input like any other";
}

TEST(Release, is_asked_of_no_bot_and_of_a_player_once) {
  netcode::ActionInbox inbox({.held_ticks_max = 30});
  const netcode::PlayerId ada{1};
  const netcode::PlayerId bot{2};
  inbox.add_player(ada);
  inbox.add_player(bot, true);
  const netcode::Bytes body(8);
  for (const auto player : {ada, bot}) inbox.put(player, {.body = body, .next_tick = 10});
  EXPECT_EQ(inbox.take(10).size(), 2U);
  for (netcode::Tick tick = 11; tick <= 40; ++tick) EXPECT_TRUE(inbox.take(tick).empty()) << tick;
  const auto due = inbox.take(41);
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(due[0].player, ada);
  EXPECT_TRUE(due[0].is_release);
  for (netcode::Tick tick = 42; tick <= 200; ++tick) EXPECT_TRUE(inbox.take(tick).empty()) << tick;
}

TEST(Release, drops_what_the_lost_player_has_said_of_later_ticks) {
  netcode::ActionInbox inbox;
  const netcode::PlayerId ada{1};
  inbox.add_player(ada);
  const netcode::Bytes body(8);
  inbox.let_go(ada);
  EXPECT_TRUE(inbox.take(9).empty()) << "it holds nothing";
  inbox.put(ada, {.body = body, .next_tick = 10});
  for (netcode::Tick tick = 12; tick < 20; ++tick) inbox.put(ada, {.tick = tick, .body = body, .next_tick = 10});
  EXPECT_EQ(inbox.take(10).size(), 1U);
  inbox.let_go(ada);
  const auto due = inbox.take(11);
  ASSERT_EQ(due.size(), 1U);
  EXPECT_TRUE(due[0].is_release);
  for (netcode::Tick tick = 12; tick < 60; ++tick) EXPECT_TRUE(inbox.take(tick).empty()) << tick;
}
