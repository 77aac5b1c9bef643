#include "server/room_set.hpp"

#include "netcode/limits.hpp"

namespace netcode {

bool RoomSet::join(SessionId session, std::string_view space, std::string_view room) {
  if (room.empty() || room.size() > limits::kRoomNameBytesMax) return false;
  std::set<Key>& rooms = rooms_[session];
  Key key{space, room};
  if (rooms.size() >= limits::kRoomsPerSessionMax && !rooms.contains(key)) return false;
  const bool is_new = members_[key].insert(session).second;
  if (watcher_ && is_new) watcher_(session, key, true);
  rooms.insert(std::move(key));
  return true;
}

void RoomSet::leave(SessionId session, std::string_view space, std::string_view room) {
  const auto rooms = rooms_.find(session);
  if (rooms == rooms_.end()) return;
  const Key key{space, room};
  if (rooms->second.erase(key) == 0) return;
  if (rooms->second.empty()) rooms_.erase(rooms);
  const auto members = members_.find(key);
  members->second.erase(session);
  if (members->second.empty()) members_.erase(members);
  if (watcher_) watcher_(session, key, false);
}

void RoomSet::leave_space(SessionId session, std::string_view space) {
  for (const std::string& room : rooms_of(session, space)) leave(session, space, room);
}

void RoomSet::leave_all(SessionId session) {
  for (const Key& key : all_rooms_of(session)) leave(session, key.first, key.second);
}

const RoomSet::Members& RoomSet::members(std::string_view space, std::string_view room) const {
  static const Members kNobody;
  const auto members = members_.find(Key{space, room});
  return members == members_.end() ? kNobody : members->second;
}

bool RoomSet::contains(SessionId session, std::string_view space, std::string_view room) const {
  return members(space, room).contains(session);
}

std::vector<std::string> RoomSet::rooms_of(SessionId session, std::string_view space) const {
  std::vector<std::string> out;
  for (const Key& key : all_rooms_of(session))
    if (key.first == space) out.push_back(key.second);
  return out;
}

std::vector<RoomSet::Key> RoomSet::all_rooms_of(SessionId session) const {
  const auto rooms = rooms_.find(session);
  return rooms == rooms_.end() ? std::vector<Key>() : std::vector<Key>(rooms->second.begin(), rooms->second.end());
}

}  // namespace netcode
