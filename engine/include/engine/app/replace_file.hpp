// Replacing a small file whole: after a crash, a full disk or a loss of power there is the old text or the new one,
// never a part.
//
// A path that is a link stays one: what it leads to is replaced. The file keeps its permissions. Any thread; two that
// replace one file at once leave one of the two texts.
#pragma once

#include <string>
#include <string_view>

#include "engine/core/result.hpp"

namespace engine::app {

/// Written to <file>.new, synced, and renamed over the file, whose folders are made if need be; a link's are not. An
/// error names the file and leaves the old text.
Result<void> replace_file(const std::string& path, std::string_view text);

}  // namespace engine::app
