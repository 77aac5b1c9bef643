// A recording as a test: what passes, and what a failure says.
#include "netcode/replay_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "games/counter.hpp"
#include "games/crowd.hpp"
#include "recorded.hpp"
#include "temp_recording.hpp"

namespace netcode {
namespace {

using test_games::counter_kind;
using test_recordings::record;
using test_recordings::TempRecording;
using ::testing::HasSubstr;

/// After tick 100 it counts one more than it did when it was recorded.
class Hasty : public counter::Game {
 public:
  void tick(Context& ctx) override {
    counter::Game::tick(ctx);
    if (ctx.tick() == 100) counter::Game::tick(ctx);
  }
};

TEST(ReplayTest, passes_where_the_rules_play_the_match_as_it_was) {
  const TempRecording file(record(counter_kind(), {.ticks = 200}).bytes);
  EXPECT_TRUE(testing::replay_test<counter::Game>(file.path()));
}

TEST(ReplayTest, plays_the_match_whatever_its_server_called_that_kind) {
  auto kind = counter_kind();
  kind.name = "counting";
  const TempRecording file(record(kind, {.ticks = 60}).bytes);
  EXPECT_TRUE(testing::replay_test<counter::Game>(file.path()));
}

TEST(ReplayTest, takes_rules_that_a_factory_makes) {
  class Given : public counter::Game {
   public:
    explicit Given(int& made) { ++made; }
  };
  int made = 0;
  const TempRecording file(record(counter_kind(), {.ticks = 60}).bytes);
  EXPECT_TRUE(testing::replay_test<Given>(file.path(), [&made] { return std::make_unique<Given>(made); }));
  EXPECT_GT(made, 0);
}

TEST(ReplayTest, fails_with_the_tick_and_the_field_that_are_not_as_they_were) {
  const TempRecording file(record(counter_kind(), {.ticks = 400, .keyframe_interval_ticks = 150}).bytes);
  const ::testing::AssertionResult result = testing::replay_test<Hasty>(file.path());
  EXPECT_FALSE(result);
  EXPECT_THAT(result.message(), HasSubstr(file.path() + ", tick 1"));
  EXPECT_THAT(result.message(), HasSubstr("recorded != played: "));
}

TEST(ReplayTest, plays_a_match_whose_server_was_killed_as_far_as_it_goes) {
  const TempRecording file(record(counter_kind(), {.ticks = 200, .finish = false}).bytes);
  EXPECT_TRUE(testing::replay_test<counter::Game>(file.path()));
}

TEST(ReplayTest, fails_where_nothing_was_played) {
  EXPECT_FALSE(testing::replay_test<counter::Game>("/no/such/file.scrim"));
  const TempRecording empty(record(counter_kind(), {.ticks = 0}).bytes);
  const ::testing::AssertionResult result = testing::replay_test<counter::Game>(empty.path());
  EXPECT_FALSE(result);
  EXPECT_THAT(result.message(), HasSubstr("it holds no tick"));
}

}  // namespace
}  // namespace netcode
