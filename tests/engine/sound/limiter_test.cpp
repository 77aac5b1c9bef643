#include "sound/limiter.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

namespace engine::app::sound {
namespace {

constexpr int kRateHz = 44100;

std::vector<float> tone(float left, float right, std::size_t frames) {
  std::vector<float> samples;
  for (std::size_t i = 0; i < frames; ++i) {
    const auto wave = std::sin(2 * std::numbers::pi_v<float> * 440 * static_cast<float>(i) / kRateHz);
    samples.push_back(left * wave);
    samples.push_back(right * wave);
  }
  return samples;
}

TEST(Limiter, leaves_what_fits_alone) {
  Limiter limiter(kRateHz);
  auto samples = tone(0.9F, 0.3F, 1000);
  const auto before = samples;
  limiter.process(samples);
  EXPECT_EQ(samples, before);
}

TEST(Limiter, lets_nothing_exceed_its_ceiling) {
  Limiter limiter(kRateHz);
  auto samples = tone(9, 4, 10000);
  limiter.process(samples);
  for (const float sample : samples) ASSERT_LE(std::abs(sample), Limiter::kCeiling * 1.0001F);
}

TEST(Limiter, turns_both_ears_down_alike) {
  Limiter limiter(kRateHz);
  auto samples = tone(4, 2, 1000);
  limiter.process(samples);
  for (std::size_t i = 0; i < samples.size(); i += 2) ASSERT_FLOAT_EQ(samples[i + 1], samples[i] / 2);
}

TEST(Limiter, is_back_to_full_within_a_second) {
  Limiter limiter(kRateHz);
  auto loud = tone(4, 4, 1000);
  limiter.process(loud);
  std::vector<float> quiet(2 * kRateHz, 0.1F);
  limiter.process(quiet);
  EXPECT_LT(quiet.front(), 0.05F);
  EXPECT_NEAR(quiet.back(), 0.1F, 0.001F);
}

}  // namespace
}  // namespace engine::app::sound
