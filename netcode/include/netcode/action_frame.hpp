// An action's message as a plain client sends it: for load tools that replay recorded input over bare WebSockets.
#pragma once

#include "netcode/bytes.hpp"

namespace netcode {

/// The whole binary message for the verified table `action`, for as soon as possible (tick 0) and not counted (sequence
/// 0).
Bytes action_frame(BytesView action);

}  // namespace netcode
