#include "server/load_meter.hpp"

#include <gtest/gtest.h>

using namespace std::chrono_literals;

namespace netcode {
namespace {

class LoadMeterTest : public ::testing::Test {
 protected:
  /// `seconds` of 60 ticks each, this share of them overdue; asked for 20 times a second.
  void run(int seconds, double share) {
    for (int step = 0; step < seconds * 20; ++step) {
      now_ += 50ms;
      ticks_ += 3;
      overdue_ += 3 * share;
      meter_.note(now_, ticks_, static_cast<std::uint64_t>(overdue_));
    }
  }

  LoadMeter meter_;
  engine::TimePoint now_{1h};
  std::uint64_t ticks_ = 0;
  double overdue_ = 0;
};

TEST_F(LoadMeterTest, is_not_alarmed_by_an_overdue_tick_now_and_then) {
  run(60, 0.05);
  EXPECT_FALSE(meter_.is_overloaded());
}

TEST_F(LoadMeterTest, finds_one_overdue_tick_in_ten_too_many_within_seconds) {
  run(10, 0);
  run(4, 0.2);
  EXPECT_TRUE(meter_.is_overloaded());
}

TEST_F(LoadMeterTest, is_relieved_only_when_hardly_a_tick_is_overdue) {
  run(10, 0.5);
  run(10, 0.05);
  EXPECT_TRUE(meter_.is_overloaded());
  run(10, 0.01);
  EXPECT_FALSE(meter_.is_overloaded());
}

TEST_F(LoadMeterTest, says_nothing_of_a_shard_without_matches) {
  for (int second = 0; second < 60; ++second) meter_.note(now_ += 1s, 10, 10);
  EXPECT_FALSE(meter_.is_overloaded());
}

}  // namespace
}  // namespace netcode
