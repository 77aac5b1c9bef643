#include "transport/websocket/websocket_connector.hpp"

#include <utility>

#include "transport/http/dial.hpp"
#include "transport/http/url.hpp"
#include "transport/loop/asio_types.hpp"
#include "transport/stream/socket_options.hpp"
#include "transport/websocket/websocket_handshake.hpp"

namespace netcode::transport {

namespace {

Awaitable<void> connect_and_tell(IoLoop& loop, Url url, std::string subprotocols, ConnectionOptionsPtr options,
                                 Connector::Done done) {
  const auto due = loop.now() + options->handshake_timeout;
  auto endpoints = co_await look_up(loop, url.host, url.port, due);
  if (!endpoints) co_return done(endpoints.error());
  auto socket = co_await dial(loop, std::move(*endpoints), url.authority(), due);
  if (!socket) co_return done(socket.error());
  set_socket_options(socket->get(), *options);
  done(co_await request_websocket(loop, std::move(*socket), url, subprotocols, options, due));
}

}  // namespace

WebSocketConnector::WebSocketConnector(IoLoop& loop, const ConnectionOptions& options)
    : loop_(loop), options_(std::make_shared<const ConnectionOptions>(options)) {}

void WebSocketConnector::connect(const std::string& url, const std::string& subprotocols, Done done) {
  auto parsed = parse_url(url);
  if (!parsed) {
    return loop_.post([done = std::move(done), error = parsed.error()] { done(error); });
  }
  // Posted: a coroutine runs up to its first wait inside the call that starts it.
  loop_.post([&loop = loop_, url = std::move(*parsed), subprotocols = std::string(subprotocols), options = options_,
              done = std::move(done)]() mutable {
    spawn(loop.context(), connect_and_tell(loop, std::move(url), std::move(subprotocols), options, std::move(done)));
  });
}

}  // namespace netcode::transport
