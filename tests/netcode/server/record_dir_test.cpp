#include "server/record_dir.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace netcode {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

class RecordDir : public ::testing::Test {
 protected:
  RecordDir() : root_(::testing::TempDir() + "scrim_record_dir_" + std::to_string(::getpid())) {
    fs::create_directory(root_);
  }
  ~RecordDir() override { fs::remove_all(root_); }
  const std::string root_;
};

}  // namespace

TEST_F(RecordDir, is_made_at_start_and_only_looked_at_by_a_check) {
  const std::string path = root_ + "/recordings";
  EXPECT_TRUE(check_record_dir(path));
  EXPECT_TRUE(fs::is_empty(root_)) << "a check leaves nothing behind";
  EXPECT_TRUE(prepare_record_dir(path));
  EXPECT_TRUE(prepare_record_dir(path + "/")) << "there already";
  EXPECT_TRUE(check_record_dir(path));
  EXPECT_TRUE(fs::is_directory(path) && fs::is_empty(path));
}

TEST_F(RecordDir, where_no_file_can_be_made_is_refused_by_both_in_the_same_words) {
  std::ofstream(root_ + "/file") << "x";
  const std::string missing = root_ + "/no/such";
  for (const std::string& path : {std::string("/sys"), root_ + "/file"}) {
    const auto prepared = prepare_record_dir(path);
    const auto checked = check_record_dir(path);
    ASSERT_FALSE(prepared) << path;
    ASSERT_FALSE(checked) << path;
    EXPECT_EQ(prepared.error().reason, checked.error().reason);
    EXPECT_THAT(prepared.error().reason, HasSubstr("--record " + path + ": "));
  }
  EXPECT_FALSE(prepare_record_dir(missing));
  EXPECT_FALSE(check_record_dir(missing));
  EXPECT_FALSE(check_record_dir(root_ + "/file/below"));
}

}  // namespace netcode
