#include "engine/app/replace_file.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace engine::app {
namespace {

namespace fs = std::filesystem;

class ReplaceFile : public testing::Test {
 protected:
  ReplaceFile() : folder_(fs::path(testing::TempDir()) / ("replace_file_" + std::to_string(::getpid()))) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~ReplaceFile() override { fs::remove_all(folder_); }
  static std::string read(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  /// Whatever was done, nothing else lies about.
  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(fs::recursive_directory_iterator(folder_), fs::recursive_directory_iterator()));
  }
  fs::path folder_;
};

TEST_F(ReplaceFile, makes_it_with_its_folders) {
  const fs::path path = folder_ / "a" / "b" / "file";
  ASSERT_TRUE(replace_file(path.string(), "text"));
  EXPECT_EQ(read(path), "text");
}

TEST_F(ReplaceFile, leaves_a_link_a_link_and_writes_where_it_leads_to) {
  fs::create_directories(folder_ / "dotfiles");
  std::ofstream(folder_ / "dotfiles" / "real") << "old";
  fs::create_symlink("dotfiles/real", folder_ / "link");          // from the link's own folder
  fs::create_symlink(folder_ / "link", folder_ / "second_link");  // and from the root
  ASSERT_TRUE(replace_file((folder_ / "second_link").string(), "new"));
  EXPECT_TRUE(fs::is_symlink(folder_ / "link"));
  EXPECT_TRUE(fs::is_symlink(folder_ / "second_link"));
  EXPECT_EQ(read(folder_ / "dotfiles" / "real"), "new");
  EXPECT_EQ(files(), 4U);
}

TEST_F(ReplaceFile, makes_what_a_link_leads_to_where_there_is_nothing_yet) {
  fs::create_symlink(folder_ / "real", folder_ / "link");
  ASSERT_TRUE(replace_file((folder_ / "link").string(), "new"));
  EXPECT_TRUE(fs::is_symlink(folder_ / "link"));
  EXPECT_EQ(read(folder_ / "real"), "new");
}

TEST_F(ReplaceFile, says_where_a_link_leads_that_cannot_be_followed) {
  fs::create_symlink("away/real", folder_ / "link");
  const auto away = replace_file((folder_ / "link").string(), "new");
  ASSERT_FALSE(away);
  EXPECT_NE(away.error().reason.find("away/real"), std::string::npos) << away.error().reason;

  fs::create_symlink("b", folder_ / "a");
  fs::create_symlink("a", folder_ / "b");
  const auto round = replace_file((folder_ / "a").string(), "new");
  ASSERT_FALSE(round);
  EXPECT_NE(round.error().reason.find("circles"), std::string::npos) << round.error().reason;
  EXPECT_EQ(files(), 3U);
}

TEST_F(ReplaceFile, keeps_its_permissions) {
  const fs::path path = folder_ / "file";
  std::ofstream(path) << "old";
  ASSERT_EQ(::chmod(path.c_str(), 0640), 0);
  ASSERT_TRUE(replace_file(path.string(), "new"));
  struct ::stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0640U);
}

TEST_F(ReplaceFile, takes_the_place_of_a_draft_that_was_left_behind) {
  std::ofstream(folder_ / "file.new") << "half of";
  ASSERT_TRUE(replace_file((folder_ / "file").string(), "new"));
  EXPECT_EQ(read(folder_ / "file"), "new");
  EXPECT_EQ(files(), 1U);
}

TEST_F(ReplaceFile, says_that_it_cannot_be_written_and_keeps_the_old_text) {
  EXPECT_FALSE(replace_file(folder_.string(), "new")) << "a folder";
  const auto nowhere = replace_file("/proc/none/file", "new");
  ASSERT_FALSE(nowhere);
  EXPECT_NE(nowhere.error().reason.find("/proc/none"), std::string::npos) << nowhere.error().reason;
}

/// As on a full disk: not one byte more may be written.
TEST_F(ReplaceFile, keeps_the_old_text_where_there_is_no_room_for_the_new_one) {
  const fs::path path = folder_ / "file";
  std::ofstream(path) << "old";
  const auto before = std::signal(SIGXFSZ, SIG_IGN);
  ::rlimit had{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &had), 0);
  const ::rlimit none{.rlim_cur = 0, .rlim_max = had.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &none), 0);
  const auto written = replace_file(path.string(), "new");
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &had), 0);
  std::signal(SIGXFSZ, before);
  ASSERT_FALSE(written);
  EXPECT_NE(written.error().reason.find("cannot be written"), std::string::npos) << written.error().reason;
  EXPECT_EQ(read(path), "old");
  EXPECT_EQ(files(), 1U);
}

}  // namespace
}  // namespace engine::app
