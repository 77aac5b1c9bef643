// The directory that recordings go to: can files be made there? Asked at start, so that nobody plays for an evening
// into a recording that does not exist.
//
// Threading: pure functions over the file system; any thread.
#pragma once

#include <string>

#include "engine/core/result.hpp"

namespace netcode {

/// Makes the directory if need be (its parents must be there), and makes and removes a file in it. An error says what
/// the system said.
engine::Result<void> prepare_record_dir(const std::string& path);

/// Would that work? Nothing is made that stays: where the directory is not there, its parent is asked.
engine::Result<void> check_record_dir(const std::string& path);

}  // namespace netcode
