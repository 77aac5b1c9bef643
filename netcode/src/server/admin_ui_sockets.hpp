// The server's sockets as the Admin UI has them: each client in each of its namespaces, and the rooms that it is in.
//
// Rooms are a session's, and come from its shard, before its socket is known or after it has gone: they are kept by
// themselves. A match is a room too, "match:ID" in "/".
//
// Threading: its owner's. Bounded by the server's sessions, their namespaces and their rooms.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "netcode/ids.hpp"

namespace netcode::socketio {
class SocketClient;
}

namespace netcode {

/// What the room of a match is called.
inline constexpr std::string_view kAdminMatchRoom = "match:";

struct AdminSocket {
  std::string id;  // no other socket of its client has it
  std::string nsp;
  std::string client_id;                           // of the connection
  const socketio::SocketClient* client = nullptr;  // null: it speaks another protocol
  std::optional<SessionId> session{};              // none: an Admin UI
  std::string name{};
  std::string address{};
  std::int64_t issued_ms = 0;  // since 1970
};

class AdminSockets {
 public:
  /// (namespace, id)
  using Key = std::pair<std::string, std::string>;

  const AdminSocket& add(AdminSocket socket);
  /// Nothing: there is none.
  std::optional<AdminSocket> remove(const Key& key);
  const AdminSocket* find(const Key& key) const;
  const AdminSocket* of_session(SessionId session, const std::string& nsp) const;
  /// Returns the socket that it is of, if that is there.
  const AdminSocket* set_room(SessionId session, const std::string& nsp, const std::string& room, bool is_in);
  /// Its id, then others.
  std::vector<std::string> rooms_of(const AdminSocket& socket) const;

  std::size_t size() const { return sockets_.size(); }
  const std::map<Key, AdminSocket>& all() const { return sockets_; }
  /// By namespace. Of one that nobody is in any more it is 0.
  const std::map<std::string, std::size_t>& counts() const { return counts_; }

 private:
  using Place = std::pair<std::uint64_t, std::string>;  // session, namespace

  std::map<Key, AdminSocket> sockets_;
  std::map<Place, std::string> ids_;
  std::map<Place, std::set<std::string>> rooms_;
  std::map<std::string, std::size_t> counts_{{"/", 0}};
};

}  // namespace netcode
