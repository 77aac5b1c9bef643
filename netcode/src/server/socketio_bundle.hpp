// The official client of Socket.IO for browsers, as its package has it: assets/web/. Compiled into the server, so that
// a page needs no other host.
#pragma once

#include <string_view>

namespace netcode {

/// Below the path prefix; where the official server has it.
inline constexpr std::string_view kSocketioBundlePath = "/socket.io/socket.io.min.js";

std::string_view socketio_bundle();

}  // namespace netcode
