#include "limiter.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace engine::app::sound {

namespace {
constexpr float kRecoverySeconds = 0.15F;  // shorter would buzz along with low notes, longer would pump
}

Limiter::Limiter(int rate_hz) : recovery_(1 - std::exp(-1 / (kRecoverySeconds * static_cast<float>(rate_hz)))) {}

void Limiter::process(std::span<float> stereo) {
  for (std::size_t i = 0; i + 1 < stereo.size(); i += 2) {
    gain_ += (1 - gain_) * recovery_;
    const float peak = std::max(std::abs(stereo[i]), std::abs(stereo[i + 1]));
    if (peak * gain_ > kCeiling) gain_ = kCeiling / peak;
    stereo[i] *= gain_;
    stereo[i + 1] *= gain_;
  }
}

}  // namespace engine::app::sound
