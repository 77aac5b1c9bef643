#include "game/client/camera.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "game/sim/player_view.hpp"

namespace game::client {
namespace {

constexpr float kFrame = 1.0F / 60;
constexpr Point kMap{2560, 1600};
constexpr Point kMiddle{1280, 800};

float shake_now(const Camera& camera) {
  const Point off = camera.view(1280, 720).centre - camera.centre();
  return std::max(std::abs(off.x), std::abs(off.y));
}

/// The largest over the next `frames`.
float shake_over(Camera& camera, int frames) {
  float largest = 0;
  for (int i = 0; i < frames; ++i) {
    camera.follow(kMiddle, {}, kMap, kFrame);
    largest = std::max(largest, shake_now(camera));
  }
  return largest;
}

TEST(Camera, leads_by_a_quarter_of_the_way_to_the_pointer_and_160_units_at_most) {
  EXPECT_EQ(Camera::lead_for({400, -200}), (Point{100, -50}));
  EXPECT_NEAR(length(Camera::lead_for({640, 0})), 160, 0.01F);
  EXPECT_NEAR(length(Camera::lead_for({3000, 4000})), 160, 0.01F);
  EXPECT_NEAR(Camera::lead_for({3000, 4000}).x, 96, 0.01F) << "towards the pointer still";
  EXPECT_EQ(Camera::lead_for({}), Point{});
}

TEST(Camera, shakes_after_days_as_in_the_first_minute) {
  Camera camera;
  for (int i = 0; i < 30'000'000; ++i) camera.follow(kMiddle, {}, kMap, kFrame);
  camera.add_trauma(1);
  camera.follow(kMiddle, {}, kMap, kFrame);
  const Point before = camera.view(1280, 720).centre;
  camera.follow(kMiddle, {}, kMap, kFrame);
  EXPECT_GT(length(camera.view(1280, 720).centre - before), 1);
}

TEST(Camera, glides_to_its_lead) {
  Camera camera;
  camera.jump(kMiddle);
  camera.follow(kMiddle, {160, 0}, kMap, kFrame);
  const float first = camera.centre().x - kMiddle.x;
  EXPECT_GT(first, 5);
  EXPECT_LT(first, 40) << "a flick of the hand is not one of the picture";
  for (int i = 0; i < 60; ++i) camera.follow(kMiddle, {160, 0}, kMap, kFrame);
  EXPECT_NEAR(camera.centre().x, kMiddle.x + 160, 0.5F);
}

TEST(Camera, glides_as_far_at_every_frame_rate) {
  Camera slow;
  Camera fast;
  for (int i = 0; i < 6; ++i) slow.follow(kMiddle, {100, 40}, kMap, 1.0F / 30);
  for (int i = 0; i < 48; ++i) fast.follow(kMiddle, {100, 40}, kMap, 1.0F / 240);
  EXPECT_NEAR(slow.centre().x, fast.centre().x, 0.1F);
}

TEST(Camera, shows_at_most_120_units_outside_of_the_map) {
  Camera camera;
  for (const Point corner : {Point{0, 0}, Point{2560, 0}, Point{0, 1600}, Point{2560, 1600}, Point{-9000, 9000}}) {
    for (int i = 0; i < 120; ++i) camera.follow(corner, {-160, 160}, kMap, kFrame);
    EXPECT_GE(camera.centre().x - 640, -120.01F);
    EXPECT_GE(camera.centre().y - 360, -120.01F);
    EXPECT_LE(camera.centre().x + 640, 2560 + 120.01F);
    EXPECT_LE(camera.centre().y + 360, 1600 + 120.01F);
  }
}

TEST(Camera, stays_in_the_middle_of_a_map_smaller_than_the_picture) {
  Camera camera;
  camera.follow({10, 10}, {}, {400, 320}, kFrame);
  EXPECT_EQ(camera.centre(), (Point{200, 160}));
}

TEST(Camera, shakes_by_6_units_at_most_whatever_happens) {
  Camera camera;
  for (int i = 0; i < 50; ++i) camera.add_trauma(0.9F);
  const float most = shake_over(camera, 3);
  EXPECT_GT(most, 2);
  EXPECT_LE(most, 6);
}

TEST(Camera, shakes_by_the_square_of_the_trauma_and_is_still_after_it) {
  Camera hard;
  Camera soft;
  hard.add_trauma(1);
  soft.add_trauma(0.5F);
  // Both see the same times, and so the same sines.
  hard.follow(kMiddle, {}, kMap, 0.0001F);
  soft.follow(kMiddle, {}, kMap, 0.0001F);
  EXPECT_NEAR(shake_now(hard), 4 * shake_now(soft), 0.05F);
  shake_over(hard, 45);  // 1.5 a second: a trauma of 1 is over after 40 frames
  EXPECT_EQ(shake_over(hard, 10), 0);
}

TEST(Camera, stands_still_when_shaking_is_switched_off) {
  Camera camera;
  camera.set_shake(0);
  camera.add_trauma(1);
  EXPECT_EQ(shake_over(camera, 30), 0);
}

TEST(Camera, shows_the_same_1280_by_720_units_in_every_picture) {
  EXPECT_FLOAT_EQ(Camera::scale_for(1280, 720), 1);
  EXPECT_FLOAT_EQ(Camera::scale_for(1920, 1080), 1.5F);
  EXPECT_FLOAT_EQ(Camera::scale_for(2560, 1080), 1.5F) << "a wider one is barred at its sides";
  EXPECT_FLOAT_EQ(Camera::scale_for(640, 640), 0.5F);
}

// By the rule of sim/sight.hpp: whatever the aim, nothing is missing on the picture that a ship there would be drawn
// in.
TEST(Camera, looks_nowhere_that_a_player_is_not_told_of) {
  const sim::Vec size{2560 * sim::kUnit, 1600 * sim::kUnit};
  const auto length_of = [](float value) { return static_cast<std::int32_t>(std::lround(value * sim::kUnit)); };
  for (const std::int32_t x : {20, 400, 1280, 2100, 2540}) {
    for (const std::int32_t y : {20, 300, 800, 1580}) {
      const sim::Vec ship{x * sim::kUnit, y * sim::kUnit};
      for (int turn = 0; turn < 16; ++turn) {
        Camera camera;
        camera.follow(units(ship), engine::app::direction(static_cast<float>(turn) * kPi / 8) * 160, kMap, 10);
        for (const Point corner : {Point{-640, -360}, Point{640, -360}, Point{-640, 360}, Point{640, 360}}) {
          const Point at = camera.centre() + corner;
          EXPECT_TRUE(
              sim::in_camera(sim::camera_within(ship, size), {length_of(at.x), length_of(at.y)}, sim::kSightMargin))
              << "at " << x << ", " << y << " aiming " << turn << " sixteenths round";
        }
      }
    }
  }
}

}  // namespace
}  // namespace game::client
