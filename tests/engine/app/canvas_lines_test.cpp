// Tests also: raster_line.cpp, raster_glow.cpp.
#include <gtest/gtest.h>

#include <cmath>
#include <deque>
#include <numbers>

#include "drawing.hpp"
#include "golden.hpp"

namespace engine::app::test {
namespace {

constexpr float kPi = std::numbers::pi_v<float>;

TEST(CanvasLine, covers_its_area_at_every_angle_and_width) {
  for (const float width : {1.0F, 1.5F, 3.0F, 8.0F, 30.0F}) {
    for (int i = 0; i < 24; ++i) {
      const float angle = kPi * static_cast<float>(i) / 12 + 0.01F;
      SCOPED_TRACE("width " + std::to_string(width) + ", angle " + std::to_string(angle));
      Sheet sheet(160, 160);
      const Point half = direction(angle) * 50;
      sheet.canvas.line(Point{80.2F, 79.7F} - half, Point{80.2F, 79.7F} + half, width, kWhiteInk);
      const double area = 100.0 * width + kPi * width * width / 4;
      EXPECT_NEAR(covered(sheet.picture) / area, 1, width == 1 ? 0.03 : 0.01);  // the thinnest ripples at 45 degrees
    }
  }
}

TEST(CanvasLine, fades_where_it_is_thinner_than_a_pixel) {
  Sheet sheet(160, 40);
  sheet.canvas.line({30, 10.3F}, {130, 30.1F}, 0.25F, kWhiteInk);
  EXPECT_LE(brightest(sheet.picture), 64);
  EXPECT_NEAR(covered(sheet.picture), 0.25 * std::hypot(100, 19.8), 0.6);
}

TEST(CanvasLine, has_round_ends) {
  Sheet line(60, 40);
  line.canvas.line({20, 20}, {40, 20}, 20, kWhiteInk);
  Sheet disc(60, 40);
  disc.canvas.disc({20, 20}, 10, kWhiteInk);
  for (int y = 0; y < 40; ++y) {
    for (int x = 0; x < 20; ++x) ASSERT_NEAR(line.red(x, y), disc.red(x, y), 1) << x << ", " << y;
  }
}

TEST(CanvasLine, of_no_length_is_a_dot) {
  Sheet line(20, 20);
  line.canvas.line({10.3F, 9.8F}, {10.3F, 9.8F}, 8, kWhiteInk);
  Sheet disc(20, 20);
  disc.canvas.disc({10.3F, 9.8F}, 4, kWhiteInk);
  EXPECT_LE(difference(line.picture, disc.picture).max, 1);
}

TEST(CanvasLine, from_far_beyond_the_picture_is_where_it_should_be) {
  Sheet near(100, 100);
  near.canvas.line({-10, 20}, {110, 80}, 3, kWhiteInk);
  EXPECT_NEAR(covered(near.picture), 3 * std::hypot(100, 50), 4);
  for (const float times : {10.0F, 1e3F, 1e5F}) {
    Sheet far(100, 100);
    far.canvas.line(Point{50, 50} - Point{2, 1} * 100 * times, Point{50, 50} + Point{2, 1} * 100 * times, 3, kWhiteInk);
    EXPECT_LE(difference(near.picture, far.picture).max, 1) << times;
  }
}

TEST(CanvasLine, fades_from_one_alpha_to_the_other) {
  Sheet sheet(120, 20);
  sheet.canvas.line({10, 10}, {110, 10}, 6, added(faded(kWhiteInk, 0)), added(kWhiteInk));
  for (int x = 11; x < 109; ++x) EXPECT_NEAR(sheet.red(x, 10), 2.55 * (x - 9.5), 2) << x;
}

TEST(CanvasLine, runs_from_one_colour_to_the_other) {
  Sheet sheet(120, 20);
  sheet.canvas.line({10, 10}, {110, 10}, 6, Color{255, 0, 0, 255}, Color{0, 0, 255, 255});
  EXPECT_EQ(sheet.picture.at(8, 10), (Color{255, 0, 0, 255}));
  EXPECT_EQ(sheet.picture.at(111, 10), (Color{0, 0, 255, 255}));
  EXPECT_NEAR(sheet.picture.at(59, 10).r, 128, 3);
  EXPECT_NEAR(sheet.picture.at(59, 10).b, 128, 3);
}

TEST(CanvasLine, keeps_its_fade_where_the_picture_cuts_it) {
  Sheet sheet(20, 20);
  sheet.canvas.line({-990, 10}, {1010, 10}, 6, added(faded(kWhiteInk, 0)), added(kWhiteInk));
  EXPECT_NEAR(sheet.red(10, 10), 128, 2);
  Sheet far_end(20, 20);
  far_end.canvas.line({-1990, 10}, {10, 10}, 6, added(faded(kWhiteInk, 0)), added(kWhiteInk));
  EXPECT_NEAR(far_end.red(9, 10), 255, 2);
}

const std::vector<Point> kZigzag = {{10, 50}, {30, 10}, {35, 50}, {60, 12}, {62, 50}, {90, 50}};

TEST(CanvasPolyline, covers_its_joints_and_crossings_once) {
  for (const bool closed : {false, true}) {
    Sheet over(100, 60);
    over.canvas.polyline(kZigzag, 8, faded(kWhiteInk, 0.5F), closed);
    EXPECT_EQ(brightest(over.picture), 128);
    Sheet light(100, 60);
    light.canvas.polyline(kZigzag, 8, added(faded(kWhiteInk, 0.5F)), closed);
    EXPECT_EQ(brightest(light.picture), 128);
    EXPECT_LE(difference(over.picture, light.picture).max, 0) << "on black, both are the same";
  }
}

TEST(CanvasPolyline, is_the_union_of_its_lines) {
  Sheet whole(100, 60);
  whole.canvas.polyline(kZigzag, 5, kWhiteInk);
  std::deque<Sheet> lines;
  for (std::size_t i = 0; i + 1 < kZigzag.size(); ++i) {
    lines.emplace_back(100, 60).canvas.line(kZigzag[i], kZigzag[i + 1], 5, kWhiteInk);
  }
  for (int y = 0; y < 60; ++y) {
    for (int x = 0; x < 100; ++x) {
      int most = 0;
      for (const Sheet& line : lines) most = std::max(most, line.red(x, y));
      ASSERT_NEAR(whole.red(x, y), most, 1) << x << ", " << y;
    }
  }
}

TEST(CanvasPolyline, in_pieces_looks_like_one_line) {
  std::vector<Point> pieces;
  for (int i = 0; i <= 10; ++i)
    pieces.push_back(mix(Point{10.2F, 12.9F}, Point{90.7F, 47.1F}, static_cast<float>(i) / 10));
  Sheet polyline(100, 60);
  polyline.canvas.polyline(pieces, 3, added(faded(kWhiteInk, 0.6F)));
  Sheet line(100, 60);
  line.canvas.line(pieces.front(), pieces.back(), 3, added(faded(kWhiteInk, 0.6F)));
  EXPECT_LE(difference(polyline.picture, line.picture).max, 1);
}

TEST(CanvasPolyline, closes_only_when_told) {
  const std::vector<Point> corner = {{10, 10}, {50, 10}, {50, 50}};
  Sheet open(60, 60);
  open.canvas.polyline(corner, 4, kWhiteInk);
  EXPECT_EQ(open.red(30, 30), 0);
  Sheet closed(60, 60);
  closed.canvas.polyline(corner, 4, kWhiteInk, true);
  EXPECT_EQ(closed.red(30, 30), 255);
}

TEST(CanvasPolyline, of_few_points_is_a_dot_or_nothing) {
  Sheet none(20, 20);
  none.canvas.polyline({}, 6, kWhiteInk, true);
  none.canvas.polygon({}, kWhiteInk);
  EXPECT_EQ(covered(none.picture), 0);
  const std::vector<Point> one = {{10, 10}};
  Sheet dot(20, 20);
  dot.canvas.polyline(one, 6, kWhiteInk);
  dot.canvas.polygon(one, kWhiteInk);
  EXPECT_NEAR(covered(dot.picture), kPi * 9, 0.6);
}

TEST(CanvasGlow, is_full_in_the_middle_and_nothing_at_its_radius) {
  Sheet sheet(101, 101);
  sheet.canvas.glow({50.5F, 50.5F}, 40, added(faded(kWhiteInk, 0.8F)));
  EXPECT_EQ(sheet.red(50, 50), 204);
  int before = 255;
  for (int x = 50; x < 101; ++x) {
    const int now = sheet.red(x, 50);
    EXPECT_LE(now, before) << x;
    EXPECT_LE(before - now, x == 50 ? 255 : 12) << "a rim at " << x;
    before = now;
    EXPECT_TRUE(x < 90 || now == 0) << x;
  }
  EXPECT_NEAR(sheet.red(50, 30), sheet.red(30, 50), 1) << "round";
}

TEST(CanvasGlow, line_is_as_bright_all_along) {
  Sheet sheet(120, 60);
  sheet.canvas.glow_line({30, 30.5F}, {90, 30.5F}, 15, added(kWhiteInk));
  for (int x = 30; x < 90; ++x) EXPECT_EQ(sheet.red(x, 30), 255) << x;
  for (int x = 31; x < 90; ++x) EXPECT_EQ(sheet.red(x, 38), sheet.red(30, 38)) << x;
  EXPECT_EQ(sheet.red(60, 46), 0);
}

TEST(CanvasGlow, polyline_has_no_brighter_corners) {
  Sheet sheet(100, 60);
  sheet.canvas.glow_polyline(kZigzag, 9, added(faded(kWhiteInk, 0.5F)), true);
  EXPECT_LE(brightest(sheet.picture), 128);
}

}  // namespace
}  // namespace engine::app::test
