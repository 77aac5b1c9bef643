// Figures of a scene for people and for programs, beside those to beat.
#pragma once

#include <string>

#include "measure.hpp"

namespace scenes {

/// The best entry of the public benchmark of Unity's network libraries of September 2026, which has the same five
/// scenes, for any of them.
inline constexpr double kBestBytesPerSecond = 12'000;
inline constexpr double kBestBytesPerObject = 6.0;
inline constexpr double kBestCpuUs = 28;
/// What scenes 1 and 2 are to take.
inline constexpr double kTargetBytesPerObject = 3.0;

/// Two lines.
std::string text_of(const Figures& figures);
/// One line.
std::string json_of(const Figures& figures);

}  // namespace scenes
