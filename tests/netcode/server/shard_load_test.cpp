// Matches that cost more than their shard has: who may make how many, and who gives way.
#include "log_capture.hpp"
#include "server_fixture.hpp"

using namespace field;

namespace {

netcode::testing::TestBench* bench = nullptr;
std::chrono::microseconds tick_cost{0};           // of a match that is not standing
std::chrono::microseconds standing_tick_cost{0};  // of one that is

class Heavy : public field::Rules {
 public:
  void tick(netcode::Context& ctx) override {
    field::Rules::tick(ctx);
    ++ticks[ctx.setup().match_id];
    bench->spend(ctx.setup().match_id == "standing" ? standing_tick_cost : tick_cost);
  }
  static inline std::map<std::string, int> ticks;
};

class LoadTest : public ServerTest {
 protected:
  LoadTest() {
    Heavy::ticks.clear();
    bench_ = std::make_unique<netcode::testing::TestBench>(config());
    bench = bench_.get();
    server().define<Heavy>("field");
    server().open("field", "standing");
    tick_cost = standing_tick_cost = 0us;
    start();
  }
  /// Ticks a second of a match, over five.
  double rate(const std::string& match) {
    const int before = Heavy::ticks[match];
    bench_->run_for(5s);
    return (Heavy::ticks[match] - before) / 5.0;
  }
  LogCapture log_;
};
INSTANTIATE_TEST_SUITE_P(Shard, LoadTest, ::testing::Values(kOneShard), [](const auto&) { return "one"; });

}  // namespace

TEST_P(LoadTest, one_address_makes_matches_until_they_take_its_share_of_the_time) {
  tick_cost = 500us;  // 3 % each
  std::vector<std::unique_ptr<FieldClient>> watchers;
  std::string refused;
  for (int i = 0; i < 25 && refused.empty(); ++i) {
    watchers.push_back(client("w" + std::to_string(i)));
    watchers.back()->join("m" + std::to_string(i), {.spectate = true});
    until([&] { return watchers.back()->state() != netcode::ClientState::kConnecting; });
    bench_->run_for(2s);
    if (watchers.back()->state() == netcode::ClientState::kClosed) refused = watchers.back()->reason();
  }
  EXPECT_EQ(refused, "the 5 matches that were made from here take all of the server's time that one address may");
  standing_tick_cost = 100us;
  auto ada = joined("ada", "standing");
  EXPECT_NEAR(rate("standing"), 60, 0.5);
}

TEST_P(LoadTest, what_nobody_plays_gives_way_to_a_standing_match_that_is_played) {
  auto ada = joined("ada", "standing");
  std::vector<std::unique_ptr<FieldClient>> watchers;
  for (int i = 0; i < 10; ++i)
    watchers.push_back(joined("w" + std::to_string(i), "m" + std::to_string(i), {.spectate = true}));
  std::vector<std::string> results;
  for (const auto& watcher : watchers)
    watcher->on_ended([&](std::string_view result) { results.emplace_back(result); });
  standing_tick_cost = 3ms;  // 18 %
  tick_cost = 2ms;           // 12 % each: 138 % in all
  bench_->run_for(3s);
  EXPECT_NEAR(rate("standing"), 60, 0.5);
  EXPECT_GE(results.size(), 5U);
  EXPECT_LT(results.size(), 9U) << "no more than need be";
  EXPECT_EQ(results[0], "the server has too much to do, and nobody played here");
  EXPECT_TRUE(log_.has("shard 0 has too much to do, its ticks take ")) << log_.text();
  EXPECT_TRUE(log_.has("made by memory takes ")) << log_.text();
  EXPECT_TRUE(log_.has("is not played: it is ended")) << log_.text();
}

TEST_P(LoadTest, matches_that_are_played_slow_down_before_a_standing_one_and_go_on_when_there_is_time) {
  auto ada = joined("ada", "standing");
  std::vector<std::unique_ptr<FieldClient>> players;
  for (int i = 0; i < 6; ++i) players.push_back(joined("p" + std::to_string(i), "m" + std::to_string(i)));
  standing_tick_cost = 3ms;  // 18 %
  tick_cost = 3ms;           // 126 % in all
  bench_->run_for(3s);
  EXPECT_NEAR(rate("standing"), 60, 0.5);
  EXPECT_LT(rate("m5"), 30) << "the newest";
  EXPECT_GT(rate("m5"), 5) << "and yet it goes on";
  for (const auto& player : players) EXPECT_EQ(player->state(), netcode::ClientState::kInMatch) << player->reason();
  EXPECT_TRUE(log_.has("match m5 made by memory takes ")) << log_.text();
  EXPECT_TRUE(log_.has(" is played: it runs one tick of 2")) << log_.text();
  tick_cost = 100us;
  bench_->run_for(20s);
  EXPECT_NEAR(rate("m5"), 60, 0.5);
}
