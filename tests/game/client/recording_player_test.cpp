// A recorded match, watched: its player and what hands do with it.
// Tests also: replay_controls.cpp.
#include "game/apps/scrim/recording_player.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "game/apps/scrim/replay_controls.hpp"
#include "game/server/arena_rules.hpp"
#include "match_driver.hpp"
#include "netcode/testing.hpp"

namespace game::apps {
namespace {

using namespace std::chrono_literals;
using client::test::ScreenDriver;
using testing::ContainsRegex;
using testing::HasSubstr;

/// Five seconds of one who flies alone, in a file.
class RecordingPlayerTest : public testing::Test {
 protected:
  RecordingPlayerTest() { std::filesystem::create_directories(folder_); }
  ~RecordingPlayerTest() override { std::filesystem::remove_all(folder_); }

  std::string recorded() const {
    netcode::ServerConfig config;
    config.seed = 3;
    config.record_dir = folder_;
    netcode::testing::TestBench bench(std::move(config));
    netcode::MatchOptions options;
    options.map = std::make_shared<const netcode::Bytes>(game::test::foundry_bytes());
    bench.server().define<server::ArenaRules>("arena", std::move(options));
    bench.start();
    const auto ada = bench.client<server::ArenaRules>("ada");
    ada->join("m");
    EXPECT_TRUE(bench.run_until([&] { return ada->world() != nullptr; }, 5s)) << ada->reason();
    bench.run_for(5s);
    bench.stop();
    const auto recordings = bench.server().stats().recordings;
    return recordings.size() == 1 ? recordings.front() : std::to_string(recordings.size()) + " recordings";
  }
  std::unique_ptr<RecordingPlayer> opened() const {
    auto player = RecordingPlayer::open(recorded());
    EXPECT_TRUE(player) << player.error().reason;
    return player ? std::move(*player) : nullptr;
  }

  const std::string folder_ = testing::TempDir() + "scrim_recording_player_" + std::to_string(::getpid());
};

TEST_F(RecordingPlayerTest, plays_a_recording_to_its_end_into_a_screen) {
  const auto player = opened();
  ASSERT_TRUE(player);
  ScreenDriver driver(player->map(), sim::kNobody);
  EXPECT_THAT(player->words(), ContainsRegex("^0:00 of 0:0[0-9]   1x$"));
  for (int frame = 0; frame < 122; ++frame) player->update(1.0 / 60, *driver.screen);
  EXPECT_FALSE(player->is_over());
  EXPECT_THAT(player->words(), HasSubstr("0:02 of "));
  driver.now_s = player->clock_s();
  driver.update();
  EXPECT_EQ(driver.screen->scene().ships.size(), 1U);
  for (int frame = 0; frame < 600 && !player->is_over(); ++frame) player->update(1.0 / 60, *driver.screen);
  EXPECT_TRUE(player->is_over());
  EXPECT_THAT(player->words(), HasSubstr("   the end"));
}

TEST_F(RecordingPlayerTest, stands_goes_on_and_changes_its_speed_by_key) {
  const auto player = opened();
  ASSERT_TRUE(player);
  ScreenDriver driver(player->map(), sim::kNobody);
  client::test::Keys keys;
  const auto press = [&](std::string_view button) {
    keys.down(button);
    keys.frame();
    control_replay(*player, keys.controls());
    keys.up(button);
    keys.frame();
    control_replay(*player, keys.controls());
  };
  press("Space");
  EXPECT_TRUE(player->is_paused());
  player->update(1, *driver.screen);
  EXPECT_EQ(player->clock_s(), 0);
  EXPECT_THAT(player->words(), HasSubstr("   paused"));
  press("Space");
  press("=");
  EXPECT_THAT(player->words(), HasSubstr("   2x"));
  for (int times = 0; times < 9; ++times) press("-");
  EXPECT_THAT(player->words(), HasSubstr("   0.25x")) << "and no slower";
}

TEST_F(RecordingPlayerTest, words_and_keys_stand_below_the_picture) {
  const auto player = opened();
  ASSERT_TRUE(player);
  const client::test::Keys keys;
  client::test::Sheet sheet;
  auto art = client::MenuArt::open(SCRIM_FONTS_DIR);
  ASSERT_TRUE(art) << art.error().reason;
  draw_replay_words(sheet.canvas, *player, keys.controls(), engine::app::Device::kKeyboard, *art);
  EXPECT_GT(sheet.lit({20, 670, 400, 40}), 0);
  EXPECT_GT(sheet.lit({800, 670, 460, 40}), 0);
  EXPECT_EQ(sheet.lit({0, 0, 1280, 640}), 0);
}

TEST_F(RecordingPlayerTest, says_what_is_wrong_with_a_file) {
  const auto missing = RecordingPlayer::open(folder_ + "/none.scrim");
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().reason, HasSubstr("No such file"));
  std::ofstream(folder_ + "/text.scrim") << "no recording at all, but long enough to be looked at";
  EXPECT_FALSE(RecordingPlayer::open(folder_ + "/text.scrim"));
}

}  // namespace
}  // namespace game::apps
