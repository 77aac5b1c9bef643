// How a client reaches a server: real WebSockets, or the in-memory link.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "engine/core/result.hpp"
#include "transport/accept.hpp"
#include "transport/connection.hpp"

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

}  // namespace netcode::transport
