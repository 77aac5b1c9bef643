// What is behind ClientLoop: an IoLoop, and the way to wait on it only until something happens.
//
// Threading: one thread, as ClientLoop. The only file of the client that knows of real sockets.
#pragma once

#include <memory>

#include "netcode/client.hpp"
#include "transport/loop/io_loop.hpp"
#include "transport/websocket/connector.hpp"

namespace netcode {

struct ClientLoop::Impl {
  transport::IoLoop loop;
  bool is_running = false;
  bool is_waiting = false;

  std::unique_ptr<transport::Connector> connector();
  /// Something happened that ends a wait().
  void wake() {
    if (is_waiting) loop.stop();
  }
};

}  // namespace netcode
