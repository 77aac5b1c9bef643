// Whom the rules emit to, as a recording takes it and gives it back.
#pragma once

#include "engine/core/result.hpp"
#include "netcode/recipients.hpp"

namespace netcode {

/// The same people in the one form that there is of them: players by rising id, each once and none of them kNoPlayer;
/// without players or entities where they say nothing. An error names the limit that is passed.
engine::Result<Recipients> recordable(const Recipients& to);

}  // namespace netcode
