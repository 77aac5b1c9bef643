#include "engine/core/fixed.hpp"

#include <algorithm>
#include <bit>
#include <limits>

#include "engine/core/assert.hpp"

namespace engine {
namespace {

constexpr std::int64_t kOneQ30 = std::int64_t{1} << 30;
constexpr Angle kQuarterTurn = 16384;

std::int64_t mul_q30(std::int64_t a, std::int64_t b) { return a * b >> 30; }

// sin of 0 to a quarter turn. Taylor's series up to x^11, whose error there is below 1e-7.
std::int32_t sin_first_quarter(std::int32_t angle) {
  constexpr std::int64_t kHalfPiQ30 = 1'686'629'713;
  const std::int64_t x = angle * kHalfPiQ30 / kQuarterTurn;
  const std::int64_t xx = mul_q30(x, x);
  std::int64_t sum = kOneQ30;
  for (const std::int64_t divisor : {10 * 11, 8 * 9, 6 * 7, 4 * 5, 2 * 3}) sum = kOneQ30 - mul_q30(xx, sum) / divisor;
  return static_cast<std::int32_t>((mul_q30(x, sum) + (1 << 15)) >> 16);
}

// atan of a ratio in 0 to 1, as a number of Angles. Abramowitz and Stegun, "Handbook of Mathematical Functions",
// 4.4.49: error below 2e-8 rad; an Angle is 1e-4 rad.
std::int64_t atan_first_octant(std::int64_t ratio) {
  constexpr std::int64_t kAnglesPerRadianQ16 = 683'565'276;
  constexpr std::int64_t kSeriesQ30[] = {3'077'586,   -17'357'828,  46'073'847,  -80'841'635,
                                         114'420'763, -152'566'896, 214'679'118, -357'911'922};
  const std::int64_t rr = mul_q30(ratio, ratio);
  std::int64_t sum = 0;
  for (const std::int64_t coefficient : kSeriesQ30) sum = mul_q30(rr, sum + coefficient);
  const std::int64_t radians = mul_q30(ratio, kOneQ30 + sum);
  return (radians * kAnglesPerRadianQ16 + (std::int64_t{1} << 45)) >> 46;
}

std::uint64_t magnitude(std::int64_t value) {
  return value < 0 ? 0U - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
}

void assert_divisible(std::int64_t a, std::int64_t b) {
  ENGINE_ASSERT(b != 0, "division by zero");
  ENGINE_ASSERT(b != -1 || a != std::numeric_limits<std::int64_t>::min(), "the quotient does not fit");
}

}  // namespace

std::int32_t sin_q14(Angle angle) {
  const std::int32_t in_quarter = angle % kQuarterTurn;
  switch (angle / kQuarterTurn) {
    case 0:
      return sin_first_quarter(in_quarter);
    case 1:
      return sin_first_quarter(kQuarterTurn - in_quarter);
    case 2:
      return -sin_first_quarter(in_quarter);
    default:
      return -sin_first_quarter(kQuarterTurn - in_quarter);
  }
}

std::int32_t cos_q14(Angle angle) { return sin_q14(static_cast<Angle>(angle + kQuarterTurn)); }

Angle atan2_angle(std::int32_t y, std::int32_t x) {
  if (x == 0 && y == 0) return 0;
  const std::int64_t width = x < 0 ? -std::int64_t{x} : std::int64_t{x};
  const std::int64_t height = y < 0 ? -std::int64_t{y} : std::int64_t{y};
  std::int64_t angle = height <= width ? atan_first_octant((height << 30) / width)
                                       : kQuarterTurn - atan_first_octant((width << 30) / height);
  if (x < 0) angle = 2 * kQuarterTurn - angle;
  if (y < 0) angle = -angle;
  return static_cast<Angle>(angle & 0xFFFF);
}

// Newton's method from above: it falls until it reaches the floor.
std::uint32_t isqrt(std::uint64_t n) {
  if (n == 0) return 0;
  std::uint64_t root = std::uint64_t{1} << ((std::bit_width(n) + 1) / 2);
  for (;;) {
    const std::uint64_t next = (root + n / root) / 2;
    if (next >= root) return static_cast<std::uint32_t>(root);
    root = next;
  }
}

std::int32_t length(std::int32_t x, std::int32_t y) {
  const std::int64_t xx = std::int64_t{x} * x;
  const std::int64_t yy = std::int64_t{y} * y;
  const std::uint32_t root = isqrt(static_cast<std::uint64_t>(xx) + static_cast<std::uint64_t>(yy));
  return static_cast<std::int32_t>(std::min<std::uint32_t>(root, std::numeric_limits<std::int32_t>::max()));
}

std::int64_t div_round(std::int64_t a, std::int64_t b) {
  assert_divisible(a, b);
  const std::int64_t quotient = a / b;
  const std::uint64_t rest = magnitude(a % b);
  if (rest == 0 || rest < magnitude(b) - rest) return quotient;
  return (a < 0) == (b < 0) ? quotient + 1 : quotient - 1;
}

std::int64_t div_floor(std::int64_t a, std::int64_t b) {
  assert_divisible(a, b);
  const std::int64_t quotient = a / b;
  return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}

}  // namespace engine
