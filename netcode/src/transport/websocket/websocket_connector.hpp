// A client's way to a server over real sockets.
//
// Threading: its loop's thread. Ownership: goes before its loop; attempts under way go on without it.
#pragma once

#include <string>

#include "transport/http/accept.hpp"
#include "transport/loop/io_loop.hpp"
#include "transport/websocket/connector.hpp"

namespace netcode::transport {

class WebSocketConnector final : public Connector {
 public:
  explicit WebSocketConnector(IoLoop& loop, const ConnectionOptions& options = client_connection_options());

  void connect(const std::string& url, const std::string& subprotocols, Done done) override;
  Loop& loop() override { return loop_; }

 private:
  IoLoop& loop_;
  const ConnectionOptionsPtr options_;
};

}  // namespace netcode::transport
