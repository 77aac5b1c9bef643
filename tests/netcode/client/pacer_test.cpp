#include "client/pacer.hpp"

#include <gtest/gtest.h>

namespace netcode::client {
namespace {

using namespace std::chrono_literals;

const engine::TimePoint kStart{1h};

int take_all(Pacer& pacer, engine::TimePoint now) {
  int taken = 0;
  while (pacer.due(now)) ++taken;
  return taken;
}

TEST(Pacer, is_due_once_per_tick_whatever_the_frame_rate) {
  for (const auto frame : {1ms, 5ms, 7ms, 33ms}) {
    SCOPED_TRACE(frame.count());
    Pacer pacer(60, kStart);
    int due = 0;
    for (auto now = kStart; now < kStart + 60s; now += frame) due += take_all(pacer, now);
    EXPECT_NEAR(due, 3600, 2);
  }
}

TEST(Pacer, makes_up_for_a_short_pause_and_forgets_a_long_one) {
  Pacer pacer(60, kStart);
  take_all(pacer, kStart);
  EXPECT_EQ(take_all(pacer, kStart + 50ms), 3);
  EXPECT_EQ(take_all(pacer, kStart + 10s), 4);
  EXPECT_EQ(take_all(pacer, kStart + 10s), 0);
}

}  // namespace
}  // namespace netcode::client
