#include "server/admin_ui_sockets.hpp"

namespace netcode {

const AdminSocket& AdminSockets::add(AdminSocket socket) {
  const Key key{socket.nsp, socket.id};
  if (socket.session) ids_[{socket.session->value, socket.nsp}] = socket.id;
  const auto [at, is_new] = sockets_.insert_or_assign(key, std::move(socket));
  if (is_new) ++counts_[key.first];
  return at->second;
}

std::optional<AdminSocket> AdminSockets::remove(const Key& key) {
  const auto found = sockets_.find(key);
  if (found == sockets_.end()) return std::nullopt;
  AdminSocket socket = std::move(found->second);
  sockets_.erase(found);
  // Its session may be there again already, as another socket.
  if (socket.session)
    if (const auto id = ids_.find({socket.session->value, socket.nsp}); id != ids_.end() && id->second == socket.id)
      ids_.erase(id);
  const auto count = counts_.find(socket.nsp);
  if (--count->second == 0 && socket.nsp != "/") counts_.erase(count);
  return socket;
}

const AdminSocket* AdminSockets::find(const Key& key) const {
  const auto found = sockets_.find(key);
  return found == sockets_.end() ? nullptr : &found->second;
}

const AdminSocket* AdminSockets::of_session(SessionId session, const std::string& nsp) const {
  const auto id = ids_.find({session.value, nsp});
  return id == ids_.end() ? nullptr : find({nsp, id->second});
}

const AdminSocket* AdminSockets::set_room(SessionId session, const std::string& nsp, const std::string& room,
                                          bool is_in) {
  const Place place{session.value, nsp};
  if (is_in) {
    rooms_[place].insert(room);
  } else if (const auto rooms = rooms_.find(place); rooms != rooms_.end()) {
    rooms->second.erase(room);
    if (rooms->second.empty()) rooms_.erase(rooms);
  }
  return of_session(session, nsp);
}

std::vector<std::string> AdminSockets::rooms_of(const AdminSocket& socket) const {
  std::vector<std::string> out{socket.id};
  if (!socket.session) return out;
  const auto rooms = rooms_.find({socket.session->value, socket.nsp});
  if (rooms != rooms_.end()) out.insert(out.end(), rooms->second.begin(), rooms->second.end());
  return out;
}

}  // namespace netcode
