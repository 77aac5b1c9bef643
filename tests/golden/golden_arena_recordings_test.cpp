// Matches of the arena that were recorded once and are played by its rules for ever. If a change to the rules is meant,
// raise ArenaRules::kVersion and record them anew: --gtest_also_run_disabled_tests --gtest_filter='*written_anew*'.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "game/server/arena.hpp"
#include "game/server/arena_rules.hpp"
#include "netcode/replay_test.hpp"
#include "netcode/testing.hpp"

namespace game::server {
namespace {

using namespace std::chrono_literals;

/// By the mode that is played in it.
class GoldenArenaRecording : public testing::TestWithParam<const char*> {
 protected:
  std::string path() const { return std::string(SCRIM_SOURCE_DIR "/tests/golden/arena_") + GetParam() + ".scrim"; }
};
INSTANTIATE_TEST_SUITE_P(Modes, GoldenArenaRecording, testing::Values("ffa", "tdm", "instarail"),
                         [](const auto& mode) { return std::string(mode.param); });

TEST_P(GoldenArenaRecording, plays_as_it_was_recorded) {
  EXPECT_TRUE(netcode::testing::replay_test<ArenaRules>(path()));
}

// Eight bots, and one who watches them, without whom they would not play.
TEST_P(GoldenArenaRecording, DISABLED_is_written_anew) {
  netcode::ServerConfig config;
  config.quiet = true;
  config.seed = 2026;
  config.bots = 8;
  config.record_dir = testing::TempDir() + "golden_arena_" + GetParam();
  std::filesystem::remove_all(config.record_dir);
  std::filesystem::create_directories(config.record_dir);
  netcode::testing::TestBench bench(config);
  ASSERT_TRUE(define_arena(bench.server(), {.mode = GetParam(), .players_max = 8}));
  ASSERT_TRUE(bench.server().open(std::string(kArenaKind), "golden"));
  bench.start();
  const auto watcher = bench.client<ArenaRules>("watcher");
  watcher->join("golden", {.spectate = true});
  bench.run_for(30s);
  bench.stop();
  const auto recordings = bench.server().stats().recordings;
  ASSERT_EQ(recordings.size(), 1U);
  std::filesystem::copy_file(recordings.front(), path(), std::filesystem::copy_options::overwrite_existing);
}

}  // namespace
}  // namespace game::server
