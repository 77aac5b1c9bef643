#include "game/bots/aimer.hpp"

#include <algorithm>
#include <cstdlib>

namespace game::bots {
namespace {

constexpr std::int32_t kErrorTicksMin = 10;
constexpr std::int32_t kErrorTicksMax = 26;
constexpr std::int32_t kErrorEasing = 5;

// Near enough to normal: the sum of four uniform numbers, whose standard deviation is 1155.
std::int32_t normal(engine::Rng& rng, std::int32_t sigma) {
  std::int32_t sum = 0;
  for (int i = 0; i < 4; ++i) sum += rng.between(-1000, 1000);
  return sum * sigma / 1155;
}

}  // namespace

engine::Angle Aimer::turn(engine::Angle wanted, engine::Rng& rng) {
  if (error_ticks_ == 0) {
    error_goal_ = normal(rng, skill_.aim_sigma);
    error_ticks_ = static_cast<std::uint32_t>(rng.between(kErrorTicksMin, kErrorTicksMax));
  }
  --error_ticks_;
  error_ += (error_goal_ - error_) / kErrorEasing;
  const std::int32_t away = static_cast<std::int16_t>(static_cast<engine::Angle>(wanted + error_ - angle_));
  angle_ = static_cast<engine::Angle>(angle_ + std::clamp(away, -skill_.turn_per_tick, skill_.turn_per_tick));
  return angle_;
}

std::int32_t Aimer::distance_to(engine::Angle wanted) const {
  return std::abs(std::int32_t{static_cast<std::int16_t>(static_cast<engine::Angle>(wanted + error_ - angle_))});
}

}  // namespace game::bots
