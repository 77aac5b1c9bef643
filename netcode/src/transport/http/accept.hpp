// What a server tells its listeners: how to answer plain HTTP, whom to upgrade, on which loop, and who takes the
// connection.
//
// The same handlers serve the WebSocket listener and the in-memory one. `on_http` and `on_upgrade` run on the
// listener's loop with the HTTP head read; between `on_upgrade` and the WebSocket accept the socket moves to the loop
// that was chosen, the bytes read so far with it; `on_connection` runs there.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "transport/http/exchange.hpp"
#include "transport/loop/loop.hpp"
#include "transport/websocket/connection.hpp"

namespace netcode::transport {

/// Accept this WebSocket on `loop`, answering with `subprotocol` (none if empty).
struct Upgrade {
  Loop* loop = nullptr;
  std::string subprotocol = {};
  std::vector<HttpField> headers = {};  // of the answer, beside those of the handshake
  /// Takes the connection in place of AcceptHandlers::on_connection, knowing what on_upgrade found out.
  std::function<void(std::shared_ptr<Connection>)> on_open = nullptr;
  /// The client was gone before its handshake was over, or there is no descriptor for it: nobody takes the connection.
  /// May be null.
  std::function<void()> on_lost = nullptr;
};

struct AcceptHandlers {
  HttpHandler on_http;
  std::function<std::variant<Upgrade, HttpResponse>(const HttpRequest&)> on_upgrade;
  std::function<void(const HttpRequest&, std::shared_ptr<Connection>)> on_connection;
  /// A request was refused before it was whole: its body is too large, or took too long. It has no body. Returns what
  /// it is answered, which may be the refusal that would be. May be null.
  std::function<HttpResponse(const HttpRequest&, HttpResponse refusal)> on_refused = nullptr;
};

using OnConnection = std::function<void(const HttpRequest&, std::shared_ptr<Connection>)>;
/// Who takes the connection of this upgrade.
OnConnection taker_of(const Upgrade& upgrade, const AcceptHandlers& handlers);

/// Bounds of a connection, on either end. Every default is from netcode/limits.hpp.
struct ConnectionOptions {
  std::size_t message_bytes_max;
  std::chrono::milliseconds handshake_timeout;  // TCP accept to WebSocket open or to a whole request, in all
  std::chrono::milliseconds close_timeout;
  std::chrono::milliseconds message_assembly_timeout;  // first to last fragment
  std::size_t message_fragments_max;
  std::size_t bytes_per_second_max;  // that the peer sends; a burst as well
  std::size_t bytes_burst_max;
  std::uint32_t control_frames_per_second_max;  // pings, and pongs that nobody asked for
  std::uint32_t control_frames_burst_max;
  std::size_t visitors_max;             // of a listener: connections that are no WebSocket yet
  std::size_t kernel_unsent_bytes_max;  // TCP_NOTSENT_LOWAT
  // Of HTTP:
  std::size_t request_body_bytes_max;
  std::size_t requests_per_connection_max;
  std::size_t answers_awaited_max;           // of a listener
  std::chrono::milliseconds answer_timeout;  // a request's end to its answer
  std::chrono::milliseconds idle_timeout;    // an answer's end to the next request's first byte
  ConnectionOptions();
};
/// One copy for all connections that keep to them.
using ConnectionOptionsPtr = std::shared_ptr<const ConnectionOptions>;

}  // namespace netcode::transport
