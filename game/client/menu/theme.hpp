// How the menu looks: its typefaces, what it adds to the game's palette, and the units that its screens are laid out
// in.
#pragma once

#include <string>
#include <vector>

#include "engine/app/typeface.hpp"
#include "engine/core/result.hpp"
#include "game/client/palette.hpp"
#include "game/client/settings.hpp"

namespace game::client {

/// Screens are laid out in 1280 x 720, and scaled to fit the frame.
inline constexpr float kMenuWidth = 1280;
inline constexpr float kMenuHeight = 720;
/// What every screen keeps to.
inline constexpr float kMarginLeft = 96;
inline constexpr float kMarginRight = 1184;

namespace palette {
inline constexpr Color kBright = rgb(0xF4F7FF);
inline constexpr Color kPanel = rgb(0x0A0E1B);
inline constexpr Color kPanelEdge = rgb(0x26325A);
inline constexpr Color kFocusFill = rgb(0x10233A);
}  // namespace palette

inline const SideColors& sides_of(ColorSet set) {
  static_assert(kSideColors.size() == static_cast<std::size_t>(ColorSet::kBlueYellow) + 1);
  return kSideColors[static_cast<std::size_t>(set)];
}

/// Fonts of the system's for scripts that the game's own lack; fewer, or none, where they are not installed.
std::vector<std::string> fallback_fonts();

/// Owns the typefaces that the menu is set in.
struct MenuArt {
  engine::app::Typeface title;   // Jura Bold
  engine::app::Typeface head;    // Jura Medium
  engine::app::Typeface text;    // B612
  engine::app::Typeface strong;  // B612 Bold
  engine::app::Typeface mono;    // B612 Mono

  /// From a folder that holds the files of assets/fonts. An error names the one that is missing.
  static engine::Result<MenuArt> open(const std::string& fonts_folder);
};

}  // namespace game::client
