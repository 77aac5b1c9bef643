// The simulation's integers as what pictures are drawn in: units, radians, floats. Pure functions.
#pragma once

#include <numbers>

#include "engine/app/geometry.hpp"
#include "engine/core/fixed.hpp"
#include "game/sim/vec.hpp"

namespace game::client {

using engine::app::Point;

inline constexpr float kTickSeconds = 1.0F / 60;
inline constexpr float kPi = std::numbers::pi_v<float>;

inline float units(std::int32_t length) { return static_cast<float>(length) / sim::kUnit; }
inline Point units(sim::Vec at) { return {units(at.x), units(at.y)}; }
inline float radians(engine::Angle angle) { return static_cast<float>(angle) * (2 * kPi / 65536); }
inline engine::Angle to_angle(float radians) {
  return static_cast<engine::Angle>(static_cast<std::int32_t>(radians * (65536 / (2 * kPi))));
}
/// From `a` to `b` the short way round.
inline float mix_angle(float a, float b, float share_of_b) { return a + std::remainder(b - a, 2 * kPi) * share_of_b; }

}  // namespace game::client
