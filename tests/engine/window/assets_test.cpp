#include "engine/app/assets.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>

namespace engine::app {
namespace {

namespace fs = std::filesystem;

TEST(Assets, are_beside_the_programs_folder) {
  const fs::path program = fs::read_symlink("/proc/self/exe");
  EXPECT_EQ(assets_dir("game"), (program.parent_path().parent_path() / "share" / "game").string());
}

TEST(Assets, that_are_missing_are_named) {
  const auto found = find_asset("game", "sounds/none.wav");
  ASSERT_FALSE(found);
  EXPECT_NE(found.error().reason.find("share/game/sounds/none.wav"), std::string::npos) << found.error().reason;
}

class ConfigDir : public testing::Test {
 protected:
  ConfigDir() : folder_(fs::path(testing::TempDir()) / ("scrim_config_" + std::to_string(::getpid()))) {
    fs::create_directories(folder_);
  }
  ~ConfigDir() override {
    ::unsetenv("XDG_CONFIG_HOME");
    fs::permissions(folder_, fs::perms::owner_all);
    fs::remove_all(folder_);
  }
  fs::path folder_;
};

TEST_F(ConfigDir, is_made_where_the_user_keeps_such_things) {
  ::setenv("XDG_CONFIG_HOME", (folder_ / "deep" / "er").c_str(), 1);
  const auto dir = config_dir("game");
  ASSERT_TRUE(dir) << dir.error().reason;
  EXPECT_EQ(*dir, (folder_ / "deep" / "er" / "game").string());
  EXPECT_TRUE(fs::is_directory(*dir));
}

TEST_F(ConfigDir, that_cannot_be_made_is_named) {
  ::setenv("XDG_CONFIG_HOME", "/dev/null", 1);
  const auto dir = config_dir("game");
  ASSERT_FALSE(dir);
  EXPECT_NE(dir.error().reason.find("/dev/null/game"), std::string::npos) << dir.error().reason;
}

}  // namespace
}  // namespace engine::app
