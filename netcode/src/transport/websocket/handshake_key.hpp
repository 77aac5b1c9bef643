// The keys of the WebSocket handshake (RFC 6455, 4.1 and 4.2.2): the server shows that it has read the client's.
//
// Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>

namespace netcode::transport {

/// Sec-WebSocket-Key: 16 bytes from the kernel, in base64.
std::string make_websocket_key();
/// Sec-WebSocket-Accept for a key.
std::string websocket_accept_of(std::string_view key);

}  // namespace netcode::transport
