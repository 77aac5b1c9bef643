// Where the system keeps its fonts. Reads folders; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace engine::app {

/// The folders that a desktop's fonts are in, those of the user first: fontconfig's usual ones.
std::vector<std::string> font_folders();

/// The files of these names, in this order, wherever below the folders they are; what is not there is left out. It does
/// not look at more than some ten thousand files.
std::vector<std::string> find_fonts(std::span<const std::string> folders, std::span<const std::string_view> names);

}  // namespace engine::app
