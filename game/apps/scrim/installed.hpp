// What the game finds on this machine: where its settings are, what matches can be made of, where recordings go.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "game/client/menu/menu.hpp"

namespace game::apps {

inline constexpr std::string_view kProgram = "scrim";

/// `folder`: another one than the system's, or empty. Empty, with a complaint, where settings cannot be kept.
std::string settings_file(const std::string& folder, std::vector<std::string>& complaints);
/// What matches can be made of here: the maps that are installed, each with its picture.
client::MatchKinds kinds_here();
/// Where matches played here are recorded: among the recordings that the menu lists.
std::string recordings_folder();

}  // namespace game::apps
