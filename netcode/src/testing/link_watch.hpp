// Connectors whose connections a test can reach by the link that their URL asks for: to cut or stall one of a session's
// two alone.
//
// Threading: one thread. The watch may go before its connectors.
#pragma once

#include <cstdint>
#include <memory>

#include "transport/websocket/connector.hpp"

namespace netcode::testing {

class LinkWatch {
 public:
  LinkWatch();

  std::unique_ptr<transport::Connector> watch(std::unique_ptr<transport::Connector> connector);
  /// Of every client; a connection of a whole session is its link 0.
  void cut(std::uint8_t link);
  void pause(std::uint8_t link, bool paused);

  struct Seen;

 private:
  std::shared_ptr<Seen> seen_;
};

}  // namespace netcode::testing
