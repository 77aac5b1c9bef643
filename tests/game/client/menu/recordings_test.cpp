#include "game/client/menu/recordings.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>

namespace game::client {
namespace {

namespace fs = std::filesystem;

TEST(Recordings, are_found_newest_first_in_every_folder) {
  const fs::path folder = fs::path(testing::TempDir()) / "scrim_recordings_test";
  fs::remove_all(folder);
  const fs::path there = folder / "there";
  const fs::path here = folder / "here";
  fs::create_directories(there);
  fs::create_directories(here / "a_folder.scrim");
  const auto now = fs::file_time_type::clock::now();
  const auto make = [&](const fs::path& path, int bytes, int age_s) {
    std::ofstream(path) << std::string(static_cast<std::size_t>(bytes), 'x');
    fs::last_write_time(path, now - std::chrono::seconds(age_s));
  };
  make(here / "old.scrim", 10, 300);
  make(there / "new.scrim", 2'000'000, 1);
  make(here / "middle.scrim", 1500, 60);
  make(here / "notes.txt", 5, 2);

  const std::vector<std::string> folders = {here.string(), there.string(), (folder / "nowhere").string()};
  const std::vector<RecordingFile> found = find_recordings(folders);
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].name, "new");
  EXPECT_EQ(found[0].path, (there / "new.scrim").string());
  EXPECT_EQ(found[1].name, "middle");
  EXPECT_EQ(found[2].name, "old");
  EXPECT_EQ(found[2].bytes, 10U);
  EXPECT_EQ(found[0].date.size(), std::string("2026-11-20 09:37").size());
}

TEST(Recordings, have_their_size_in_words) {
  EXPECT_EQ(size_in_words(0), "0 B");
  EXPECT_EQ(size_in_words(999), "999 B");
  EXPECT_EQ(size_in_words(1500), "2 kB");
  EXPECT_EQ(size_in_words(1'440'000), "1.4 MB");
  EXPECT_EQ(size_in_words(2'000'000'000), "2.0 GB");
}

}  // namespace
}  // namespace game::client
