#include "game/client/net_history.hpp"

#include <gtest/gtest.h>

#include "client_support.hpp"
#include "game/wire/map.hpp"

namespace game::client {
namespace {

constexpr double kFrame = 1.0 / 60;

NetFacts facts(double now_s, NetMeasure measure = NetMeasure::kRoundTrip, float value = 0) {
  NetFacts one{.now_s = now_s};
  one.measures[static_cast<std::size_t>(measure)] = value;
  return one;
}

TEST(NetHistory, keeps_ten_seconds_however_many_frames_there_are) {
  for (const double frame_s : {0.001, 0.016, 0.09}) {
    NetHistory history;
    for (double at = 100; at < 130; at += frame_s)
      history.add(facts(at, NetMeasure::kRoundTrip, static_cast<float>(at)));
    EXPECT_EQ(history.steps(), NetHistory::kStepsMax);
    const auto values = history.of(NetMeasure::kRoundTrip);
    ASSERT_EQ(values.size(), 100U);
    EXPECT_NEAR(values.front(), 120.1, 0.2) << "the oldest first";
    EXPECT_NEAR(values.back(), 130, 0.2);
  }
}

TEST(NetHistory, shows_of_each_step_the_worst_and_tells_the_newest) {
  const struct {
    NetMeasure measure;
    std::array<float, 3> told;
    float worst;
  } kCases[] = {{NetMeasure::kRoundTrip, {40, 90, 50}, 90}, {NetMeasure::kSlack, {12, -30, 20}, -30},
                {NetMeasure::kSlew, {1, -4, 3}, -4},        {NetMeasure::kSnapshotAge, {5, 30, 2}, 30},
                {NetMeasure::kLinks, {2, 1, 2}, 1},         {NetMeasure::kCorrection, {0, 7, 0}, 7}};
  for (const auto& one : kCases) {
    NetHistory history;
    for (int i = 0; i < 3; ++i) history.add(facts(50 + i * kFrame, one.measure, one.told[static_cast<std::size_t>(i)]));
    ASSERT_EQ(history.steps(), 1U);
    EXPECT_EQ(history.of(one.measure).back(), one.worst);
    EXPECT_EQ(history.now(one.measure), one.told[2]);
  }
}

TEST(NetHistory, makes_rates_of_counts) {
  NetHistory history;
  for (int i = 0; i < 600; ++i) {
    NetFacts one = facts(10 + i * kFrame);
    one.bytes[static_cast<std::size_t>(NetTraffic::kSnapshots)] = 5'000'000 + static_cast<std::uint64_t>(i / 2) * 200;
    one.bytes[static_cast<std::size_t>(NetTraffic::kActions)] = static_cast<std::uint64_t>(i) * 50;
    history.add(one);
  }
  const auto down = history.of(NetTraffic::kSnapshots);
  EXPECT_EQ(down.front(), 0) << "what came before it was on is no rate";
  for (std::size_t i = 6; i + 1 < down.size(); ++i) EXPECT_NEAR(down[i], 6, 0.5) << i;
  EXPECT_NEAR(history.of(NetTraffic::kActions)[50], 3, 0.2);
  EXPECT_EQ(history.of(NetTraffic::kSentEvents)[50], 0);
}

TEST(NetHistory, takes_a_pause_between_two_frames_for_time_in_which_nothing_changed) {
  NetHistory history;
  history.add(facts(10, NetMeasure::kRoundTrip, 40));
  history.add(facts(12, NetMeasure::kRoundTrip, 60));
  EXPECT_EQ(history.steps(), 21U);
  EXPECT_EQ(history.of(NetMeasure::kRoundTrip)[19], 40);
  EXPECT_EQ(history.of(NetMeasure::kRoundTrip)[20], 60);
  history.add(facts(1e9, NetMeasure::kRoundTrip, 60));
  EXPECT_EQ(history.steps(), 1U) << "longer than it keeps";
}

TEST(NetHistory, begins_anew_with_another_clock_or_another_client) {
  NetHistory history;
  history.add(facts(100));
  history.add(facts(101));
  history.add(facts(5));
  EXPECT_EQ(history.steps(), 1U);
  NetFacts much = facts(6);
  much.bytes.fill(1'000);
  history.add(much);
  history.add(facts(7));
  EXPECT_EQ(history.steps(), 1U);
}

TEST(NetHistory, is_of_what_client_and_screen_know) {
  const sim::Map map = wire::load_map(test::field_bytes()).value();
  Motion motion(map, {.self = 1, .delay_s = 0.08});
  game::test::Match match(test::field(), test::endless());
  match.start(1);
  ASSERT_TRUE(motion.take_snapshot(test::Snapshot(match.state).world(), match.state.tick, 0, 20));
  netcode::ClientStats stats;
  stats.snapshot_bytes = 10;
  stats.sent_other_bytes = 7;
  stats.links = 2;
  const engine::TimePoint arrived{std::chrono::milliseconds(20'000)};
  const NetFacts known = net_facts(20.025,
                                   {.rtt = std::chrono::milliseconds(62),
                                    .jitter = std::chrono::microseconds(3'500),
                                    .slack = std::chrono::milliseconds(-4),
                                    .slew = 0.012},
                                   stats, netcode::SnapshotInfo{.message_bytes = 68, .arrived = arrived}, true, motion);
  const std::array<float, kNetMeasures> expected = {62, 3.5F, -4, 1.2F, 80, 25, 68, 0, 2};
  for (std::size_t i = 0; i < kNetMeasures; ++i) EXPECT_NEAR(known.measures[i], expected[i], 0.01) << i;
  EXPECT_EQ(known.bytes, (std::array<std::uint64_t, kNetTraffics>{10, 0, 0, 0, 0, 7}));
  const NetFacts nothing = net_facts(20, {}, {}, std::nullopt, false, motion);
  EXPECT_EQ(nothing.measures[static_cast<std::size_t>(NetMeasure::kSnapshotAge)], 0);
}

}  // namespace
}  // namespace game::client
