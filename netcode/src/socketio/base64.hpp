// Bytes as text, in base64 with padding (RFC 4648, 4): how a poll's body holds what is binary.
//
// Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>

#include "engine/core/result.hpp"
#include "netcode/bytes.hpp"

namespace netcode::socketio {

std::string encode_base64(BytesView bytes);
/// Strict: the padding must be there, and of all texts only the one that encode_base64 makes stands for some bytes.
engine::Result<Bytes> decode_base64(std::string_view text);

}  // namespace netcode::socketio
