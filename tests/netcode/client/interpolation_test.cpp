#include "netcode/interpolation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <string>

#include "simnet/link_model.hpp"

namespace netcode {
namespace {

using namespace std::chrono_literals;
using engine::Duration;
using engine::TimePoint;

constexpr TimePoint kStart{1h};
constexpr Duration kTick = Duration(1s) / 60;

TEST(SnapshotBuffer, gives_the_two_around_a_moment_and_the_share_between_them) {
  SnapshotBuffer<int> views;
  EXPECT_EQ(views.around(1).before, nullptr);
  views.add(10, 100);
  views.add(12, 120);
  const auto pair = views.around(11.5);
  EXPECT_EQ(*pair.before, 100);
  EXPECT_EQ(*pair.after, 120);
  EXPECT_FLOAT_EQ(pair.share, 0.75F);
}

TEST(SnapshotBuffer, before_the_first_shows_the_first) {
  SnapshotBuffer<int> views;
  views.add(10, 100);
  const auto pair = views.around(3);
  EXPECT_FALSE(pair.is_between());
  EXPECT_EQ(*pair.before, 100);
  EXPECT_EQ(pair.ticks_beyond, 0);
}

TEST(SnapshotBuffer, goes_on_for_two_ticks_after_the_newest_and_then_holds) {
  SnapshotBuffer<int> views;
  views.add(10, 100);
  EXPECT_EQ(views.around(11.5).ticks_beyond, 1.5);
  EXPECT_EQ(views.around(99).ticks_beyond, 2);
}

TEST(SnapshotBuffer, leaves_out_what_is_not_newer) {
  SnapshotBuffer<int> views;
  views.add(10, 100);
  views.add(10, 999);
  views.add(8, 80);
  EXPECT_EQ(*views.newest(), 100);
}

TEST(SnapshotBuffer, begins_anew_when_time_is_set_back) {
  SnapshotBuffer<int> views;
  views.add(1000, 1);
  views.add(3, 2);
  EXPECT_EQ(views.newest_tick(), 3U);
  EXPECT_EQ(*views.around(1000).before, 2);
}

TEST(SnapshotBuffer, tells_the_moment_that_was_shown) {
  SnapshotBuffer<int> views;
  views.show(5);
  EXPECT_EQ(views.shown(), ViewTime{}) << "nothing was";
  views.add(10, 1);
  views.add(12, 2);
  views.show(11.25);
  EXPECT_EQ(views.shown(), (ViewTime{.tick = 11, .fraction = 64, .from = 10, .to = 12}));
  views.show(13);
  EXPECT_EQ(views.shown(), (ViewTime{.tick = 13, .fraction = 0}));
  views.show(500);
  EXPECT_EQ(views.shown(), (ViewTime{.tick = 14, .fraction = 0})) << "held there";
}

TEST(ViewTime, survives_its_way_over_the_wire_to_a_256th_of_a_tick) {
  EXPECT_EQ(ticks_of(view_time_at(12.5)), 12.5);
  EXPECT_NEAR(ticks_of(view_time_at(12.3)), 12.3, 1.0 / 256);
  EXPECT_EQ(view_time_at(-3), ViewTime{});
  EXPECT_EQ(view_time_at(std::nan("")), ViewTime{});
  EXPECT_EQ(view_time_at(1e300), ViewTime{});
}

/// A server's snapshots over a link, drawn at 60 frames a second.
class Watched {
 public:
  explicit Watched(const NetworkProfile& profile, std::uint64_t seed = 1, InterpolationClock::Config config = {})
      : conditions(std::make_shared<transport::NetworkConditions>(profile, kStart, seed)),
        link(conditions),
        clock(config) {}

  void run_for(Duration time) {
    for (const TimePoint until = now + time; now < until; now += 1ms) {
      for (; !is_silent && kStart + server_offset + next_tick * kTick <= now; next_tick += 2)
        arrivals.push_back({link.arrival(now, 300), next_tick});
      while (!arrivals.empty() && arrivals.front().at <= now) {
        clock.arrived(arrivals.front().tick, arrivals.front().at);
        views.add(arrivals.front().tick, 0);
        arrivals.pop_front();
      }
      if ((now - kStart) / kTick == frames) continue;
      ++frames;
      const double before = drawn;
      drawn = clock.tick_at(now);
      if (!may_begin_anew) {
        EXPECT_GE(drawn, before) << "time ran backwards";
      }
      step = drawn - before;
      if (views.empty() || now < kStart + 3s) continue;
      ++counted;
      starved += views.around(drawn).is_between() ? 0 : 1;
      const double newest_possible =
          static_cast<double>((now - kStart - server_offset - conditions->profile().rtt / 2).count()) /
          static_cast<double>(kTick.count());
      delay_ms_sum += (newest_possible - drawn) * 1000 / 60;
    }
  }
  double starved_share() const { return static_cast<double>(starved) / counted; }
  double delay_ms() const { return delay_ms_sum / counted; }

  struct Arrival {
    TimePoint at;
    Tick tick;
  };
  std::shared_ptr<transport::NetworkConditions> conditions;
  transport::LinkModel link;
  InterpolationClock clock;
  SnapshotBuffer<int> views;
  std::deque<Arrival> arrivals;
  TimePoint now = kStart;
  Duration server_offset{};
  Tick next_tick = 2;
  bool is_silent = false;
  bool may_begin_anew = false;
  std::int64_t frames = 0;
  double drawn = 0;
  double step = 0;
  int counted = 0;
  int starved = 0;
  double delay_ms_sum = 0;
};

TEST(InterpolationClock, has_a_pair_for_nearly_every_frame_with_as_little_delay_as_the_network_allows) {
  struct Wanted {
    const char* profile;
    double delay_ms_max;
    double starved_max;
  };
  for (const Wanted& wanted : {Wanted{"lan", 50, 0}, Wanted{"good", 60, 0.001}, Wanted{"fair", 100, 0.04},
                               Wanted{"poor", 160, 0.12}, Wanted{"spikes", 70, 0.08}}) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      SCOPED_TRACE(wanted.profile + std::string(", seed ") + std::to_string(seed));
      Watched watched(*network_profile(wanted.profile), seed);
      watched.run_for(60s);
      EXPECT_LE(watched.starved_share(), wanted.starved_max);
      EXPECT_LE(watched.delay_ms(), wanted.delay_ms_max);
      EXPECT_GE(watched.delay_ms(), 33) << "less than a snapshot's interval cannot be";
    }
  }
}

TEST(InterpolationClock, is_deaf_to_a_lone_stall) {
  Watched watched(*network_profile("good"));
  watched.run_for(10s);
  const Duration before = watched.clock.delay();
  watched.conditions->stall(watched.now, 250ms);
  watched.run_for(1s);
  EXPECT_LT(watched.clock.delay(), before + 5ms);
}

TEST(InterpolationClock, waits_longer_at_once_and_shorter_only_slowly) {
  auto profile = *network_profile("good");
  InterpolationClock clock({});
  Tick tick = 2;
  TimePoint now = kStart;
  const auto arrive = [&](Duration late) {
    now = kStart + tick * kTick;
    clock.arrived(tick, now + late);
    clock.tick_at(now + late);
    tick += 2;
  };
  for (int i = 0; i < 128; ++i) arrive(20ms);
  const Duration calm = clock.delay();
  for (int i = 0; i < 12; ++i) arrive(i % 2 == 0 ? 70ms : 20ms);
  const Duration rough = clock.delay();
  EXPECT_GT(rough, calm + 40ms);
  for (int i = 0; i < 134; ++i) arrive(20ms);
  EXPECT_GT(clock.delay(), calm + 10ms) << "the rough time is forgotten, and the buffer not yet small";
  for (int i = 0; i < 300; ++i) arrive(20ms);
  EXPECT_LE(clock.delay(), calm + 1ms);
}

TEST(InterpolationClock, changes_the_pace_by_a_tenth_at_most) {
  Watched watched(*network_profile("lan"));
  watched.run_for(5s);
  watched.server_offset = 60ms;
  for (int i = 0; i < 120; ++i) {
    watched.run_for(16'667us);
    EXPECT_GE(watched.step, 0.85);
    EXPECT_LE(watched.step, 1.16);
  }
}

TEST(InterpolationClock, is_whole_again_with_the_first_snapshot_after_an_outage) {
  Watched watched(*network_profile("good"));
  watched.run_for(10s);
  watched.conditions->lose_all(watched.now, 8s);
  watched.run_for(14s);
  EXPECT_TRUE(watched.views.around(watched.drawn).is_between());
}

TEST(InterpolationClock, follows_a_server_that_stood_still) {
  Watched watched(*network_profile("good"));
  watched.run_for(10s);
  watched.is_silent = true;
  watched.run_for(2s);
  watched.server_offset += 2s;
  watched.is_silent = false;
  watched.may_begin_anew = true;
  watched.run_for(1s);
  EXPECT_TRUE(watched.views.around(watched.drawn).is_between());
}

TEST(InterpolationClock, keeps_to_a_fixed_delay_when_told_so) {
  Watched watched(*network_profile("lan"), 1, {.fixed_delay = 100ms});
  watched.run_for(10s);
  EXPECT_NEAR(watched.delay_ms(), 100, 2);
}

}  // namespace
}  // namespace netcode
