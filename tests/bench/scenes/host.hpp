// The server of a scene.
#pragma once

#include "rules.hpp"
#include "shared.hpp"

namespace scenes {

inline constexpr std::string_view kMatch = "scene";

/// Serves one match of the scene on a free port of 127.0.0.1, which it leaves in `shared`, until SIGTERM. The process's
/// exit code.
int host(Scene scene, std::uint32_t clients, Shared& shared);

}  // namespace scenes
