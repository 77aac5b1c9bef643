// The WebSocket handshake on either end, up to a Connection that is ready to start.
//
// Threading: the loop that is named. Ownership: sockets are passed on by value.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/core/clock.hpp"
#include "engine/core/result.hpp"
#include "transport/http/accept.hpp"
#include "transport/http/url.hpp"
#include "transport/loop/asio_types.hpp"
#include "transport/loop/io_loop.hpp"
#include "transport/loop/unique_fd.hpp"
#include "transport/stream/socket_stream.hpp"
#include "transport/websocket/connection.hpp"

namespace netcode::transport {

class ClosingConnections;

/// A socket on its way to the loop that will serve it. What its request has to have, it has.
struct PendingUpgrade {
  SocketParts socket;
  std::string key;  // Sec-WebSocket-Key
  HttpRequest request;
  std::string subprotocol;
  std::vector<HttpField> headers;  // of the answer, beside the handshake's
  ConnectionOptionsPtr options;
  std::function<void(const HttpRequest&, std::shared_ptr<Connection>)> on_connection;
  std::function<void()> on_lost;  // in place of on_connection; may be null
  std::shared_ptr<ClosingConnections> closing;
};

/// On `loop`'s thread.
void accept_websocket(IoLoop& loop, PendingUpgrade upgrade);

/// `socket` is connected to url.host. What went wrong can be shown to a person.
Awaitable<engine::Result<std::shared_ptr<Connection>>> request_websocket(IoLoop& loop, UniqueFd socket, Url url,
                                                                         std::string subprotocols,
                                                                         ConnectionOptionsPtr options,
                                                                         engine::TimePoint due);

}  // namespace netcode::transport
