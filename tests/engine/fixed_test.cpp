#include "engine/core/fixed.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <numbers>

#include "engine/core/hash.hpp"
#include "engine/core/rng.hpp"

namespace {

constexpr std::int32_t kInt32Min = std::numeric_limits<std::int32_t>::min();
constexpr std::int32_t kInt32Max = std::numeric_limits<std::int32_t>::max();
constexpr std::int64_t kInt64Min = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kInt64Max = std::numeric_limits<std::int64_t>::max();
constexpr double kRadiansPerAngle = 2 * std::numbers::pi / 65536;

TEST(Fixed, sine_and_cosine_are_within_one_unit_of_the_true_value_at_every_angle) {
  for (std::int32_t a = 0; a < 65536; ++a) {
    const auto angle = static_cast<engine::Angle>(a);
    ASSERT_LE(std::abs(engine::sin_q14(angle) - std::sin(a * kRadiansPerAngle) * engine::kOneQ14), 1.0) << a;
    ASSERT_LE(std::abs(engine::cos_q14(angle) - std::cos(a * kRadiansPerAngle) * engine::kOneQ14), 1.0) << a;
  }
}

TEST(Fixed, sine_and_cosine_are_exact_at_right_angles) {
  const std::int32_t sines[] = {0, 16384, 0, -16384};
  for (int quarter = 0; quarter < 4; ++quarter) {
    const auto angle = static_cast<engine::Angle>(quarter * 16384);
    EXPECT_EQ(engine::sin_q14(angle), sines[quarter]);
    EXPECT_EQ(engine::cos_q14(angle), sines[(quarter + 1) % 4]);
  }
}

TEST(Fixed, sine_is_odd_and_never_exceeds_one) {
  for (std::int32_t a = 0; a < 65536; ++a) {
    const auto angle = static_cast<engine::Angle>(a);
    ASSERT_EQ(engine::sin_q14(static_cast<engine::Angle>(-a)), -engine::sin_q14(angle)) << a;
    ASSERT_LE(std::abs(engine::sin_q14(angle)), engine::kOneQ14) << a;
  }
}

TEST(Fixed, arctangent_finds_the_axes_and_diagonals_exactly) {
  for (const std::int32_t r : {1, 1000, kInt32Max}) {
    EXPECT_EQ(engine::atan2_angle(0, r), 0);
    EXPECT_EQ(engine::atan2_angle(r, r), 8192);
    EXPECT_EQ(engine::atan2_angle(r, 0), 16384);
    EXPECT_EQ(engine::atan2_angle(r, -r), 24576);
    EXPECT_EQ(engine::atan2_angle(0, -r), 32768);
    EXPECT_EQ(engine::atan2_angle(-r, -r), 40960);
    EXPECT_EQ(engine::atan2_angle(-r, 0), 49152);
    EXPECT_EQ(engine::atan2_angle(-r, r), 57344);
  }
  EXPECT_EQ(engine::atan2_angle(0, 0), 0);
  EXPECT_EQ(engine::atan2_angle(kInt32Min, kInt32Min), 40960);
}

TEST(Fixed, arctangent_is_within_one_angle_of_the_true_value) {
  const std::uint64_t seed = 11;
  SCOPED_TRACE(seed);
  engine::Rng rng(seed);
  for (int i = 0; i < 200'000; ++i) {
    const std::int32_t reach = 1 << rng.between(0, 30);  // as many short vectors as long ones
    const std::int32_t x = rng.between(-reach, reach);
    const std::int32_t y = rng.between(-reach, reach);
    const double expected = std::atan2(y, x) / kRadiansPerAngle;
    const double error = std::remainder(engine::atan2_angle(y, x) - expected, 65536.0);
    ASSERT_LE(std::abs(error), 1.0) << "atan2(" << y << ", " << x << ")";
  }
}

TEST(Fixed, arctangent_undoes_sine_and_cosine) {
  for (std::int32_t a = 0; a < 65536; ++a) {
    const auto angle = static_cast<engine::Angle>(a);
    const engine::Angle back = engine::atan2_angle(engine::sin_q14(angle), engine::cos_q14(angle));
    // One unit of 16384 is 0.64 of an Angle, in each of the two.
    ASSERT_LE(std::abs(static_cast<std::int16_t>(back - angle)), 1) << a;
  }
}

TEST(Fixed, square_root_is_the_floor_around_every_square) {
  EXPECT_EQ(engine::isqrt(0), 0U);
  EXPECT_EQ(engine::isqrt(1), 1U);
  EXPECT_EQ(engine::isqrt(2), 1U);
  EXPECT_EQ(engine::isqrt(3), 1U);
  for (std::uint64_t root = 2; root < 0xFFFFFFFFULL; root += 1 + root / 64) {
    ASSERT_EQ(engine::isqrt(root * root - 1), root - 1);
    ASSERT_EQ(engine::isqrt(root * root), root);
    ASSERT_EQ(engine::isqrt(root * root + 1), root);
  }
  EXPECT_EQ(engine::isqrt(0xFFFFFFFFULL * 0xFFFFFFFFULL), 0xFFFFFFFFU);
  EXPECT_EQ(engine::isqrt(std::numeric_limits<std::uint64_t>::max()), 0xFFFFFFFFU);
}

TEST(Fixed, length_is_the_floor_of_the_hypotenuse) {
  EXPECT_EQ(engine::length(0, 0), 0);
  EXPECT_EQ(engine::length(3, -4), 5);
  EXPECT_EQ(engine::length(1, 1), 1);
  EXPECT_EQ(engine::length(-30'000, 40'000), 50'000);
  EXPECT_EQ(engine::length(kInt32Max, 0), kInt32Max);
}

TEST(Fixed, length_saturates) {
  EXPECT_EQ(engine::length(kInt32Min, 0), kInt32Max);
  EXPECT_EQ(engine::length(kInt32Min, kInt32Min), kInt32Max);
}

TEST(Fixed, div_round_takes_halves_away_from_zero) {
  EXPECT_EQ(engine::div_round(7, 2), 4);
  EXPECT_EQ(engine::div_round(-7, 2), -4);
  EXPECT_EQ(engine::div_round(7, -2), -4);
  EXPECT_EQ(engine::div_round(-7, -2), 4);
  EXPECT_EQ(engine::div_round(10, 3), 3);
  EXPECT_EQ(engine::div_round(11, 3), 4);
  EXPECT_EQ(engine::div_round(-11, 3), -4);
  EXPECT_EQ(engine::div_round(0, 5), 0);
  EXPECT_EQ(engine::div_round(1, 2), 1);
  EXPECT_EQ(engine::div_round(-1, 2), -1);
  EXPECT_EQ(engine::div_round(1, 3), 0);
}

TEST(Fixed, div_floor_rounds_down_on_both_sides_of_zero) {
  EXPECT_EQ(engine::div_floor(7, 8), 0);
  EXPECT_EQ(engine::div_floor(-1, 8), -1);
  EXPECT_EQ(engine::div_floor(-8, 8), -1);
  EXPECT_EQ(engine::div_floor(-9, 8), -2);
  EXPECT_EQ(engine::div_floor(9, -8), -2);
  EXPECT_EQ(engine::div_floor(-9, -8), 1);
}

TEST(Fixed, divisions_hold_at_the_ends_of_their_range) {
  EXPECT_EQ(engine::div_round(kInt64Max, 2), kInt64Max / 2 + 1);
  EXPECT_EQ(engine::div_round(kInt64Min, 2), kInt64Min / 2);
  EXPECT_EQ(engine::div_round(1, kInt64Min), 0);
  EXPECT_EQ(engine::div_round(kInt64Max, kInt64Min), -1);
  EXPECT_EQ(engine::div_round(kInt64Min, kInt64Min), 1);
  EXPECT_EQ(engine::div_floor(1, kInt64Min), -1);
  EXPECT_EQ(engine::div_floor(kInt64Min, 1), kInt64Min);
}

TEST(FixedDeathTest, refuses_divisions_that_have_no_answer) {
  EXPECT_DEATH((void)engine::div_round(1, 0), "division by zero");
  EXPECT_DEATH((void)engine::div_floor(1, 0), "division by zero");
  EXPECT_DEATH((void)engine::div_round(kInt64Min, -1), "does not fit");
  EXPECT_DEATH((void)engine::div_floor(kInt64Min, -1), "does not fit");
}

// Recordings replay only while these functions give what they gave: a new value here is a new version of the rules.
TEST(Fixed, gives_the_same_bits_on_every_compiler) {
  engine::Hasher hasher;
  for (std::int32_t a = 0; a < 65536; ++a) hasher.add(engine::sin_q14(static_cast<engine::Angle>(a)));
  engine::Rng rng(1);
  for (int i = 0; i < 10'000; ++i) {
    const auto x = static_cast<std::int32_t>(rng.next());
    const auto y = static_cast<std::int32_t>(rng.next());
    hasher.add(engine::atan2_angle(y, x));
    hasher.add(engine::length(x, y));
    hasher.add(engine::div_round(x, y | 1));
    hasher.add(engine::div_floor(x, y | 1));
  }
  EXPECT_EQ(hasher.value(), 0x6006053D783EEB6DULL);
}

}  // namespace
