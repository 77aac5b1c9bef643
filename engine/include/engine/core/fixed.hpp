// Integer maths for a simulation that has to come out the same on every machine: angles, sine, arctangent, square root
// and the two divisions. No floats anywhere, no tables.
//
// Pure functions; any thread.
#pragma once

#include <cstdint>

namespace engine {

// 65536 is a full turn, 0 points along +x, and angles grow towards +y. Sums wrap as angles do.
using Angle = std::uint16_t;

inline constexpr std::int32_t kOneQ14 = 16384;  // 1.0 in what sin_q14 and cos_q14 return

// Within 1/16384 of the true value; exact at the four right angles.
[[nodiscard]] std::int32_t sin_q14(Angle angle);
[[nodiscard]] std::int32_t cos_q14(Angle angle);

// The direction of (x, y), to the nearest Angle or the one beside it; 0 for (0, 0).
[[nodiscard]] Angle atan2_angle(std::int32_t y, std::int32_t x);

// floor(sqrt(n)).
[[nodiscard]] std::uint32_t isqrt(std::uint64_t n);

// floor(sqrt(x * x + y * y)), at most INT32_MAX.
[[nodiscard]] std::int32_t length(std::int32_t x, std::int32_t y);

// a / b, rounded to the nearest, halves away from zero: as far from zero for -a as for a.
// b must not be 0, and INT64_MIN / -1 has no answer.
[[nodiscard]] std::int64_t div_round(std::int64_t a, std::int64_t b);

// a / b, rounded down: the one for grids, where -1 / 8 is cell -1. The same bounds as div_round.
[[nodiscard]] std::int64_t div_floor(std::int64_t a, std::int64_t b);

}  // namespace engine
