// What every socket of ours is set to, on both ends. Failures do not matter: such a socket is about to fail anyway.
#pragma once

#include <string>

#include "transport/http/accept.hpp"

namespace netcode::transport {

/// TCP_NODELAY, TCP_NOTSENT_LOWAT, TCP_USER_TIMEOUT.
void set_socket_options(int socket, const ConnectionOptions& options);

/// Closing drops what the kernel has not sent and resets the connection, so that the peer learns of it at once.
void set_reset_on_close(int socket);

/// "127.0.0.1:4242"; empty if the peer is gone already.
std::string remote_address_of(int socket);

}  // namespace netcode::transport
