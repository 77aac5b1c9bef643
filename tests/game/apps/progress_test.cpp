#include "game/apps/bots/progress.hpp"

#include <gtest/gtest.h>

#include "arena_generated.h"
#include "game/wire/world.hpp"
#include "support.hpp"

namespace game::apps {
namespace {

/// A snapshot of two players; one without players too.
class ProgressTest : public testing::Test {
 protected:
  ProgressTest() {
    match_.start(2);
    match_.player(1).score = 3;
    match_.player(2).score = 11;
    match_.player(2).deaths = 4;
  }
  const arena::World& world() {
    builder_.Clear();
    builder_.Finish(wire::write_world(match_.state, "bare", builder_));
    return *flatbuffers::GetRoot<arena::World>(builder_.GetBufferPointer());
  }
  const arena::World& world_without_players() {
    builder_.Clear();
    builder_.Finish(arena::CreateWorld(builder_));
    return *flatbuffers::GetRoot<arena::World>(builder_.GetBufferPointer());
  }

  test::Match match_;
  flatbuffers::FlatBufferBuilder builder_;
};

const std::string kHead = "        player                           score deaths\n";
const std::string kAda = "        player 1                             3      0\n";
const std::string kEve = "        player 2                            11      4\n";

TEST_F(ProgressTest, scores_have_the_best_first_and_are_none_where_the_snapshot_has_none) {
  EXPECT_EQ(scoreboard(world()), kHead + kEve + kAda);
  EXPECT_EQ(scoreboard(world_without_players()), "");
}

TEST_F(ProgressTest, of_equal_scores_who_died_less_is_ahead) {
  match_.player(1).score = 11;
  EXPECT_LT(scoreboard(world()).find("player 1"), scoreboard(world()).find("player 2"));
}

TEST_F(ProgressTest, that_is_no_terminal_gets_lines_and_the_newest_scores_at_the_end) {
  testing::internal::CaptureStderr();
  Progress progress(true);
  progress.take(world());
  progress.take(world_without_players());
  progress.show("1 s");
  progress.show("2 s");
  progress.finish();
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "1 s\n2 s\n" + kHead + kEve + kAda);
}

TEST_F(ProgressTest, without_scores_is_lines_alone) {
  testing::internal::CaptureStderr();
  Progress progress(false);
  progress.take(world());
  progress.show("1 s");
  progress.finish();
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "1 s\n");
}

}  // namespace
}  // namespace game::apps
