// Keeps many sounds at once from clipping: turns the whole down at once when it would exceed the ceiling, and back up
// slowly. Pure; belongs to the thread that mixes.
#pragma once

#include <span>

namespace engine::app::sound {

class Limiter {
 public:
  static constexpr float kCeiling = 0.95F;

  explicit Limiter(int rate_hz);

  /// In place; left and right are turned down alike, so that nothing moves aside.
  void process(std::span<float> stereo);

 private:
  float recovery_;  // of what is missing to 1, per frame
  float gain_ = 1;
};

}  // namespace engine::app::sound
