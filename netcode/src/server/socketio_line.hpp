// The way between a session's link over Socket.IO and its client's connection. These may be on two threads: a session
// moves to the shard of its match, the connection stays where it was opened.
//
// Threading: what is for either end names its thread. Ownership: shared by both ends; goes with the last.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "netcode/ids.hpp"
#include "server/routes.hpp"
#include "socketio/socket_client.hpp"

namespace netcode {

class SocketioLink;

class SocketioLine : public std::enable_shared_from_this<SocketioLine> {
 public:
  /// `shard`: on whose thread the connection is.
  SocketioLine(std::shared_ptr<Routes> routes, std::uint32_t shard, socketio::SocketClient& client)
      : routes_(std::move(routes)), shard_(shard), remote_address_(client.request().remote_address), client_(&client) {}

  const std::string& remote_address() const { return remote_address_; }

  // --- any thread
  /// On the connection's thread, at once if this is it; not at all once that is gone.
  void to_client(std::function<void(socketio::SocketClient&)> work);
  /// The same, of the session of this id, whose connection this is from now on; if that is gone, the link hears of it.
  void welcome(SessionId session, std::function<void(socketio::SocketClient&)> work);
  /// On the thread of the session of this id, at once if this is it; not at all if it has another link by then.
  void to_link(SessionId session, std::function<void(SocketioLink&)> work);
  /// Its session is on its way to another link over this same connection.
  void set_moving(bool is_moving) { is_moving_ = is_moving; }
  bool is_moving() const { return is_moving_; }

  // --- the connection's thread
  socketio::SocketClient* client() const { return client_; }
  void hang_up() { client_ = nullptr; }
  /// Whose it is, once its client was welcomed.
  std::optional<SessionId> session() const { return session_; }
  void set_session(std::optional<SessionId> session) { session_ = session; }

  // --- the session's thread
  SocketioLink* link() const { return link_; }
  void set_link(SocketioLink* link) { link_ = link; }
  /// The newest of the session's events that went this way.
  std::uint32_t written() const { return written_; }
  void set_written(std::uint32_t written) { written_ = written; }

 private:
  const std::shared_ptr<Routes> routes_;
  const std::uint32_t shard_;
  const std::string remote_address_;
  std::atomic<bool> is_moving_ = false;
  socketio::SocketClient* client_;
  std::optional<SessionId> session_;
  SocketioLink* link_ = nullptr;
  std::uint32_t written_ = 0;
};
using SocketioLinePtr = std::shared_ptr<SocketioLine>;

}  // namespace netcode
