#include "transport/socket_options.hpp"

#include <netinet/tcp.h>

#include "netcode/limits.hpp"
#include "transport/url.hpp"

namespace netcode::transport {

namespace {

template <int kName>
using TcpOption = asio::detail::socket_option::integer<IPPROTO_TCP, kName>;

}  // namespace

void set_socket_options(TcpSocket& socket, const ConnectionOptions& options) {
  error_code ignored;
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  socket.set_option(TcpOption<TCP_NOTSENT_LOWAT>(static_cast<int>(options.kernel_unsent_bytes_max)), ignored);
  // A peer that acknowledges nothing for as long as silence is borne will not come back on this connection.
  socket.set_option(TcpOption<TCP_USER_TIMEOUT>(static_cast<int>(limits::kSilenceMax.count())), ignored);
}

void set_reset_on_close(TcpSocket& socket) {
  error_code ignored;
  socket.set_option(asio::socket_base::linger(true, 0), ignored);
}

std::string remote_address_of(const TcpSocket& socket) {
  error_code error;
  const auto endpoint = socket.remote_endpoint(error);
  return error ? std::string() : host_and_port(endpoint.address().to_string(), endpoint.port());
}

}  // namespace netcode::transport
