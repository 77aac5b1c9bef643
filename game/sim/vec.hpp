// Positions and velocities of the arena: integers, 256 to the unit, x to the right and y down.
//
// Plain values; pure functions.
#pragma once

#include <algorithm>
#include <cstdint>

#include "engine/core/fixed.hpp"

namespace game::sim {

// 1 u is 1 px of a 1280x720 picture.
inline constexpr std::int32_t kUnit = 256;

struct Vec {
  std::int32_t x = 0;
  std::int32_t y = 0;

  friend constexpr bool operator==(const Vec&, const Vec&) = default;
  friend constexpr Vec operator+(Vec a, Vec b) { return {a.x + b.x, a.y + b.y}; }
  friend constexpr Vec operator-(Vec a, Vec b) { return {a.x - b.x, a.y - b.y}; }
  friend constexpr Vec operator-(Vec a) { return {-a.x, -a.y}; }
  constexpr Vec& operator+=(Vec b) { return *this = *this + b; }
  constexpr Vec& operator-=(Vec b) { return *this = *this - b; }
};

constexpr std::int64_t dot(Vec a, Vec b) { return std::int64_t{a.x} * b.x + std::int64_t{a.y} * b.y; }
constexpr std::int64_t length_squared(Vec a) { return dot(a, a); }
inline std::int32_t distance(Vec a, Vec b) { return engine::length(a.x - b.x, a.y - b.y); }
constexpr std::int64_t square(std::int64_t n) { return n * n; }

// value * factor / 16384, rounded to the nearest: how a length meets a sine or a direction.
constexpr std::int32_t scale_q14(std::int32_t value, std::int32_t factor) {
  return static_cast<std::int32_t>((std::int64_t{value} * factor + (1 << 13)) >> 14);
}

// A vector of `length` in the direction of an angle.
inline Vec from_angle(engine::Angle angle, std::int32_t length) {
  return {scale_q14(length, engine::cos_q14(angle)), scale_q14(length, engine::sin_q14(angle))};
}

// The direction of `v` as a vector of length 16384; +x for the zero vector. `v` is shorter than 4,000,000.
inline Vec direction_q14(Vec v) {
  // 256 times as long, so that the length's fraction counts: of a short vector it is most of it.
  const std::int64_t size = engine::length(v.x * 256, v.y * 256);
  if (size == 0) return {engine::kOneQ14, 0};
  return {static_cast<std::int32_t>(engine::div_round(std::int64_t{v.x} * 256 * engine::kOneQ14, size)),
          static_cast<std::int32_t>(engine::div_round(std::int64_t{v.y} * 256 * engine::kOneQ14, size))};
}

inline Vec with_length(Vec v, std::int32_t size) {
  const Vec direction = direction_q14(v);
  return {scale_q14(size, direction.x), scale_q14(size, direction.y)};
}

// The point `fraction` / 65536 of the way from `from` along `by`.
constexpr Vec along(Vec from, Vec by, std::int32_t fraction) {
  return {from.x + static_cast<std::int32_t>((std::int64_t{by.x} * fraction) >> 16),
          from.y + static_cast<std::int32_t>((std::int64_t{by.y} * fraction) >> 16)};
}

}  // namespace game::sim
