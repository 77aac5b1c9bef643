#include "transport/stream/socket_options.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <boost/asio/ip/tcp.hpp>

#include "netcode/limits.hpp"
#include "transport/http/url.hpp"

namespace netcode::transport {

namespace {

void set_tcp(int socket, int option, int value) { ::setsockopt(socket, IPPROTO_TCP, option, &value, sizeof value); }

}  // namespace

void set_socket_options(int socket, const ConnectionOptions& options) {
  set_tcp(socket, TCP_NODELAY, 1);
  set_tcp(socket, TCP_NOTSENT_LOWAT, static_cast<int>(options.kernel_unsent_bytes_max));
  // A peer that acknowledges nothing for as long as silence is borne will not come back on this connection.
  set_tcp(socket, TCP_USER_TIMEOUT, static_cast<int>(limits::kSilenceMax.count()));
}

void set_reset_on_close(int socket) {
  const linger now{1, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

std::string remote_address_of(int socket) {
  boost::asio::ip::tcp::endpoint endpoint;
  auto size = static_cast<socklen_t>(endpoint.capacity());
  if (::getpeername(socket, endpoint.data(), &size) != 0) return {};
  return host_and_port(endpoint.address().to_string(), endpoint.port());
}

}  // namespace netcode::transport
