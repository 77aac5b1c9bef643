// How a client reaches a server: real WebSockets, or the in-memory link.
#pragma once

#include <functional>
#include <memory>
#include <string>

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
  /// `url` is ws://host:port/path?query. A later connect does not end an earlier one.
  virtual void connect(const std::string& url, const std::string& subprotocol, Done done) = 0;
  virtual Loop& loop() = 0;
};

/// ConnectionOptions with a client's limits: a server's messages may be larger than a client's.
ConnectionOptions client_connection_options();

/// What `Done` gets where the server answers with something other than an upgrade: "503: the server is full".
engine::Error refusal_error(const HttpResponse& response);
/// ... and where it upgrades without taking the subprotocol that was asked for.
engine::Error subprotocol_error(const std::string& authority, const std::string& subprotocol);

}  // namespace netcode::transport
