// Tests also: raster_round.cpp, raster_polygon.cpp, raster_picture.cpp.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "drawing.hpp"
#include "engine/core/rng.hpp"
#include "golden.hpp"

namespace engine::app::test {
namespace {

constexpr double kPi = std::numbers::pi;

TEST(CanvasDisc, covers_its_area) {
  for (const float radius : {0.2F, 0.5F, 2.0F, 7.3F, 40.0F}) {
    Sheet sheet(100, 100);
    sheet.canvas.disc({50.3F, 49.6F}, radius, kWhiteInk);
    EXPECT_NEAR(covered(sheet.picture), kPi * radius * radius, 0.35 + 0.005 * kPi * radius * radius) << radius;
  }
}

TEST(CanvasDisc, has_an_edge_of_many_shades) {
  Sheet sheet(100, 100);
  sheet.canvas.disc({50.3F, 49.6F}, 40, kWhiteInk);
  std::vector<bool> seen(256);
  for (int y = 0; y < 100; ++y) {
    for (int x = 0; x < 100; ++x) seen[static_cast<std::size_t>(sheet.red(x, y))] = true;
  }
  EXPECT_GT(std::count(seen.begin(), seen.end(), true), 100);
}

TEST(CanvasRing, covers_its_area) {
  for (const float width : {0.5F, 1.0F, 3.0F, 20.0F}) {
    Sheet sheet(100, 100);
    sheet.canvas.ring({50.3F, 49.6F}, 30, width, kWhiteInk);
    EXPECT_NEAR(covered(sheet.picture) / (2 * kPi * 30 * width), 1, 0.02) << width;
  }
}

TEST(CanvasRing, as_thick_as_its_radius_is_a_disc) {
  Sheet ring(60, 60);
  ring.canvas.ring({30, 30}, 8, 16, kWhiteInk);
  Sheet disc(60, 60);
  disc.canvas.disc({30, 30}, 16, kWhiteInk);
  EXPECT_LE(difference(ring.picture, disc.picture).max, 1);
}

TEST(CanvasArc, covers_its_area_at_every_length) {
  for (const float sweep : {0.3F, 1.5F, 3.0F, 3.3F, 5.0F, 6.1F}) {
    for (const float from : {-7.0F, -1.0F, 0.0F, 2.5F, 30.0F}) {
      Sheet sheet(100, 100);
      sheet.canvas.arc({50.3F, 49.6F}, 35, from, from + sweep, 3, kWhiteInk);
      const double area = 3.0 * 35 * sweep + kPi * 1.5 * 1.5;
      EXPECT_NEAR(covered(sheet.picture) / area, 1, 0.02) << sweep << " from " << from;
    }
  }
}

TEST(CanvasArc, goes_clockwise_from_the_right) {
  Sheet sheet(100, 100);
  sheet.canvas.arc({50, 50}, 30, 0.2F, 1.3F, 4, kWhiteInk);
  EXPECT_EQ(sheet.red(71, 71), 255) << "to the right and down";
  EXPECT_EQ(sheet.red(71, 28), 0);
  EXPECT_EQ(sheet.red(28, 71), 0);
}

TEST(CanvasArc, of_a_turn_is_a_ring_and_of_none_nothing) {
  Sheet arc(100, 100);
  arc.canvas.arc({50, 50}, 30, 1, 8, 4, kWhiteInk);
  Sheet ring(100, 100);
  ring.canvas.ring({50, 50}, 30, 4, kWhiteInk);
  EXPECT_EQ(difference(arc.picture, ring.picture).max, 0);
  Sheet none(100, 100);
  none.canvas.arc({50, 50}, 30, 1, 1, 4, kWhiteInk);
  none.canvas.arc({50, 50}, 30, 2, 1, 4, kWhiteInk);
  EXPECT_EQ(covered(none.picture), 0);
}

TEST(CanvasBox, covers_exactly_what_it_overlaps) {
  Sheet sheet(20, 20);
  sheet.canvas.box({3.25F, 4.5F, 5.5F, 2.25F}, kWhiteInk);
  EXPECT_NEAR(covered(sheet.picture), 5.5 * 2.25, 0.03);
  EXPECT_NEAR(sheet.red(3, 5), 0.75 * 255, 1);
  EXPECT_NEAR(sheet.red(3, 4), 0.75 * 0.5 * 255, 1);
  EXPECT_EQ(sheet.red(5, 5), 255);
  EXPECT_NEAR(sheet.red(8, 6), 0.75 * 0.75 * 255, 1);
}

TEST(CanvasBox, within_a_pixel_covers_its_part_of_it) {
  Sheet sheet(4, 4);
  sheet.canvas.box({1.25F, 1.5F, 0.5F, 0.25F}, kWhiteInk);
  EXPECT_NEAR(sheet.red(1, 1), 255.0 / 8, 1);
  EXPECT_NEAR(covered(sheet.picture), 1.0 / 8, 0.01);
}

double area_of(const std::vector<Point>& points) {
  double twice = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Point a = points[i];
    const Point b = points[(i + 1) % points.size()];
    twice += static_cast<double>(a.x) * b.y - static_cast<double>(b.x) * a.y;
  }
  return std::fabs(twice) / 2;
}

TEST(CanvasPolygon, covers_its_area_whichever_way_it_turns) {
  Rng rng(5);
  for (int i = 0; i < 200; ++i) {
    const auto at = [&rng] { return static_cast<float>(rng.between(0, 9900)) / 100; };
    std::vector<Point> triangle = {{at(), at()}, {at(), at()}, {at(), at()}};
    Sheet sheet(99, 99);
    sheet.canvas.polygon(triangle, kWhiteInk);
    EXPECT_NEAR(covered(sheet.picture), area_of(triangle), 0.4 + 0.001 * area_of(triangle)) << "triangle " << i;
    std::reverse(triangle.begin(), triangle.end());
    Sheet reversed(99, 99);
    reversed.canvas.polygon(triangle, kWhiteInk);
    EXPECT_LE(difference(sheet.picture, reversed.picture).max, 1) << "triangle " << i;
  }
}

TEST(CanvasPolygon, may_have_a_hollow_side) {
  const std::vector<Point> letter = {{10, 10}, {50, 10}, {50, 20}, {20, 20}, {20, 40}, {50, 40}, {50, 50}, {10, 50}};
  Sheet sheet(60, 60);
  sheet.canvas.polygon(letter, kWhiteInk);
  EXPECT_NEAR(covered(sheet.picture), area_of(letter), 0.01);
  EXPECT_EQ(sheet.red(35, 30), 0);
}

TEST(CanvasPolygon, is_filled_where_it_winds_at_all) {
  const std::vector<Point> star = {{50, 5}, {78, 90}, {6, 37}, {94, 37}, {22, 90}};
  Sheet sheet(100, 100);
  sheet.canvas.polygon(star, faded(kWhiteInk, 0.5F));
  EXPECT_EQ(sheet.red(50, 50), 128) << "twice around is not twice covered";
  EXPECT_EQ(brightest(sheet.picture), 128);
}

TEST(CanvasPolygon, meets_its_neighbour_without_a_seam) {
  const Point a{20.3F, 5.2F};
  const Point b{70.1F, 93.4F};
  Sheet sheet(100, 100);
  sheet.canvas.polygon(std::vector<Point>{a, b, {-10, 200}, {-10, -20}}, added(kWhiteInk));
  sheet.canvas.polygon(std::vector<Point>{a, b, {200, 200}, {200, -20}}, added(kWhiteInk));
  int least = 255;
  for (int y = 8; y < 90; ++y) {
    for (int x = 0; x < 100; ++x) least = std::min(least, sheet.red(x, y));
  }
  EXPECT_GE(least, 254);
}

TEST(CanvasPolygon, equals_a_box_where_it_is_one) {
  Sheet polygon(40, 40);
  polygon.canvas.polygon(std::vector<Point>{{5.3F, 6.7F}, {31.2F, 6.7F}, {31.2F, 22.1F}, {5.3F, 22.1F}}, kWhiteInk);
  Sheet box(40, 40);
  box.canvas.box({5.3F, 6.7F, 25.9F, 15.4F}, kWhiteInk);
  EXPECT_LE(difference(polygon.picture, box.picture).max, 1);
}

TEST(CanvasPolygon, larger_than_the_picture_fills_it) {
  Sheet sheet(40, 40);
  sheet.canvas.polygon(std::vector<Point>{{-1e6F, -1e6F}, {1e6F, -1e6F}, {1e6F, 1e6F}, {-1e6F, 1e6F}}, kWhiteInk);
  EXPECT_EQ(covered(sheet.picture), 1600);
}

// Pixels that know where they are.
Picture chart(int width, int height) {
  Picture picture(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) picture.row(y)[x] = 0xFF000000U | static_cast<std::uint32_t>(x << 8 | y);
  }
  return picture;
}

TEST(CanvasBackdrop, shows_the_part_that_begins_where_it_is_told) {
  const Picture map = chart(50, 40);
  Sheet sheet(20, 10);
  sheet.canvas.backdrop(map, 13, 7, {1, 2, 3, 255});
  EXPECT_EQ(sheet.picture.at(0, 0), (Color{0, 13, 7, 255}));
  EXPECT_EQ(sheet.picture.at(19, 9), (Color{0, 32, 16, 255}));
}

TEST(CanvasBackdrop, ends_where_its_picture_ends) {
  const Picture map = chart(50, 40);
  const Color outside{1, 2, 3, 255};
  for (const int left : {-70, -60, -20, -1, 0, 1, 49, 50, 51, 90}) {
    for (const int top : {-60, -20, -1, 0, 1, 39, 40, 41, 90}) {
      Sheet sheet(60, 50);
      sheet.canvas.backdrop(map, left, top, outside);
      for (int y = 0; y < 50; ++y) {
        for (int x = 0; x < 60; ++x) {
          const bool inside = x + left >= 0 && x + left < 50 && y + top >= 0 && y + top < 40;
          ASSERT_EQ(sheet.picture.at(x, y), inside ? map.at(x + left, y + top) : outside)
              << x << ", " << y << " from " << left << ", " << top;
        }
      }
    }
  }
}

TEST(CanvasBackdrop, takes_any_place) {
  constexpr int kMin = std::numeric_limits<int>::min();
  constexpr int kMax = std::numeric_limits<int>::max();
  const Picture map = chart(50, 40);
  Sheet sheet(20, 10);
  for (const int left : {kMin, kMin + 1, 0, kMax}) {
    for (const int top : {kMin, kMin + 1, 0, kMax}) {
      sheet.canvas.backdrop(map, left, top, {1, 2, 3, 255});
      EXPECT_TRUE((left == 0 && top == 0) || sheet.picture.at(7, 7) == (Color{1, 2, 3, 255})) << left << ", " << top;
    }
  }
  sheet.canvas.backdrop(Picture(), 0, 0, {4, 5, 6, 255});
  EXPECT_EQ(sheet.picture.at(7, 7), (Color{4, 5, 6, 255}));
}

TEST(CanvasPicture, copies_what_is_solid_to_the_nearest_pixel) {
  const Picture image = chart(7, 5);
  Sheet sheet(20, 10);
  sheet.canvas.picture(image, {3.6F, 3.4F});
  EXPECT_EQ(sheet.picture.at(3, 3), kBlack);
  EXPECT_EQ(sheet.picture.at(4, 3), (Color{0, 0, 0, 255}));
  EXPECT_EQ(sheet.picture.at(10, 7), (Color{0, 6, 4, 255}));
  EXPECT_EQ(sheet.picture.at(11, 7), kBlack);
}

TEST(CanvasPicture, is_cut_at_every_side) {
  Picture image(6, 6);
  Canvas(image).clear(kWhiteInk);
  for (const float x : {-7.0F, -6.0F, -3.0F, 0.0F, 4.0F, 9.0F, 10.0F, 11.0F}) {
    for (const float y : {-7.0F, -6.0F, -3.0F, 0.0F, 4.0F, 9.0F, 10.0F, 11.0F}) {
      Sheet sheet(10, 10);
      sheet.canvas.picture(image, {x, y});
      const auto seen = [](float at) { return std::max(0.0F, std::min(10.0F, at + 6) - std::max(0.0F, at)); };
      EXPECT_EQ(covered(sheet.picture), seen(x) * seen(y)) << x << ", " << y;
    }
  }
}

TEST(CanvasPicture, fades_and_shines) {
  Picture image(4, 4);
  Canvas(image).clear({200, 100, 40, 255});
  Sheet sheet(4, 4);
  sheet.canvas.clear({100, 0, 240, 255});
  sheet.canvas.picture(image, {0, 0}, 0.2F);
  EXPECT_EQ(sheet.picture.at(1, 1), (Color{120, 20, 200, 255}));
  sheet.canvas.picture(image, {0, 0}, 1, Blend::kAdd);
  EXPECT_EQ(sheet.picture.at(1, 1), (Color{255, 120, 240, 255}));
  sheet.canvas.picture(image, {0, 0}, 0);
  sheet.canvas.picture(image, {0, 0}, -3);
  sheet.canvas.picture(image, {0, 0}, std::numeric_limits<float>::quiet_NaN());
  EXPECT_EQ(sheet.picture.at(1, 1), (Color{255, 120, 240, 255}));
}

}  // namespace
}  // namespace engine::app::test
