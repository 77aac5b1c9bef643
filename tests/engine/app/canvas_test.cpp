// What holds for every shape: sub-pixel places, clipping, blending, numbers that make no sense.
// Tests also: blend.cpp.
#include "engine/app/canvas.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <deque>
#include <limits>

#include "drawing.hpp"
#include "engine/core/rng.hpp"
#include "golden.hpp"

namespace engine::app::test {
namespace {

TEST(Canvas, maps_units_to_pixels_one_to_one_at_first) {
  Sheet sheet(80, 60);
  EXPECT_EQ(sheet.canvas.to_pixels({0, 0}), (Point{0, 0}));
  EXPECT_EQ(sheet.canvas.to_pixels({12.5F, 7}), (Point{12.5F, 7}));
  EXPECT_EQ(sheet.canvas.visible(), (Box{0, 0, 80, 60}));
}

TEST(Canvas, shows_what_its_view_says) {
  Sheet sheet(80, 60);
  sheet.canvas.set_view({.centre = {1000, -500}, .scale = 2});
  EXPECT_EQ(sheet.canvas.to_pixels({1000, -500}), (Point{40, 30}));
  EXPECT_EQ(sheet.canvas.to_pixels({1001, -499}), (Point{42, 32}));
  EXPECT_EQ(sheet.canvas.to_units({42, 32}), (Point{1001, -499}));
  EXPECT_EQ(sheet.canvas.visible(), (Box{980, -515, 40, 30}));
}

TEST(Canvas, scales_every_shape_with_its_view) {
  for (const Shape& shape : all_shapes()) {
    SCOPED_TRACE(shape.name);
    Sheet small(160, 160);
    Sheet large(160, 160);
    shape.draw(small.canvas, {80, 80}, kWhiteInk);
    large.canvas.set_view({.centre = {80, 80}, .scale = 2});
    shape.draw(large.canvas, {80, 80}, kWhiteInk);
    EXPECT_NEAR(covered(large.picture) / covered(small.picture), 4, 0.2);
  }
}

TEST(Canvas, draws_another_picture_for_every_quarter_of_a_pixel) {
  for (const Shape& shape : all_shapes()) {
    for (const Point way : {Point{0.25F, 0}, Point{0, 0.25F}}) {
      SCOPED_TRACE(shape.name + (way.x > 0 ? " along x" : " along y"));
      // A level line is the same all along it, but for its ends.
      std::deque<Sheet> sheets;
      for (int quarter = 0; quarter < 4; ++quarter) {
        shape.draw(sheets.emplace_back(80, 80).canvas, Point{40, 40} + way * static_cast<float>(quarter), kWhiteInk);
      }
      for (std::size_t a = 0; a < 4; ++a) {
        for (std::size_t b = a + 1; b < 4; ++b) {
          EXPECT_GT(difference(sheets[a].picture, sheets[b].picture).max, 2) << a << " and " << b << " quarters";
        }
      }
    }
  }
}

TEST(Canvas, draws_nothing_different_for_a_whole_pixel) {
  for (const Shape& shape : all_shapes()) {
    SCOPED_TRACE(shape.name);
    Sheet here(100, 100);
    Sheet there(100, 100);
    shape.draw(here.canvas, {40.3F, 40.6F}, kWhiteInk);
    shape.draw(there.canvas, {53.3F, 47.6F}, kWhiteInk);
    int most = 0;
    for (int y = 0; y < 90; ++y) {
      for (int x = 0; x < 87; ++x) most = std::max(most, std::abs(here.red(x, y) - there.red(x + 13, y + 7)));
    }
    EXPECT_LE(most, 1);
  }
}

TEST(Canvas, shows_the_same_part_whatever_is_around_it) {
  constexpr std::uint64_t kSeed = 11;
  Rng rng(kSeed);
  for (const Shape& shape : all_shapes()) {
    for (int i = 0; i < 40; ++i) {
      const Point at{static_cast<float>(rng.between(-400, 1000)) / 10,
                     static_cast<float>(rng.between(-400, 1000)) / 10};
      SCOPED_TRACE(shape.name + " at " + std::to_string(at.x) + ", " + std::to_string(at.y) + ", seed " +
                   std::to_string(kSeed));
      Sheet small(60, 50);
      Sheet large(260, 250);
      const Ink ink = i % 2 == 0 ? Ink(Color{255, 120, 30, 170}) : added(Color{255, 120, 30, 170});
      shape.draw(small.canvas, at, ink);
      shape.draw(large.canvas, at + Point{100, 100}, ink);
      int most = 0;
      for (int y = 0; y < 50; ++y) {
        for (int x = 0; x < 60; ++x) {
          most = std::max(most, std::abs(small.red(x, y) - large.red(x + 100, y + 100)));
        }
      }
      EXPECT_LE(most, 1);
    }
  }
}

TEST(Canvas, stays_solid_whatever_is_drawn_on_it) {
  for (const Shape& shape : all_shapes()) {
    SCOPED_TRACE(shape.name);
    Sheet sheet(80, 80);
    for (const int alpha : {1, 100, 254, 255}) {
      const Color color{200, 100, 250, static_cast<std::uint8_t>(alpha)};
      shape.draw(sheet.canvas, {40, 40}, color);
      shape.draw(sheet.canvas, {37.3F, 35.1F}, added(color));
    }
    EXPECT_TRUE(is_solid(sheet.picture));
  }
}

TEST(Canvas, adds_light_to_each_channel_up_to_white) {
  for (const Shape& shape : all_shapes()) {
    SCOPED_TRACE(shape.name);
    Sheet sheet(80, 80);
    sheet.canvas.clear({250, 10, 0, 255});
    for (int i = 0; i < 4; ++i) shape.draw(sheet.canvas, {40, 40}, added({90, 0, 1, 255}));
    for (int y = 0; y < 80; ++y) {
      for (int x = 0; x < 80; ++x) {
        const Color color = sheet.picture.at(x, y);
        ASSERT_GE(color.r, 250);
        // The fading line ends in another colour.
        if (shape.name == "fading line") continue;
        ASSERT_EQ(color.g, 10);
        ASSERT_LE(color.b, 4);
      }
    }
  }
}

TEST(Canvas, adds_exactly) {
  Sheet sheet(4, 4);
  sheet.canvas.clear({10, 20, 30, 255});
  sheet.canvas.box({0, 0, 4, 4}, added({1, 2, 3, 255}));
  EXPECT_EQ(sheet.picture.at(1, 1), (Color{11, 22, 33, 255}));
  sheet.canvas.box({0, 0, 4, 4}, added({240, 100, 200, 128}));  // 120.5, 50.2, 100.4
  EXPECT_EQ(sheet.picture.at(1, 1), (Color{131, 72, 133, 255}));
}

TEST(Canvas, covers_exactly) {
  Sheet sheet(4, 4);
  sheet.canvas.clear({10, 20, 30, 255});
  sheet.canvas.box({0, 0, 4, 4}, Color{200, 0, 255, 0});
  EXPECT_EQ(sheet.picture.at(1, 1), (Color{10, 20, 30, 255}));
  sheet.canvas.box({0, 0, 4, 4}, Color{110, 220, 30, 51});  // a fifth
  EXPECT_EQ(sheet.picture.at(1, 1), (Color{30, 60, 30, 255}));
  sheet.canvas.box({0, 0, 4, 4}, Color{1, 2, 3, 255});
  EXPECT_EQ(sheet.picture.at(1, 1), (Color{1, 2, 3, 255}));
}

// A layer is drawn apart, then laid over: it has to look as if it had been drawn in place.
TEST(Canvas, can_lay_over_later_what_was_drawn_on_nothing) {
  for (const Shape& shape : all_shapes()) {
    for (const bool light : {false, true}) {
      SCOPED_TRACE(shape.name + (light ? " as light" : ""));
      const Color color{200, 90, 60, 180};
      const Ink ink = light ? added(color) : Ink(color);
      Sheet direct(80, 80);
      Sheet laid(80, 80);
      Picture layer(80, 80);
      Canvas on_layer(layer);
      for (Sheet* sheet : {&direct, &laid}) sheet->canvas.clear({40, 60, 20, 255});
      shape.draw(direct.canvas, {40, 40}, ink);
      shape.draw(on_layer, {40, 40}, ink);
      laid.canvas.picture(layer, {0, 0});
      EXPECT_LE(difference(direct.picture, laid.picture).max, 2);
    }
  }
}

TEST(Canvas, survives_numbers_that_make_no_sense) {
  constexpr float kMax = std::numeric_limits<float>::max();
  constexpr float kInf = std::numeric_limits<float>::infinity();
  const float kNan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> bad = {kNan, kInf, -kInf, kMax, -kMax, 1e30F, -1e30F, 1e9F, -1e9F, 1e-40F, 0, -1, 33.3F};
  Sheet sheet(64, 48);
  Canvas& canvas = sheet.canvas;
  const Ink over = Color{255, 255, 255, 100};
  for (const float scale : {1.0F, 0.0F, -2.0F, 1e20F, kInf, kNan}) {
    canvas.set_view({.centre = {32, 24}, .scale = scale});
    for (const float a : bad) {
      for (const float b : bad) {
        const std::array<Point, 4> points{{{a, b}, {10, 40}, {b, 10}, {50, a}}};
        for (const float c : bad) {
          canvas.line({a, b}, {20, 20}, c, over);
          canvas.line({20, b}, {c, a}, 3, over);
          canvas.line({a, 20}, {c, b}, 3, over, added(kWhiteInk));
          canvas.arc({a, 20}, 12, b, c, 2, over);
          canvas.arc({20, 20}, a, 1, c, b, over);
          canvas.ring({a, 20}, b, c, over);
          canvas.disc({a, b}, c, over);
          canvas.box({a, b, c, a}, over);
          canvas.glow({a, b}, c, over);
          canvas.glow_line({a, b}, {20, c}, 5, over);
        }
        canvas.polyline(points, 3, over, true);
        canvas.polyline(points, a, over);
        canvas.polygon(points, over);
        canvas.glow_polyline(points, b, over);
        canvas.picture(sheet.picture.width() > 0 ? Picture(8, 8) : Picture(), {a, b}, 0.5F);
      }
    }
  }
  EXPECT_TRUE(is_solid(sheet.picture));
}

TEST(Canvas, draws_nothing_for_a_number_that_is_none) {
  const float kNan = std::numeric_limits<float>::quiet_NaN();
  for (const Shape& shape : all_shapes()) {
    SCOPED_TRACE(shape.name);
    Sheet sheet(40, 40);
    shape.draw(sheet.canvas, {kNan, 20}, kWhiteInk);
    shape.draw(sheet.canvas, {20, kNan}, kWhiteInk);
    shape.draw(sheet.canvas, {20, std::numeric_limits<float>::infinity()}, kWhiteInk);
    EXPECT_EQ(covered(sheet.picture), 0);
  }
}

TEST(Canvas, draws_into_a_picture_of_no_pixels) {
  for (const auto& [width, height] : std::vector<std::pair<int, int>>{{0, 0}, {0, 5}, {5, 0}}) {
    Picture picture(width, height);
    Canvas canvas(picture);
    canvas.clear(kBlack);
    for (const Shape& shape : all_shapes()) shape.draw(canvas, {0, 0}, kWhiteInk);
    canvas.backdrop(Picture(3, 3), 0, 0, kBlack);
    canvas.picture(Picture(3, 3), {0, 0});
  }
}

}  // namespace
}  // namespace engine::app::test
