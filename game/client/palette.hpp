// The arena's colours. Own and foe, and the two teams, are told apart by everybody: what is tested in palette_test.cpp.
#pragma once

#include <array>
#include <string_view>

#include "engine/app/color.hpp"

namespace game::client {

using engine::app::Color;
using engine::app::rgb;

namespace palette {
inline constexpr Color kGround = rgb(0x070910);
inline constexpr Color kGrid = rgb(0x141B2E);
inline constexpr Color kGridMajor = rgb(0x1E2A47);
inline constexpr Color kWall = rgb(0x4A55B8);
inline constexpr Color kWallFill = rgb(0x0C1020);
inline constexpr Color kText = rgb(0xC9D4F2);
inline constexpr Color kMuted = rgb(0x8794B5);
inline constexpr Color kHealth = rgb(0x6BFF8E);
inline constexpr Color kRapid = rgb(0xFFD84A);
inline constexpr Color kMega = rgb(0xF0EBFF);
inline constexpr Color kWhite = rgb(0xFFFFFF);
inline constexpr Color kWarning = rgb(0xFFB03A);
}  // namespace palette

/// What sides look like: a choice in the settings.
struct SideColors {
  Color own;
  Color foe;
  std::array<Color, 2> teams;
  std::array<std::string_view, 2> team_names;
};
inline constexpr std::array<SideColors, 2> kSideColors = {{
    {rgb(0x35E6FF), rgb(0xFF4D5A), {rgb(0x3D8BFF), rgb(0xFF8A1F)}, {"BLUE", "ORANGE"}},
    {rgb(0x58A8FF), rgb(0xFFC21F), {rgb(0x3D8BFF), rgb(0xFFC21F)}, {"BLUE", "YELLOW"}},  // apart by lightness too
}};

}  // namespace game::client
