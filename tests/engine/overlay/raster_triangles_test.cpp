#include "raster_triangles.hpp"

#include <gtest/gtest.h>

namespace engine::app::overlay {
namespace {

constexpr std::uint8_t kSolidTexel = 255;
constexpr Texture kSolid{&kSolidTexel, 1, 1};
constexpr Scissors kAll{0, 0, 100, 100};
constexpr Color kRed = rgb(0xFF0000);

Corner corner(float x, float y, Color color = kRed, Point texture = {}) { return {{x, y}, texture, color}; }

/// As two triangles, as ImGui makes it.
void draw_box(Picture& picture, float left, float top, float right, float bottom, Color color,
              const Scissors& scissors = kAll) {
  const Corner a = corner(left, top, color), b = corner(right, top, color), c = corner(right, bottom, color),
               d = corner(left, bottom, color);
  draw_triangle(picture, {a, b, c}, kSolid, scissors);
  draw_triangle(picture, {a, c, d}, kSolid, scissors);
}

int lit(const Picture& picture) {
  int count = 0;
  for (int y = 0; y < picture.height(); ++y)
    for (int x = 0; x < picture.width(); ++x) count += picture.row(y)[x] != 0 ? 1 : 0;
  return count;
}

TEST(RasterTriangles, two_that_share_an_edge_cover_each_pixel_of_their_box_once) {
  for (const float off : {0.0F, 0.3F, 0.5F}) {
    Picture picture(40, 40);
    draw_box(picture, 5 + off, 7 + off, 25 + off, 19 + off, faded(kRed, 0.5F));
    EXPECT_EQ(lit(picture), 20 * 12) << off;
    const std::uint32_t first = picture.row(10)[15];
    for (int y = 8; y < 18; ++y)
      for (int x = 6; x < 24; ++x) ASSERT_EQ(picture.row(y)[x], first) << x << ", " << y << ": drawn twice";
  }
}

TEST(RasterTriangles, corners_in_either_order_are_the_same) {
  Picture one(20, 20), other(20, 20);
  draw_triangle(one, {corner(2, 2), corner(15, 4), corner(6, 17)}, kSolid, kAll);
  draw_triangle(other, {corner(6, 17), corner(15, 4), corner(2, 2)}, kSolid, kAll);
  EXPECT_GT(lit(one), 60);
  for (int y = 0; y < 20; ++y)
    for (int x = 0; x < 20; ++x) EXPECT_EQ(one.row(y)[x], other.row(y)[x]);
}

TEST(RasterTriangles, what_lies_outside_of_the_scissors_and_the_picture_is_left_alone) {
  Picture picture(40, 40);
  draw_box(picture, -100, -100, 100, 100, kRed, {10, 12, 30, 500});
  EXPECT_EQ(lit(picture), 20 * 28);
}

TEST(RasterTriangles, colours_run_from_corner_to_corner) {
  Picture picture(100, 4);
  const Color blue = rgb(0x0000FF);
  draw_triangle(picture, {corner(0, 0), corner(100, 0, blue), corner(100, 4, blue)}, kSolid, kAll);
  draw_triangle(picture, {corner(0, 0), corner(100, 4, blue), corner(0, 4)}, kSolid, kAll);
  EXPECT_NEAR(picture.at(0, 2).r, 254, 2);
  EXPECT_NEAR(picture.at(50, 2).r, 127, 2);
  EXPECT_NEAR(picture.at(50, 2).b, 128, 2);
  EXPECT_NEAR(picture.at(99, 2).b, 254, 2);
}

TEST(RasterTriangles, alpha_covers_what_is_there_by_its_share) {
  Picture picture(10, 10);
  draw_box(picture, 0, 0, 10, 10, rgb(0x00FF00));
  draw_box(picture, 0, 0, 10, 10, faded(kRed, 0.25F));
  EXPECT_NEAR(picture.at(5, 5).r, 64, 1);
  EXPECT_NEAR(picture.at(5, 5).g, 191, 1);
  EXPECT_EQ(picture.at(5, 5).a, 255);
}

TEST(RasterTriangles, texels_stand_on_whole_pixels) {
  const std::array<std::uint8_t, 4> texels = {255, 0, 0, 255};
  Picture picture(4, 4);
  const Texture texture{texels.data(), 2, 2};
  const auto at = [](float x, float y) { return corner(x, y, kRed, {(x - 1) / 2, (y - 1) / 2}); };
  draw_triangle(picture, {at(1, 1), at(3, 1), at(3, 3)}, texture, kAll);
  draw_triangle(picture, {at(1, 1), at(3, 3), at(1, 3)}, texture, kAll);
  EXPECT_EQ(lit(picture), 2);
  EXPECT_EQ(picture.at(1, 1), kRed);
  EXPECT_EQ(picture.at(2, 2), kRed);
}

TEST(RasterTriangles, one_without_an_area_is_nothing) {
  Picture picture(10, 10);
  draw_triangle(picture, {corner(1, 1), corner(5, 5), corner(9, 9)}, kSolid, kAll);
  draw_triangle(picture, {corner(3, 3), corner(3, 3), corner(3, 3)}, kSolid, kAll);
  EXPECT_EQ(lit(picture), 0);
}

}  // namespace
}  // namespace engine::app::overlay
