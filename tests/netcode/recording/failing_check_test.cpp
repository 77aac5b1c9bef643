// What fails, of commands and of rules.
#include "recording/edit/failing_check.hpp"

#include <gtest/gtest.h>

#include <sys/types.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <thread>

#include "games/counter.hpp"
#include "games/crowd.hpp"
#include "recorded.hpp"
#include "temp_recording.hpp"

namespace netcode::recording {
namespace {

using namespace std::chrono_literals;
using test_games::counter_kind;
using test_recordings::record;
using test_recordings::TempRecording;

bool fails(const std::string& command, const std::string& path, std::chrono::seconds at_most = 60s) {
  return FailingCheck(command, test_games::all_types(), at_most)(path);
}

TEST(FailingCheck, asks_a_command_which_is_given_the_path) {
  const TempRecording file(Bytes{1, 2, 3}, " it's");
  EXPECT_FALSE(fails("test -s", file.path()));
  EXPECT_FALSE(fails("test -s {} -a -f {}", file.path()));
  EXPECT_TRUE(fails("test -d", file.path()));
  EXPECT_TRUE(fails("exit 3; :", file.path()));
}

TEST(FailingCheck, takes_a_signal_for_a_failure_and_what_never_ends_for_none) {
  EXPECT_TRUE(fails("kill -ABRT $$; :", "x"));
  EXPECT_FALSE(fails("exec sleep 100; :", "x", 1s));
}

TEST(FailingCheck, leaves_nothing_running_that_a_command_has_started) {
  const TempRecording file(Bytes{});
  EXPECT_FALSE(fails("sh -c 'sleep 100 & echo $! > {}; exit 0' x {}", file.path()));
  pid_t started = 0;
  std::ifstream(file.path()) >> started;
  ASSERT_GT(started, 0);
  std::string state;
  for (int i = 0; i < 1000 && ::kill(started, 0) == 0; ++i) {  // killed, it may still be its parent's to bury
    std::ifstream stat("/proc/" + std::to_string(started) + "/stat");
    std::string skipped;
    stat >> skipped >> skipped >> state;
    if (state == "Z") break;
    std::this_thread::yield();
  }
  EXPECT_TRUE(::kill(started, 0) != 0 || state == "Z");
}

TEST(FailingCheck, verifies_in_a_child_which_alone_ends_by_an_assertion) {
  class Asserting : public counter::Game {
   public:
    void act(Context& ctx, PlayerId player, const counter::Move& move) override {
      if (ctx.tick() > 40) std::abort();
      counter::Game::act(ctx, player, move);
    }
  };
  const TempRecording long_one(record(counter_kind(), {.ticks = 80}).bytes, "_long");
  const TempRecording short_one(record(counter_kind(), {.ticks = 30}).bytes, "_short");
  const RulesTypes types{{"counter", rules_type<Asserting>()}};
  FailingCheck check("verify", types, 60s);
  EXPECT_FALSE(check(short_one.path()));
  EXPECT_TRUE(check(long_one.path()));
  EXPECT_FALSE(check(short_one.path()));
}

TEST(FailingCheck, knows_the_failure_that_it_saw_first_from_another) {
  const TempRecording good(record(counter_kind(), {.ticks = 130}).bytes, "_good");
  Bytes bytes = record(counter_kind(), {.ticks = 130}).bytes;
  bytes[bytes.size() - 300] ^= 1;
  const TempRecording damaged(bytes, "_damaged");
  const RulesTypes types = test_games::all_types();
  FailingCheck check("verify", types, 60s);
  EXPECT_FALSE(check(good.path()));
  EXPECT_TRUE(check(damaged.path()));
  EXPECT_FALSE(check("/no/such/file")) << "it fails as well, but not so";
  EXPECT_TRUE(check(damaged.path()));
}

}  // namespace
}  // namespace netcode::recording
