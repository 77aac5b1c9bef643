// A sound at another pitch: its samples read faster or slower. Pure.
//
// Pitches are rounded to half-semitones, finer than an ear tells short sounds apart, so that few of them are ever made.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace engine::app::sound {

inline constexpr int kPitchStepsPerOctave = 24;
inline constexpr int kPitchStepMax = kPitchStepsPerOctave;  // twice the speed; its negative is half

/// The step nearest to a pitch, which is brought into 0.5 to 2 first.
int pitch_step(float pitch);
/// Times the speed: 1 at step 0.
double pitch_of(int step);

/// `samples` are frames of `channels` interleaved samples; frames / pitch frames come back, at least one. Four-point
/// interpolation, no filter: what is pitched up far and holds much above 10 kHz aliases.
std::vector<float> resample(std::span<const float> samples, std::size_t channels, double pitch);

}  // namespace engine::app::sound
