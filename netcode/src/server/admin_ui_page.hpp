// One page of the Admin UI, as the server writes to it: what it cannot take yet waits, up to a bound. Past that all of
// it is dropped, and once the page reads again it is sent everything anew: a page that does not read costs little.
//
// Threading: the connection's. Ownership: the Admin UI's; its client outlives it.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "socketio/socket_client.hpp"

namespace netcode {

class AdminPage {
 public:
  explicit AdminPage(socketio::SocketClient& client) : client_(client) {}
  AdminPage(const AdminPage&) = delete;
  AdminPage& operator=(const AdminPage&) = delete;

  socketio::SocketClient& client() const { return client_; }
  /// Was it let in?
  bool is_in() const { return is_in_; }
  void let_in() { is_in_ = true; }

  /// A packet of Socket.IO, shared by all pages that get it.
  using Text = std::shared_ptr<const std::string>;
  void send(const Text& text);
  /// The client can take more. False: it has missed something, and nothing of that waits any more.
  bool on_writable();

  std::size_t waiting_bytes() const { return waiting_bytes_; }

 private:
  socketio::SocketClient& client_;
  bool is_in_ = false;
  bool is_behind_ = false;
  std::vector<Text> waiting_;
  std::size_t waiting_bytes_ = 0;
};

}  // namespace netcode
