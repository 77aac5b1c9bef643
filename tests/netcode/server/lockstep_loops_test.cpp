#include "testing/lockstep_loops.hpp"

#include <gtest/gtest.h>

#include <set>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using netcode::testing::LockstepLoops;

namespace {

TEST(LockstepLoops, run_on_threads_of_their_own_and_the_first_on_the_callers) {
  LockstepLoops loops(3);
  std::vector<std::thread::id> ids(3);
  for (std::size_t i = 0; i < 3; ++i) loops.loop(i).post([&ids, i] { ids[i] = std::this_thread::get_id(); });
  loops.run_ready();
  EXPECT_EQ(ids[0], std::this_thread::get_id());
  EXPECT_EQ(std::set(ids.begin(), ids.end()).size(), 3U);
}

TEST(LockstepLoops, are_done_with_a_step_when_nobody_has_anything_left_to_do_in_it) {
  LockstepLoops loops(3);
  int passed = 0;
  std::function<void(int)> pass = [&](int left) {
    ++passed;
    if (left > 0) loops.loop(static_cast<std::size_t>(left) % 3).post([&pass, left] { pass(left - 1); });
  };
  loops.loop(1).post([&] { pass(999); });
  loops.run_ready();
  EXPECT_EQ(passed, 1000);
}

TEST(LockstepLoops, run_timers_at_their_time_and_in_order) {
  LockstepLoops loops(2);
  const auto begin = loops.now();
  std::vector<std::pair<int, engine::Duration>> ran;
  auto& loop = loops.loop(1);
  const auto note = [&](int which) { ran.emplace_back(which, loop.now() - begin); };
  loop.call_at(begin + 30ms, [&] { note(3); });
  loop.call_at(begin + 5ms, [&] { note(1); });
  const auto cancelled = loop.call_at(begin + 6ms, [&] { note(9); });
  loop.call_at(begin + 7ms, [&] { note(2); });
  loop.cancel(cancelled);
  loops.run_for(29ms);
  EXPECT_EQ(ran.size(), 2U);
  loops.run_for(1ms);
  EXPECT_EQ(ran, (std::vector<std::pair<int, engine::Duration>>{{1, 5ms}, {2, 7ms}, {3, 30ms}}));
  EXPECT_EQ(loops.now() - begin, 30ms);
}

TEST(LockstepLoops, give_up_waiting_at_the_deadline) {
  LockstepLoops loops(2);
  const auto begin = loops.now();
  EXPECT_FALSE(loops.run_until([] { return false; }, 1min));
  EXPECT_EQ(loops.now() - begin, 1min);
  EXPECT_TRUE(loops.run_until([] { return true; }, 1min));
  EXPECT_EQ(loops.now() - begin, 1min);
}

TEST(LockstepLoops, let_go_of_what_waits_at_the_end) {
  const auto kept = std::make_shared<int>(1);
  {
    LockstepLoops loops(3);
    loops.loop(2).post([kept] {});
    loops.loop(1).call_at(loops.now() + 1h, [kept] {});
  }
  EXPECT_EQ(kept.use_count(), 1);
}

}  // namespace
