#include "pitch.hpp"

#include <algorithm>
#include <cmath>

#include "engine/core/assert.hpp"

namespace engine::app::sound {

namespace {

// Catmull-Rom: the cubic through b and c whose slopes there are those of its neighbours.
float cubic(float a, float b, float c, float d, float t) {
  const float m0 = (c - a) / 2;
  const float m1 = (d - b) / 2;
  const float bend = 2 * (b - c) + m0 + m1;
  return b + t * (m0 + t * ((c - b) - m0 - bend + t * bend));
}

}  // namespace

int pitch_step(float pitch) {
  ENGINE_ASSERT(!std::isnan(pitch));
  const double octaves = std::log2(static_cast<double>(std::clamp(pitch, 0.5F, 2.0F)));
  return static_cast<int>(std::lround(octaves * kPitchStepsPerOctave));
}

double pitch_of(int step) { return std::exp2(static_cast<double>(step) / kPitchStepsPerOctave); }

std::vector<float> resample(std::span<const float> samples, std::size_t channels, double pitch) {
  ENGINE_ASSERT(channels > 0 && samples.size() % channels == 0 && !samples.empty());
  ENGINE_ASSERT(pitch > 0);
  const std::size_t frames = samples.size() / channels;
  const std::size_t last = frames - 1;
  const auto frames_out = std::max<std::size_t>(1, static_cast<std::size_t>(static_cast<double>(frames) / pitch));

  std::vector<float> out(frames_out * channels);
  for (std::size_t frame = 0; frame < frames_out; ++frame) {
    const double at = static_cast<double>(frame) * pitch;
    const std::size_t i = std::min(static_cast<std::size_t>(at), last);
    const auto t = static_cast<float>(at - static_cast<double>(i));
    // Beyond its ends a sound stands still.
    const std::size_t before = i == 0 ? 0 : i - 1;
    const std::size_t after = std::min(i + 1, last);
    const std::size_t beyond = std::min(i + 2, last);
    for (std::size_t c = 0; c < channels; ++c) {
      const auto sample = [&](std::size_t f) { return samples[f * channels + c]; };
      out[frame * channels + c] = cubic(sample(before), sample(i), sample(after), sample(beyond), t);
    }
  }
  return out;
}

}  // namespace engine::app::sound
