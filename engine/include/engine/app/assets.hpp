// Where a program's files are: share/<name> beside the program's own folder, in a build as in an installation.
// Pure but for reading where the program is.
#pragma once

#include <string>
#include <string_view>

#include "engine/core/result.hpp"

namespace engine::app {

/// <folder of the program>/../share/<program>, whether it is there or not.
std::string assets_dir(std::string_view program);
/// The path of `name` in assets_dir, or an error that names the file that is missing.
Result<std::string> find_asset(std::string_view program, std::string_view name);
/// <user's configuration>/<program>, made if need be: $XDG_CONFIG_HOME or ~/.config.
Result<std::string> config_dir(std::string_view program);

}  // namespace engine::app
