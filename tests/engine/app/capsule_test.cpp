#include "draw/capsule.hpp"

#include <gtest/gtest.h>

#include "engine/core/rng.hpp"

namespace engine::app::draw {
namespace {

constexpr std::uint64_t kSeed = 3;

float distance(Point at, Point a, Point b) {
  const Point way = b - a;
  const float square = dot(way, way);
  const float share = square > 0 ? std::clamp(dot(at - a, way) / square, 0.0F, 1.0F) : 0;
  return length(at - mix(a, b, share));
}

TEST(Capsule, visits_every_pixel_within_reach_and_knows_its_distance) {
  const Picture picture(70, 50);
  Rng rng(kSeed);
  for (int i = 0; i < 300; ++i) {
    const auto place = [&rng] { return static_cast<float>(rng.between(-1500, 2500)) / 17; };
    const Point a{place(), place()};
    const Point b = i % 10 == 0 ? a : i % 10 == 1 ? Point{place(), a.y} : Point{place(), place()};
    const float reach = static_cast<float>(rng.between(1, 200)) / 10;
    SCOPED_TRACE("line " + std::to_string(i) + " of seed " + std::to_string(kSeed));
    const auto line = Capsule::cut(picture, a, b, reach);
    for (int y = 0; y < 50; ++y) {
      const bool is_row = line && y >= line->top && y < line->bottom;
      const Capsule::Span span = is_row ? line->row(y, 70) : Capsule::Span{};
      for (int x = 0; x < 70; ++x) {
        const float far = distance({static_cast<float>(x) + 0.5F, static_cast<float>(y) + 0.5F}, a, b);
        if (x < span.left || x >= span.right) {
          ASSERT_GE(far, reach - 0.01F) << x << ", " << y << " is left out";
        } else if (far < reach) {
          ASSERT_NEAR(std::sqrt(line->distances(x, y).distance2(0)), far, 0.01F) << x << ", " << y;
        }
      }
    }
  }
}

TEST(Capsule, visits_hardly_more_than_the_line_covers) {
  const Picture picture(1280, 720);
  for (const Point to : {Point{1280, 720}, Point{1280, 5}, Point{5, 720}, Point{900, -4000}, Point{1e6F, 9e5F}}) {
    const auto line = Capsule::cut(picture, {0, 0}, to, 2);
    ASSERT_TRUE(line);
    int visited = 0;
    for (int y = line->top; y < line->bottom; ++y) {
      const Capsule::Span span = line->row(y, 1280);
      visited += std::max(0, span.right - span.left);
    }
    EXPECT_LE(visited, 4 * 1500 + 200) << to.x << ", " << to.y;
  }
}

TEST(Capsule, is_nothing_where_the_picture_is_out_of_reach) {
  const Picture picture(70, 50);
  EXPECT_FALSE(Capsule::cut(picture, {-100, -10}, {200, -10}, 8));
  EXPECT_FALSE(Capsule::cut(picture, {90, -100}, {90, 100}, 8));
  EXPECT_FALSE(Capsule::cut(picture, {0, 3e38F}, {5, 3e38F}, 8));
  EXPECT_TRUE(Capsule::cut(picture, {-100, -5}, {200, -5}, 8));
}

}  // namespace
}  // namespace engine::app::draw
