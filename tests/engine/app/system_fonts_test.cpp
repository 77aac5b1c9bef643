#include "engine/app/system_fonts.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>

namespace engine::app {
namespace {

namespace fs = std::filesystem;

class FindFonts : public testing::Test {
 protected:
  FindFonts() { fs::create_directories(root_ + "/mine/deep"); }
  ~FindFonts() override { fs::remove_all(root_); }
  void make(const std::string& path) { std::ofstream(root_ + path) << "font"; }
  const std::string root_ = testing::TempDir() + "find_fonts_" + std::to_string(::getpid());
  static constexpr std::array<std::string_view, 2> kNames = {"b.ttf", "a.ttf"};
};

TEST_F(FindFonts, in_the_order_of_their_names_wherever_they_lie) {
  make("/mine/a.ttf");
  make("/mine/deep/b.ttf");
  make("/mine/c.ttf");
  const std::array<std::string, 1> folders = {root_};
  EXPECT_EQ(find_fonts(folders, kNames), (std::vector<std::string>{root_ + "/mine/deep/b.ttf", root_ + "/mine/a.ttf"}));
}

TEST_F(FindFonts, in_the_first_folder_that_has_them) {
  make("/mine/a.ttf");
  make("/mine/deep/a.ttf");
  const std::array<std::string, 3> folders = {root_ + "/nowhere", root_ + "/mine/deep", root_ + "/mine"};
  EXPECT_EQ(find_fonts(folders, kNames), (std::vector<std::string>{root_ + "/mine/deep/a.ttf"}));
}

TEST_F(FindFonts, and_none_where_there_are_none) {
  const std::array<std::string, 1> folders = {root_};
  EXPECT_TRUE(find_fonts(folders, kNames).empty());
  fs::create_directory_symlink(root_, root_ + "/mine/round");
  EXPECT_TRUE(find_fonts(folders, kNames).empty()) << "a folder that is linked into itself";
  EXPECT_FALSE(font_folders().empty());
}

}  // namespace
}  // namespace engine::app
