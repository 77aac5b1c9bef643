#include "engine/app/picture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "engine/app/canvas.hpp"
#include "golden.hpp"

namespace engine::app::test {
namespace {

using testing::HasSubstr;

std::string temporary(const std::string& name) {
  return (std::filesystem::path(testing::TempDir()) / ("scrim-picture-" + name)).string();
}

TEST(Picture, begins_transparent) {
  const Picture picture(3, 2);
  EXPECT_EQ(picture.at(2, 1), (Color{0, 0, 0, 0}));
}

TEST(Picture, comes_back_from_a_png_as_it_was) {
  Picture picture(37, 21);
  for (int y = 0; y < 21; ++y) {
    for (int x = 0; x < 37; ++x) {
      picture.row(y)[x] = 0xFF000000U | static_cast<std::uint32_t>(x * 6) << 16U | static_cast<std::uint32_t>(y * 11);
    }
  }
  const std::string path = temporary("solid.png");
  ASSERT_TRUE(picture.save_png(path));
  const auto loaded = Picture::load_png(path);
  ASSERT_TRUE(loaded) << loaded.error().reason;
  ASSERT_EQ(loaded->width(), 37);
  ASSERT_EQ(loaded->height(), 21);
  EXPECT_EQ(difference(picture, *loaded).max, 0);
  std::filesystem::remove(path);
}

TEST(Picture, keeps_what_shines_through_in_a_png) {
  Picture picture(64, 64);
  Canvas(picture).glow({32, 32}, 30, Color{250, 120, 40, 255});
  const std::string path = temporary("soft.png");
  ASSERT_TRUE(picture.save_png(path));
  const auto loaded = Picture::load_png(path);
  ASSERT_TRUE(loaded) << loaded.error().reason;
  EXPECT_LE(difference(picture, *loaded).max, 1);
  EXPECT_NEAR(loaded->at(32, 20).r, 250, 3) << "the colour is whole, only its alpha is not";
  std::filesystem::remove(path);
}

TEST(Picture, names_the_file_that_it_cannot_read) {
  const auto missing = Picture::load_png("/nowhere/at-all.png");
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().reason, HasSubstr("/nowhere/at-all.png"));

  const std::string path = temporary("broken.png");
  for (const char* bytes : {"", "no picture", "\x89PNG\r\n\x1a\n and no more"}) {
    std::ofstream(path) << bytes;
    const auto broken = Picture::load_png(path);
    ASSERT_FALSE(broken) << bytes;
    EXPECT_THAT(broken.error().reason, HasSubstr(path));
  }
  std::filesystem::remove(path);
}

TEST(Picture, refuses_a_png_that_ends_early) {
  Picture picture(64, 64);
  Canvas(picture).glow({32, 32}, 30, Color{250, 120, 40, 255});
  const std::string path = temporary("short.png");
  ASSERT_TRUE(picture.save_png(path));
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  const auto loaded = Picture::load_png(path);
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().reason, HasSubstr(path));
  std::filesystem::remove(path);
}

TEST(Picture, names_the_file_that_it_cannot_write) {
  const auto saved = Picture(4, 4).save_png("/nowhere/at-all.png");
  ASSERT_FALSE(saved);
  EXPECT_THAT(saved.error().reason, HasSubstr("/nowhere/at-all.png"));
  EXPECT_FALSE(Picture().save_png(temporary("empty.png"))) << "a picture of no pixels is no file";
}

}  // namespace
}  // namespace engine::app::test
