// The clients of a scene: they join its match, read every snapshot and do nothing.
#pragma once

#include "shared.hpp"

namespace scenes {

/// `count` clients of the server at shared.port, each with a connection of its own, until shared.stop. The process's
/// exit code: 1 if one was refused or lost its connection, and the reason is on stderr.
int watch(std::uint32_t count, Shared& shared);

}  // namespace scenes
