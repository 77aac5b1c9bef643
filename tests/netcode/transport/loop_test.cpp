// manual_loop, io_loop and timer_queue: tasks and timers in order.
// Tests also: io_loop.cpp, manual_loop.cpp, timer_queue.cpp.
#include "transport/loop/loop.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>

#include "simnet/manual_loop.hpp"
#include "test_world.hpp"
#include "transport/loop/io_loop.hpp"

namespace netcode::transport {
namespace {

TEST(ManualLoop, time_moves_only_when_told_to) {
  ManualLoop loop;
  const auto start = loop.now();
  loop.run_ready();
  EXPECT_EQ(loop.now(), start);
  loop.run_for(3s);
  EXPECT_EQ(loop.now(), start + 3s);
  loop.run_until(start);
  EXPECT_EQ(loop.now(), start + 3s) << "never backwards";
}

TEST(ManualLoop, timers_run_in_order_of_time_each_at_its_own) {
  ManualLoop loop;
  const auto start = loop.now();
  std::vector<std::pair<int, engine::Duration>> ran;
  const auto timer = [&](int id, engine::Duration after) {
    loop.call_at(start + after, [&ran, &loop, start, id] { ran.emplace_back(id, loop.now() - start); });
  };
  timer(1, 30ms);
  timer(2, 10ms);
  timer(3, 10ms);
  timer(4, 50ms);
  loop.run_for(40ms);
  EXPECT_EQ(ran, (std::vector<std::pair<int, engine::Duration>>{{2, 10ms}, {3, 10ms}, {1, 30ms}}));
}

TEST(ManualLoop, what_is_posted_at_an_instant_runs_before_its_next_timer) {
  ManualLoop loop;
  std::string order;
  loop.call_at(loop.now(), [&] {
    order += 'a';
    loop.post([&] { order += 'b'; });
  });
  loop.call_at(loop.now(), [&] { order += 'c'; });
  loop.run_ready();
  EXPECT_EQ(order, "abc");
}

TEST(ManualLoop, a_condition_ends_the_run_at_the_moment_it_holds) {
  ManualLoop loop;
  const auto start = loop.now();
  bool done = false;
  loop.call_at(start + 5ms, [&] { done = true; });
  EXPECT_TRUE(loop.run_until([&] { return done; }, 1s));
  EXPECT_EQ(loop.now(), start + 5ms);
  EXPECT_FALSE(loop.run_until([] { return false; }, 1s));
  EXPECT_EQ(loop.now(), start + 5ms + 1s);
}

TEST(ManualLoop, lets_go_of_tasks_that_post_and_cancel_as_they_go) {
  struct Cleaner {
    Cleaner(ManualLoop& loop_given, Loop::TimerId timer_given) : loop(loop_given), timer(timer_given) {}
    ManualLoop& loop;
    Loop::TimerId timer;
    ~Cleaner() {
      loop.cancel(timer);
      loop.post([] {});
    }
  };
  ManualLoop loop;
  const auto timer = loop.call_at(loop.now() + 1s, [] {});
  loop.call_at(loop.now() + 2s, [cleaner = std::make_shared<Cleaner>(loop, timer)] { (void)cleaner; });
  loop.post([cleaner = std::make_shared<Cleaner>(loop, timer)] { (void)cleaner; });
}

/// What any loop does, with time scaled so that a real one is quick.
template <class T>
struct Runner;
template <>
struct Runner<ManualLoop> {
  ManualLoop loop;
  void run() { loop.run_for(20ms); }
};
template <>
struct Runner<IoLoop> {
  IoLoop loop;
  void run() { loop.run_for(20ms); }
};

template <class T>
class AnyLoop : public testing::Test, public Runner<T> {};
using Loops = testing::Types<ManualLoop, IoLoop>;
TYPED_TEST_SUITE(AnyLoop, Loops);

TYPED_TEST(AnyLoop, runs_posts_in_order) {
  std::string order;
  for (const char c : {'a', 'b', 'c'}) this->loop.post([&order, c] { order += c; });
  EXPECT_EQ(order, "") << "posting runs nothing";
  this->run();
  EXPECT_EQ(order, "abc");
}

TYPED_TEST(AnyLoop, runs_timers_in_order_and_none_before_it_is_due) {
  std::string order;
  const auto start = this->loop.now();
  for (const auto& [c, after] : {std::pair{'c', 3ms}, std::pair{'a', 1ms}, std::pair{'b', 2ms}, std::pair{'d', 3ms}}) {
    this->loop.call_at(start + after, [this, &order, start, c = c, after = after] {
      EXPECT_GE(this->loop.now(), start + after);
      order += c;
    });
  }
  this->run();
  EXPECT_EQ(order, "abcd");
}

TYPED_TEST(AnyLoop, a_cancelled_timer_does_not_run) {
  bool ran = false;
  const auto now = this->loop.now();
  const auto timer = this->loop.call_at(now + 1ms, [&] { ran = true; });
  this->loop.cancel(timer);
  this->loop.cancel(timer);
  this->loop.cancel({});
  this->loop.cancel({12345});
  const auto second = this->loop.call_at(now, [] {});
  this->run();
  this->loop.cancel(second);
  EXPECT_FALSE(ran);
}

TYPED_TEST(AnyLoop, a_timer_may_cancel_another_that_is_due_at_the_same_moment) {
  bool ran = false;
  const auto due = this->loop.now() + 1ms;
  Loop::TimerId second;
  this->loop.call_at(due, [&] { this->loop.cancel(second); });
  second = this->loop.call_at(due, [&] { ran = true; });
  this->run();
  EXPECT_FALSE(ran);
}

TYPED_TEST(AnyLoop, a_timer_in_the_past_runs_soon) {
  bool ran = false;
  this->loop.call_at(this->loop.now() - 1s, [&] { ran = true; });
  EXPECT_FALSE(ran);
  this->run();
  EXPECT_TRUE(ran);
}

TYPED_TEST(AnyLoop, an_earlier_timer_set_later_still_runs_first) {
  std::string order;
  const auto start = this->loop.now();
  this->loop.call_at(start + 10ms, [&] { order += 'b'; });
  this->loop.call_at(start + 1ms, [&] { order += 'a'; });
  this->run();
  EXPECT_EQ(order, "ab");
}

TYPED_TEST(AnyLoop, takes_posts_from_other_threads) {
  int sum = 0;
  std::thread other([&] {
    for (int i = 0; i < 1000; ++i) this->loop.post([&] { ++sum; });
  });
  other.join();
  this->run();
  EXPECT_EQ(sum, 1000);
}

TEST(IoLoop, runs_until_it_is_stopped_from_another_thread) {
  IoLoop loop;
  std::atomic<int> tasks = 0;
  std::thread other([&] { loop.run(); });
  loop.post([&] { ++tasks; });
  loop.post([&] {
    ++tasks;
    loop.stop();
  });
  other.join();
  EXPECT_EQ(tasks, 2);
  loop.post([&] { ++tasks; });
  loop.poll();
  EXPECT_EQ(tasks, 3) << "and can be run again";
}

TEST(IoLoop, poll_does_not_wait) {
  IoLoop loop;
  bool ran = false;
  loop.call_at(loop.now() + 1h, [&] { ran = true; });
  loop.poll();
  EXPECT_FALSE(ran);
}

}  // namespace
}  // namespace netcode::transport
