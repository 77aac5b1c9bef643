// What the Admin UI hears from the shards: who is in which room and match, and the sessions of other clients than those
// of Socket.IO, with the namespaces that they are in. Where there is no Admin UI there is none of this either, and a
// shard asks a null pointer.
//
// Threading: told on the thread of any shard; passed on to the first one's, of each shard in its order. Ownership: the
// server's; what it passes on to goes before it.
#pragma once

#include <memory>
#include <string_view>

#include "netcode/ids.hpp"
#include "server/routes.hpp"

namespace netcode {

class AdminUi;
class SessionCore;

class AdminTap {
 public:
  explicit AdminTap(std::shared_ptr<Routes> routes) : routes_(std::move(routes)) {}

  /// On the first shard's thread, or while none runs.
  void set_ui(AdminUi* ui) { ui_ = ui; }

  void set_room(SessionId session, std::string_view nsp, std::string_view room, bool is_in);
  void set_match(SessionId session, std::string_view match, bool is_in);
  /// Clients of Socket.IO are left out.
  void entered(const SessionCore& session, std::string_view nsp);
  void left(const SessionCore& session, std::string_view nsp, std::string_view why);

 private:
  const std::shared_ptr<Routes> routes_;
  AdminUi* ui_ = nullptr;
};

}  // namespace netcode
