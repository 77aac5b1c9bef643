// A session carried by two connections: what each may do, and that nobody further up notices when one of them goes.
// Tests also: link_watch.cpp, test_bench.cpp.
#include <gmock/gmock.h>

#include "engine/core/rng.hpp"
#include "sanitized.hpp"
#include "server_fixture.hpp"

using namespace field;
using netcode::ClientState;
using netcode::Links;

namespace {

class TwinTest : public ServerTest {
 protected:
  void make_on(const std::string& profile, std::uint64_t seed, netcode::MatchOptions options = {}) {
    bench_ = std::make_unique<netcode::testing::TestBench>(
        config(), netcode::testing::BenchOptions{.network = *netcode::network_profile(profile), .seed = seed});
    bench_->server().define<Rules>("field", std::move(options));
  }

  std::unique_ptr<FieldClient> client_with(Links links) {
    netcode::ClientConfig config;
    config.name = "ada";
    config.links = links;
    auto out = bench_->client<Rules>(std::move(config));
    out->on_state([this](ClientState state, std::string_view reason) {
      states_.push_back(std::string(to_string(state)) + (reason.empty() ? "" : ": " + std::string(reason)));
    });
    return out;
  }
  std::unique_ptr<FieldClient> twin() {
    auto out = client_with(Links::kTwo);
    out->join("m");
    EXPECT_TRUE(until([&] { return out->stats().links == 2; })) << out->reason();
    states_.clear();
    return out;
  }
  /// Snapshots that came first over a link within a second.
  std::uint64_t first_copies_in_a_second(FieldClient& client, std::size_t link) {
    const auto before = client.stats().first_copies[link];
    bench_->run_for(1s);
    return client.stats().first_copies[link] - before;
  }

  std::vector<std::string> states_;
};
// An outage's seed is also how long it lasts: with sanitizers there are four, from the shortest to the last but one.
constexpr std::uint64_t kSeedStep = kSanitized ? 6 : 1;
INSTANTIATE_ON(TwinTest, kOneShard, kThreeShards);  // its network is of one thread

}  // namespace

TEST_P(TwinTest, is_opened_at_once_where_two_are_wanted_and_never_where_one_is) {
  start();
  auto ada = client_with(Links::kTwo);
  ada->join("m");
  EXPECT_TRUE(until([&] { return ada->stats().links == 2; }));
  EXPECT_EQ(ada->stats().twin_opened, 1U);
  auto bob = client_with(Links::kOne);
  bob->join("m");
  bench_->run_for(20s);
  EXPECT_EQ(bob->stats().links, 1U);
  EXPECT_EQ(server().list()[0].players, 2U) << "a session has one seat";
}

TEST_P(TwinTest, takes_an_action_once_and_hears_of_it) {
  start();
  auto ada = twin();
  MoveT move;
  move.dx = 1;
  std::uint32_t sequence = 0;
  for (int i = 0; i < 100; ++i) {
    sequence = ada->act(move);
    bench_->run_for(20ms);
  }
  ASSERT_TRUE(until([&] { return ada->snapshot()->action_sequence == sequence; }));
  EXPECT_EQ(dot_of(ada->world(), ada->player())->x(), 100);
  EXPECT_EQ(dot_of(ada->world(), ada->player())->actions(), 100U);
}

TEST_P(TwinTest, brings_each_snapshot_and_event_once) {
  make(config(), {.options = {{"numbered", "1"}}});
  start();
  auto ada = client_with(Links::kTwo);
  std::vector<std::uint32_t> numbers;
  ada->on<Numbered>([&](const Numbered& event) { numbers.push_back(event.number()); });
  netcode::Tick newest = 0;
  ada->on_snapshot([&](const World&, const netcode::SnapshotInfo& info) {
    EXPECT_GT(info.tick, newest);
    newest = info.tick;
  });
  ada->join("m");
  ASSERT_TRUE(until([&] { return ada->stats().links == 2; }));
  const auto before = ada->stats();
  bench_->run_for(10s);
  EXPECT_EQ(ada->stats().snapshots - before.snapshots, 300U);
  EXPECT_GT(ada->stats().duplicates, 500U) << "each comes twice";
  for (std::size_t i = 1; i < numbers.size(); ++i) ASSERT_EQ(numbers[i], numbers[i - 1] + 1);
  EXPECT_GE(numbers.size(), 600U);
}

TEST_P(TwinTest, goes_on_over_the_other_without_a_gap_while_one_stalls) {
  start();
  auto ada = twin();
  bench_->pause_link(0, true);
  EXPECT_EQ(first_copies_in_a_second(*ada, 1), 30U);
  bench_->pause_link(0, false);
  bench_->run_for(1s);
  bench_->pause_link(1, true);
  EXPECT_EQ(first_copies_in_a_second(*ada, 0), 30U);
  EXPECT_THAT(states_, ::testing::IsEmpty());
}

TEST_P(TwinTest, loses_either_and_gets_it_back_without_changing_its_state) {
  start();
  auto ada = twin();
  const auto seat = ada->player();
  for (const std::uint8_t link : {std::uint8_t{1}, std::uint8_t{0}}) {
    const auto snapshots = ada->stats().snapshots;
    bench_->cut_link(link);
    ASSERT_TRUE(until([&] { return ada->stats().links == 1; }));
    bench_->run_for(1s);
    EXPECT_EQ(ada->stats().links, 2U) << "link " << int{link};
    EXPECT_GE(ada->stats().snapshots - snapshots, 29U);
  }
  EXPECT_EQ(ada->stats().twin_lost, 2U);
  EXPECT_EQ(ada->stats().twin_opened, 3U);
  EXPECT_EQ(ada->stats().disconnects, 0U);
  EXPECT_EQ(ada->player(), seat);
  EXPECT_THAT(states_, ::testing::IsEmpty());
}

TEST_P(TwinTest, is_lost_when_both_are_and_has_both_again_after_the_resume) {
  start();
  auto ada = twin();
  bench_->cut_all();
  ASSERT_TRUE(until([&] { return ada->state() == ClientState::kReconnecting; }));
  ASSERT_TRUE(until([&] { return ada->stats().links == 2; }, 3s));
  EXPECT_EQ(ada->stats().disconnects, 1U);
  EXPECT_EQ(ada->stats().resumed, 1U);
}

TEST_P(TwinTest, keeps_both_streams_in_order_and_exactly_once_over_200_cuts) {
  constexpr std::uint64_t kSeeds = kSanitized ? 1 : 3;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    states_.clear();
    make_on("fair", seed, {.options = {{"numbered", "1"}}});
    std::vector<std::string> heard;
    server().on<Chat>([&](netcode::Session&, const Chat& chat) { heard.push_back(chat.text()->str()); });
    start();
    auto ada = client_with(Links::kTwo);
    std::vector<std::uint32_t> numbers;
    ada->on<Numbered>([&](const Numbered& event) { numbers.push_back(event.number()); });
    ada->join("m");
    ASSERT_TRUE(until([&] { return ada->stats().links == 2; }, 5s));

    engine::Rng rng(seed);
    int said = 0;
    for (int cut = 0; cut < 200; ++cut) {
      const int steps = static_cast<int>(rng.below(20));
      for (int step = 0; step < steps; ++step) {
        ada->emit(chat(std::to_string(said++)));
        if (rng.below(2) == 0) ada->act(MoveT());
        bench_->run_for(std::chrono::milliseconds(rng.below(40)));
      }
      bench_->cut_link(static_cast<std::uint8_t>(rng.below(2)));
      ASSERT_NE(ada->state(), ClientState::kClosed) << ada->reason();
    }
    ASSERT_TRUE(until([&] { return heard.size() == static_cast<std::size_t>(said); }, 30s)) << ada->reason();
    bench_->run_for(2s);
    ASSERT_EQ(heard.size(), static_cast<std::size_t>(said));
    for (int i = 0; i < said; ++i) ASSERT_EQ(heard[static_cast<std::size_t>(i)], std::to_string(i));
    for (std::size_t i = 1; i < numbers.size(); ++i) ASSERT_EQ(numbers[i], numbers[i - 1] + 1);
    EXPECT_GT(numbers.size(), 1000U);
    EXPECT_GT(ada->stats().twin_lost, 20U);
    ada.reset();
    bench_.reset();
  }
}

TEST_P(TwinTest, leaves_its_match_and_closes_the_second) {
  start();
  auto ada = twin();
  ada->leave();
  bench_->run_for(1s);
  EXPECT_EQ(ada->state(), ClientState::kConnected);
  EXPECT_EQ(ada->stats().links, 1U);
  ada->join("m2");
  ASSERT_TRUE(until([&] { return ada->stats().links == 2; }));
  ada->join("m3");  // on another shard, perhaps
  ASSERT_TRUE(until([&] { return ada->match() && ada->match()->id == "m3"; }));
  ASSERT_TRUE(until([&] { return ada->stats().links == 2; }));
  EXPECT_EQ(ada->stats().disconnects, 0U);
}

TEST_P(TwinTest, a_proper_close_ends_both) {
  make();
  std::string why;
  server().of("/").on_disconnect([&](netcode::Session&, std::string_view reason) { why = reason; });
  start();
  auto ada = twin();
  ada->close("bye");
  ASSERT_TRUE(until([&] { return !why.empty(); }));
  EXPECT_EQ(why, "left");
  bench_->run_for(6s);
  EXPECT_TRUE(server().list().empty()) << "the match closed with its only player's seat";
  bench_->stop();  // while what the handlers refer to is there
}

TEST_P(TwinTest, is_refused_by_a_server_that_takes_one_and_not_asked_for_again_for_30_s) {
  auto one = config();
  one.twin_links = false;
  make(one);
  start();
  auto ada = client_with(Links::kTwo);
  ada->join("m");
  bench_->run_for(29s);
  EXPECT_EQ(server().stats().refusals, 1U);
  EXPECT_EQ(ada->stats().links, 1U);
  EXPECT_EQ(ada->state(), ClientState::kInMatch);
  bench_->run_for(10s);
  EXPECT_EQ(server().stats().refusals, 2U);
  EXPECT_EQ(states_.back(), "in match");
}

TEST_P(TwinTest, in_auto_comes_with_the_stalls_of_a_bad_network_and_not_on_a_good_one) {
  make_on("good", 5);
  start();
  auto ada = client_with(Links::kAuto);
  ada->join("m");
  bench_->run_for(60s);
  EXPECT_EQ(ada->stats().links, 1U);
  ada.reset();

  make_on("spikes", 5);
  start();
  auto bob = client_with(Links::kAuto);
  bob->join("m");
  bench_->run_for(10s);
  EXPECT_EQ(bob->stats().links, 2U);
}

TEST_P(TwinTest, sees_the_present_within_a_second_of_an_outages_end) {
  for (const Links links : {Links::kOne, Links::kTwo}) {
    for (const auto outage : {2000ms, 8000ms}) {
      for (std::uint64_t seed = 1; seed <= 20; seed += kSeedStep) {
        SCOPED_TRACE((links == Links::kOne ? "one link, " : "two links, ") + std::to_string(outage.count()) +
                     " ms, seed " + std::to_string(seed));
        states_.clear();
        make_on("good", seed);
        start();
        auto ada = client_with(links);
        ada->join("m");
        bench_->run_for(5s);
        const auto acting = [&] {
          while (ada->action_due()) ada->act(MoveT());
        };
        for (int i = 0; i < 100; ++i) acting(), bench_->run_for(10ms);
        states_.clear();
        const auto lasts = outage + std::chrono::milliseconds(30 * seed);  // to end anywhere between two attempts
        bench_->lose_network(lasts);
        for (auto i = 0; i < lasts / 10ms; ++i) acting(), bench_->run_for(10ms);
        for (int i = 0; i < 100; ++i) acting(), bench_->run_for(10ms);
        const netcode::Tick seen = ada->snapshot()->tick;
        EXPECT_LE(bench_->now() - ada->snapshot()->arrived, 50ms);
        for (int i = 0; i < 200; ++i) acting(), bench_->run_for(10ms);
        EXPECT_NEAR(ada->snapshot()->tick - seen, 120, 4) << "and it was the present";
        EXPECT_THAT(states_, ::testing::IsEmpty());
        EXPECT_EQ(ada->state(), ClientState::kInMatch);
        EXPECT_GE(ada->stats().raced, 1U);
        ada.reset();
        bench_.reset();
      }
    }
  }
}

TEST_P(TwinTest, comes_back_from_an_outage_that_outlasts_its_connections) {
  for (const Links links : {Links::kOne, Links::kTwo}) {
    for (std::uint64_t seed = 1; seed <= 20; seed += kSeedStep) {
      const auto lasts = 14s + std::chrono::milliseconds(700 * seed);
      SCOPED_TRACE(std::to_string(lasts / 1ms) + " ms, seed " + std::to_string(seed));
      make_on("good", seed);
      start();
      auto ada = client_with(links);
      ada->join("m");
      bench_->run_for(2s);
      const auto seat = ada->player();
      bench_->lose_network(lasts);
      bench_->run_for(lasts + 20s);  // attempts that were given up meanwhile arrive in it too
      EXPECT_EQ(ada->state(), ClientState::kInMatch) << ada->reason();
      EXPECT_EQ(ada->player(), seat);
      EXPECT_LE(bench_->now() - ada->snapshot()->arrived, 50ms);
      ada.reset();
      bench_.reset();
    }
  }
}

TEST_P(TwinTest, an_attempt_that_nobody_needs_any_more_takes_nothing_away) {
  make_on("good", 3);
  start();
  auto ada = client_with(Links::kOne);
  ada->join("m");
  bench_->run_for(2s);
  bench_->lose_network(1200ms);  // raced from 1 s on, and TCP is back by itself
  bench_->run_for(10s);
  EXPECT_EQ(ada->stats().links, 1U);
  EXPECT_EQ(ada->stats().disconnects, 0U);
  EXPECT_EQ(ada->stats().snapshots > 300U, true);
}
