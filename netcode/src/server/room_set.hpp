// Which of a shard's sessions are in which rooms. A room is there while somebody is in it.
//
// Threading: its shard. Rooms of one name on several shards are one room to the API: what is sent to it goes to every
// shard.
#pragma once

#include <boost/container/flat_set.hpp>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "netcode/ids.hpp"

namespace netcode {

class RoomSet {
 public:
  using Key = std::pair<std::string, std::string>;  // namespace, room
  /// One piece of memory, which is walked once for each event to the room.
  using Members = boost::container::flat_set<SessionId>;
  /// Told of everybody who comes into a room, and who leaves one.
  using Watcher = std::function<void(SessionId session, const Key& room, bool is_in)>;
  void set_watcher(Watcher watcher) { watcher_ = std::move(watcher); }

  /// False past kRoomsPerSessionMax, or for a name that is empty or too long.
  bool join(SessionId session, std::string_view space, std::string_view room);
  void leave(SessionId session, std::string_view space, std::string_view room);
  /// Out of every room of this namespace.
  void leave_space(SessionId session, std::string_view space);
  /// Out of every room, in every namespace.
  void leave_all(SessionId session);

  /// By rising id. Until somebody comes or leaves.
  const Members& members(std::string_view space, std::string_view room) const;
  bool contains(SessionId session, std::string_view space, std::string_view room) const;
  /// By rising name.
  std::vector<std::string> rooms_of(SessionId session, std::string_view space) const;
  /// With their namespaces: what a session that moves to another shard takes along.
  std::vector<Key> all_rooms_of(SessionId session) const;
  std::size_t size() const { return members_.size(); }

 private:
  std::map<Key, Members> members_;
  std::map<SessionId, std::set<Key>> rooms_;
  Watcher watcher_;
};

}  // namespace netcode
