#include "client/stall_detector.hpp"

#include <gtest/gtest.h>

namespace netcode::client {
namespace {

using namespace std::chrono_literals;

constexpr engine::Duration kInterval = 33'333'333ns;

class StallDetectorTest : public ::testing::Test {
 protected:
  /// Snapshots in time, for so long.
  void steady(engine::Duration time) {
    for (engine::Duration passed{}; passed < time; passed += kInterval) {
      now_ += kInterval;
      found_ |= detector_.arrived(now_);
    }
  }
  /// Nothing for so long, and then so many at one instant.
  void burst(engine::Duration gap, int snapshots, engine::Duration apart = 0ms) {
    now_ += gap;
    for (int i = 0; i < snapshots; ++i) {
      found_ |= detector_.arrived(now_);
      now_ += apart;
    }
  }

  StallDetector detector_{kInterval};
  engine::TimePoint now_{1h};
  bool found_ = false;
};

TEST_F(StallDetectorTest, finds_two_bursts_within_fifteen_seconds) {
  steady(1s);
  burst(150ms, 4);
  steady(10s);
  EXPECT_FALSE(found_) << "one may be chance";
  burst(100ms, 3, 2ms);
  EXPECT_TRUE(found_);
}

TEST_F(StallDetectorTest, forgives_a_burst_every_twenty_seconds) {
  for (int i = 0; i < 10; ++i) {
    burst(200ms, 5);
    steady(20s);
  }
  EXPECT_FALSE(found_);
}

TEST_F(StallDetectorTest, leaves_a_late_server_be) {
  for (int i = 0; i < 30; ++i) {
    burst(200ms, 1);  // late, and nothing was sent meanwhile
    steady(500ms);
    burst(200ms, 2);  // it caught up
    steady(500ms);
  }
  EXPECT_FALSE(found_);
}

TEST_F(StallDetectorTest, leaves_jitter_be) {
  for (int i = 0; i < 100; ++i) {
    burst(60ms, 1);
    burst(6ms, 1);
    steady(200ms);
  }
  EXPECT_FALSE(found_);
}

TEST_F(StallDetectorTest, leaves_snapshots_be_that_come_after_a_gap_one_by_one) {
  for (int i = 0; i < 10; ++i) {
    burst(150ms, 4, 10ms);
    steady(1s);
  }
  EXPECT_FALSE(found_);
}

TEST_F(StallDetectorTest, takes_a_pause_of_its_own_program_for_no_stall) {
  for (int i = 0; i < 10; ++i) {
    detector_.looked(now_);
    burst(0ms, 1);
    now_ += 200ms;
    detector_.looked(now_);
    burst(0ms, 6);
    for (int frame = 0; frame < 60; ++frame) {
      detector_.looked(now_ += 16ms);
      if (frame % 2 == 0) burst(0ms, 1);
    }
  }
  EXPECT_FALSE(found_);
}

TEST_F(StallDetectorTest, finds_bursts_in_a_program_that_looks_sixty_times_a_second) {
  for (int i = 0; i < 2; ++i) {
    for (int frame = 0; frame < 60; ++frame) {
      detector_.looked(now_ += 16ms);
      if (frame % 2 == 0) burst(0ms, 1);
    }
    for (int frame = 0; frame < 15; ++frame) detector_.looked(now_ += 16ms);
    burst(0ms, 7);
  }
  EXPECT_TRUE(found_);
}

}  // namespace
}  // namespace netcode::client
