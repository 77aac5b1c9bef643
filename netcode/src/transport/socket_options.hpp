// What every socket of ours is set to, on both ends.
#pragma once

#include "transport/accept.hpp"
#include "transport/asio_types.hpp"

namespace netcode::transport {

/// TCP_NODELAY, TCP_NOTSENT_LOWAT, TCP_USER_TIMEOUT. Failures do not matter: such a socket is about to fail anyway.
void set_socket_options(TcpSocket& socket, const ConnectionOptions& options);

/// Closing drops what the kernel has not sent and resets the connection, so that the peer learns of it at once.
void set_reset_on_close(TcpSocket& socket);

/// "127.0.0.1:4242"; empty if the peer is gone already.
std::string remote_address_of(const TcpSocket& socket);

}  // namespace netcode::transport
