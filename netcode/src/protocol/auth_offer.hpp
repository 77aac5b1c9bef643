// A client's auth table in the head of its handshake: one of the subprotocols that it offers,
// "scrim.auth.<table>.<base64url of its buffer>".
//
// Pure functions, any thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/core/result.hpp"
#include "netcode/auth.hpp"

namespace netcode::protocol {

inline constexpr std::string_view kAuthOfferPrefix = "scrim.auth.";

/// Within the limits of both doors? The error is for whoever wrote it, and tells nothing of what is in it.
engine::Result<void> check_auth_size(const Auth& auth);

/// `auth` must be within the limits.
std::string auth_offer(const Auth& auth);
/// Of all that a client offers; none: it shows nothing. An error, for the client, says what is wrong with what it
/// offered. The body is not verified.
engine::Result<std::optional<Auth>> find_auth(std::span<const std::string> offered);

}  // namespace netcode::protocol
