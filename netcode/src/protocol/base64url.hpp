// Bytes as text that fits URLs and header tokens: base64url without padding (RFC 4648, 5).
//
// Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>

#include "engine/core/result.hpp"
#include "netcode/bytes.hpp"

namespace netcode::protocol {

std::string encode_base64url(BytesView bytes);
/// Strict: of all texts only the one that encode_base64url makes stands for some bytes. The error does not tell what
/// was in the text, which may be secret.
engine::Result<Bytes> decode_base64url(std::string_view text);

}  // namespace netcode::protocol
