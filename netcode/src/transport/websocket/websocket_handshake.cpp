#include "transport/websocket/websocket_handshake.hpp"

#include <spdlog/spdlog.h>

#include <boost/beast/http/field.hpp>
#include <boost/beast/websocket/stream_base.hpp>
#include <utility>

#include "transport/http/http_head.hpp"
#include "transport/websocket/connector.hpp"
#include "transport/websocket/websocket_connection.hpp"

namespace netcode::transport {

namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;

namespace {

/// Cuts a connection whose handshake is not over in time.
class HandshakeDeadline {
 public:
  HandshakeDeadline(IoLoop& loop, engine::TimePoint due, const std::shared_ptr<WebSocketConnection>& connection)
      : loop_(loop), passed_(std::make_shared<bool>(false)) {
    timer_ = loop.call_at(due, [passed = passed_, weak = std::weak_ptr(connection)] {
      *passed = true;
      if (const auto open = weak.lock()) open->stream().next_layer().cut();
    });
  }
  HandshakeDeadline(const HandshakeDeadline&) = delete;
  HandshakeDeadline& operator=(const HandshakeDeadline&) = delete;
  ~HandshakeDeadline() { loop_.cancel(timer_); }

  bool passed() const { return *passed_; }

 private:
  IoLoop& loop_;
  std::shared_ptr<bool> passed_;
  Loop::TimerId timer_;
};

engine::Error handshake_error(error_code error, const websocket::response_type& response, const Url& url) {
  if (error == websocket::error::upgrade_declined) {
    return refusal_error({response.result_int(), {}, response.body()});
  }
  if (error == asio::error::eof || error == asio::error::connection_reset || error == http::error::end_of_stream ||
      error == http::error::partial_message) {
    return engine::error("{} closed the connection during the handshake", url.authority());
  }
  return engine::error("no WebSocket at {}: {}", url.authority(), error.message());
}

}  // namespace

Awaitable<void> accept_websocket(IoLoop& loop, PendingUpgrade upgrade) {
  const auto connection = std::make_shared<WebSocketConnection>(loop, std::move(upgrade.socket),
                                                                WebSocketConnection::Role::kServer, upgrade.options);
  connection->set_closing_connections(std::move(upgrade.closing));
  connection->stream().set_option(
      websocket::stream_base::decorator([subprotocol = upgrade.subprotocol](websocket::response_type& response) {
        if (!subprotocol.empty()) response.set(http::field::sec_websocket_protocol, subprotocol);
      }));
  const HandshakeDeadline deadline(loop, upgrade.due, connection);
  const auto [error] = co_await connection->stream().async_accept(upgrade.head->message, kTuple);
  // One that has hung up already would only take up a session, and a seat until its resume window is over.
  if (error || connection->stream().next_layer().peer_has_ended()) {
    spdlog::debug("handshake with {} failed: {}", upgrade.request.remote_address,
                  error ? error.message() : "it hung up");
    if (upgrade.on_lost) upgrade.on_lost();
    co_return;
  }
  connection->set_open();
  upgrade.on_connection(upgrade.request, connection);
}

Awaitable<engine::Result<std::shared_ptr<Connection>>> request_websocket(IoLoop& loop, UniqueFd socket, Url url,
                                                                         std::string subprotocols,
                                                                         ConnectionOptionsPtr options,
                                                                         engine::TimePoint due) {
  const auto connection = std::make_shared<WebSocketConnection>(loop, SocketParts{.fd = std::move(socket)},
                                                                WebSocketConnection::Role::kClient, options);
  connection->stream().set_option(websocket::stream_base::decorator([subprotocols](websocket::request_type& request) {
    if (!subprotocols.empty()) request.set(http::field::sec_websocket_protocol, subprotocols);
  }));
  const HandshakeDeadline deadline(loop, due, connection);
  websocket::response_type response;
  const auto [error] = co_await connection->stream().async_handshake(response, url.authority(), url.target, kTuple);
  if (deadline.passed()) co_return engine::error("no answer from {} in time", url.authority());
  if (error) co_return handshake_error(error, response, url);
  if (const auto taken = response[http::field::sec_websocket_protocol];
      std::string_view(taken.data(), taken.size()) != first_subprotocol(subprotocols)) {
    connection->stream().next_layer().cut();
    co_return subprotocol_error(url.authority(), subprotocols);
  }
  connection->set_open();
  co_return std::shared_ptr<Connection>(connection);
}

}  // namespace netcode::transport
