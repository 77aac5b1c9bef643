// How a client reaches a server: real WebSockets, or the in-memory link.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "engine/core/result.hpp"
#include "transport/http/accept.hpp"
#include "transport/websocket/connection.hpp"

namespace netcode::transport {

class Connector {
 public:
  /// Called once on the connector's loop, never from inside `connect`. The error's reason can be shown to a person:
  /// "connection refused by 127.0.0.1:9000", "503: the server is full".
  using Done = std::function<void(engine::Result<std::shared_ptr<Connection>>)>;

  virtual ~Connector() = default;
  /// `url` is ws://host:port/path?query. `subprotocols` as in Sec-WebSocket-Protocol, with commas between: the server
  /// has to take the first; none: it may take none. A later connect does not end an earlier one.
  virtual void connect(const std::string& url, const std::string& subprotocols, Done done) = 0;
  virtual Loop& loop() = 0;
};

/// The one of "scrim.v1, scrim.auth.x.y" that the server has to take.
std::string_view first_subprotocol(std::string_view subprotocols);

/// ConnectionOptions with a client's limits: a server's messages may be larger than a client's.
ConnectionOptions client_connection_options();

/// What `Done` gets where the server answers with something other than an upgrade: "503: the server is full".
engine::Error refusal_error(const HttpResponse& response);
/// ... and where it upgrades without taking the first of the subprotocols that it was offered. The others are left out:
/// they may be secret.
engine::Error subprotocol_error(const std::string& authority, std::string_view subprotocols);

}  // namespace netcode::transport
