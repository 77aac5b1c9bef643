#include "sound/pitch.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace engine::app::sound {
namespace {

constexpr std::size_t kFrames = 4000;

// Left: `cycles` of a sine; right: as much, half as loud.
std::vector<float> sine(double cycles) {
  std::vector<float> samples;
  for (std::size_t i = 0; i < kFrames; ++i) {
    const double angle = 2 * std::numbers::pi * cycles * static_cast<double>(i) / kFrames;
    samples.push_back(static_cast<float>(std::sin(angle)));
    samples.push_back(samples.back() / 2);
  }
  return samples;
}

int rises_through_zero(const std::vector<float>& stereo) {
  int count = 0;
  for (std::size_t i = 2; i < stereo.size(); i += 2) count += stereo[i - 2] < 0 && stereo[i] >= 0 ? 1 : 0;
  return count;
}

TEST(Pitch, is_rounded_to_half_semitones) {
  EXPECT_EQ(pitch_step(1), 0);
  EXPECT_EQ(pitch_step(1.01F), 0);
  EXPECT_EQ(pitch_step(static_cast<float>(std::exp2(1.0 / 12))), 2);
  EXPECT_EQ(pitch_step(2), kPitchStepMax);
  EXPECT_EQ(pitch_step(0.5F), -kPitchStepMax);
}

TEST(Pitch, stays_within_an_octave) {
  EXPECT_EQ(pitch_step(100), kPitchStepMax);
  EXPECT_EQ(pitch_step(0), -kPitchStepMax);
  EXPECT_EQ(pitch_step(-1), -kPitchStepMax);
}

TEST(Pitch, of_a_step_is_the_step_of_that_pitch) {
  for (int step = -kPitchStepMax; step <= kPitchStepMax; ++step) {
    EXPECT_EQ(pitch_step(static_cast<float>(pitch_of(step))), step);
  }
}

TEST(Resample, at_pitch_one_changes_nothing) {
  const auto samples = sine(7);
  EXPECT_EQ(resample(samples, 2, 1), samples);
}

TEST(Resample, keeps_the_cycles_and_changes_the_length) {
  const auto samples = sine(41);
  for (const double pitch : {0.5, 0.7, 1.3, 2.0}) {
    SCOPED_TRACE(pitch);
    const auto out = resample(samples, 2, pitch);
    EXPECT_NEAR(static_cast<double>(out.size()) / 2, kFrames / pitch, 1);
    EXPECT_NEAR(rises_through_zero(out), 40, 1);
  }
}

// A line between samples would be wrong by 0.003 here.
TEST(Resample, is_true_to_the_curve_between_samples) {
  const auto out = resample(sine(100), 2, 0.5);
  for (std::size_t i = 4; i < kFrames; ++i) {
    const double angle = 2 * std::numbers::pi * 100 * static_cast<double>(i) / (2 * kFrames);
    ASSERT_NEAR(out[2 * i], std::sin(angle), 2e-4) << i;
  }
}

TEST(Resample, keeps_channels_apart) {
  const auto out = resample(sine(10), 2, 1.37);
  for (std::size_t i = 0; i < out.size(); i += 2) ASSERT_FLOAT_EQ(out[i + 1], out[i] / 2) << i;
}

TEST(Resample, makes_at_least_one_frame_of_one) {
  const std::vector<float> frame = {0.25F, -0.5F};
  EXPECT_EQ(resample(frame, 2, 2), frame);
}

}  // namespace
}  // namespace engine::app::sound
