// One direction of a TCP connection against the rules that it states.
// Tests also: network_conditions.cpp.
#include "simnet/link_model.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace netcode::transport {
namespace {

using namespace std::chrono_literals;
using engine::Duration;
using engine::TimePoint;

constexpr TimePoint kStart{1h};

std::shared_ptr<NetworkConditions> network(NetworkProfile profile, std::uint64_t seed = 1) {
  return std::make_shared<NetworkConditions>(std::move(profile), kStart, seed);
}

double ms(Duration time) { return std::chrono::duration<double, std::milli>(time).count(); }

/// Transits of so many segments of 100 bytes, `every` apart, in milliseconds.
std::vector<double> transits(LinkModel& link, int count, Duration every, TimePoint from = kStart) {
  std::vector<double> out;
  for (int i = 0; i < count; ++i) out.push_back(ms(link.arrival(from + i * every, 100) - (from + i * every)));
  return out;
}

TEST(LinkModel, takes_half_a_round_trip_where_there_is_no_jitter) {
  LinkModel link(network({.rtt = 40ms}));
  for (const double transit : transits(link, 100, 16ms)) EXPECT_DOUBLE_EQ(transit, 20);
}

TEST(LinkModel, jitters_by_half_a_normal_distribution) {
  LinkModel link(network({.rtt = 100ms, .jitter = 20ms}));
  // Far apart, so that none waits for the one before.
  std::vector<double> late = transits(link, 20'000, 1s);
  for (double& one : late) one -= 50;
  std::sort(late.begin(), late.end());
  EXPECT_GE(late.front(), 0);
  EXPECT_NEAR(late[late.size() / 2], 6.745, 0.3) << "the median of |N(0, 10 ms)|";
  EXPECT_NEAR(late[late.size() * 95 / 100], 19.6, 0.6) << "its 95th percentile";
}

TEST(LinkModel, lets_no_segment_overtake_another) {
  LinkModel link(network({.rtt = 100ms, .jitter = 40ms, .loss = 0.05}, 7));
  TimePoint last{};
  for (int i = 0; i < 5'000; ++i) {
    const TimePoint arrived = link.arrival(kStart + i * 5ms, 100);
    EXPECT_GE(arrived, last);
    last = arrived;
  }
}

TEST(LinkModel, loses_the_share_that_it_says) {
  LinkModel link(network({.rtt = 20ms, .loss = 0.02}));
  const auto late = transits(link, 50'000, 1s);
  const auto lost = std::count_if(late.begin(), late.end(), [](double transit) { return transit > 11; });
  EXPECT_NEAR(static_cast<double>(lost) / 50'000, 0.02, 0.002);
}

TEST(LinkModel, sends_a_lone_lost_segment_again_after_200_ms_and_twice_that) {
  const auto conditions = network({.rtt = 20ms});
  LinkModel link(conditions);
  conditions->lose_all(kStart, 1ms);
  EXPECT_DOUBLE_EQ(ms(link.arrival(kStart, 100) - kStart), 210);
  LinkModel other(conditions);
  conditions->lose_all(kStart + 1s, 250ms);
  EXPECT_DOUBLE_EQ(ms(other.arrival(kStart + 1s, 100) - kStart - 1s), 610) << "lost, lost again after 200 ms, 400 more";
}

TEST(LinkModel, hears_of_a_loss_from_the_segments_behind_it_while_many_are_under_way) {
  // At 60 a second and 100 ms there are 6 under way: RTT + RTT/4 after it was sent it is sent again.
  LinkModel link(network({.rtt = 100ms, .loss = 0.01}, 3));
  const auto late = transits(link, 6'000, 16'667us);
  const double first = *std::find_if(late.begin() + 10, late.end(), [](double transit) { return transit > 51; });
  EXPECT_NEAR(first, 50 + 125, 0.1);
}

TEST(LinkModel, holds_back_all_behind_a_lost_segment_and_then_delivers_them_at_once) {
  const auto conditions = network({.rtt = 20ms});
  LinkModel link(conditions);
  conditions->lose_all(kStart, 1ms);
  const TimePoint lost = link.arrival(kStart, 100);
  for (int i = 1; i < 10; ++i) EXPECT_EQ(link.arrival(kStart + i * 16ms, 100), lost);
}

TEST(LinkModel, delivers_what_a_stall_held_when_it_is_over) {
  const auto conditions = network({.rtt = 40ms, .stalls = {{.at = 3s, .lasts = 250ms, .every = 3s}}});
  LinkModel link(conditions);
  EXPECT_DOUBLE_EQ(ms(link.arrival(kStart + 2s, 100) - kStart), 2'020);
  EXPECT_DOUBLE_EQ(ms(link.arrival(kStart + 3'010ms, 100) - kStart), 3'270);
  EXPECT_DOUBLE_EQ(ms(link.arrival(kStart + 3'100ms, 100) - kStart), 3'270);
  EXPECT_DOUBLE_EQ(ms(link.arrival(kStart + 6'100ms, 100) - kStart), 6'270) << "and again 3 s later";
}

TEST(LinkModel, needs_time_for_bytes_where_bandwidth_is_short) {
  LinkModel link(network({.rtt = 20ms, .bytes_per_s = 100'000}));
  EXPECT_NEAR(ms(link.arrival(kStart, 1'000) - kStart), 20, 0.01);
  EXPECT_NEAR(ms(link.arrival(kStart, 1'000) - kStart), 30, 0.01) << "behind the first";
}

TEST(LinkModel, loses_large_messages_more_often_since_they_are_many_segments) {
  LinkModel small(network({.rtt = 20ms, .loss = 0.02}, 5));
  LinkModel large(network({.rtt = 20ms, .loss = 0.02}, 6));
  int small_late = 0;
  int large_late = 0;
  for (int i = 0; i < 20'000; ++i) {
    const TimePoint now = kStart + i * 2s;
    small_late += ms(small.arrival(now, 100) - now) > 11 ? 1 : 0;
    large_late += ms(large.arrival(now, 5'000) - now) > 11 ? 1 : 0;
  }
  EXPECT_NEAR(static_cast<double>(large_late) / small_late, 4, 0.6);
}

TEST(LinkModel, is_the_same_again_with_the_same_seed_and_another_with_another) {
  const NetworkProfile poor = *network_profile("poor");
  LinkModel one(network(poor, 42));
  LinkModel same(network(poor, 42));
  LinkModel other(network(poor, 43));
  const auto first = transits(one, 500, 16ms);
  EXPECT_EQ(first, transits(same, 500, 16ms));
  EXPECT_NE(first, transits(other, 500, 16ms));
}

TEST(LinkModel, gives_the_two_connections_of_one_network_losses_of_their_own_and_the_same_stalls) {
  const auto conditions = network({.rtt = 20ms, .loss = 0.02, .stalls = {{.at = 5s, .lasts = 250ms}}}, 9);
  LinkModel one(conditions);
  LinkModel two(conditions);
  EXPECT_NE(transits(one, 250, 16ms), transits(two, 250, 16ms));
  EXPECT_GE(one.arrival(kStart + 5'100ms, 100), kStart + 5'250ms);
  EXPECT_GE(two.arrival(kStart + 5'100ms, 100), kStart + 5'250ms);
}

TEST(LinkModel, tries_to_connect_again_after_one_second_then_two) {
  const auto conditions = network({.rtt = 40ms});
  LinkModel link(conditions);
  conditions->lose_all(kStart, 2'500ms);
  EXPECT_DOUBLE_EQ(ms(link.syn_arrival(kStart) - kStart), 3'020);
}

TEST(NetworkProfile, is_found_by_its_name_or_the_names_are_told) {
  EXPECT_EQ(network_profile("fair")->rtt, 100ms);
  EXPECT_EQ(network_profile("awful").error().reason,
            "there is no network profile awful: lan, good, fair, poor, spikes, outage");
}

}  // namespace
}  // namespace netcode::transport
