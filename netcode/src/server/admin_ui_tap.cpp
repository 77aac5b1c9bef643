#include "server/admin_ui_tap.hpp"

#include <string>

#include "server/admin_ui.hpp"
#include "server/session_core.hpp"

namespace netcode {

void AdminTap::set_room(SessionId session, std::string_view nsp, std::string_view room, bool is_in) {
  routes_->run(0, [this, session, nsp = std::string(nsp), room = std::string(room), is_in] {
    if (ui_) ui_->on_room(session, nsp, room, is_in);
  });
}

void AdminTap::set_match(SessionId session, std::string_view match, bool is_in) {
  set_room(session, "/", std::string(kAdminMatchRoom) + std::string(match), is_in);
}

void AdminTap::entered(const SessionCore& session, std::string_view nsp) {
  if (session.speaks_json()) return;
  const SessionCore::Identity& who = session.identity();
  routes_->run(0, [this, id = who.id, name = who.name, address = who.remote_address, nsp = std::string(nsp)] {
    if (ui_) ui_->on_entered(id, nsp, name, address);
  });
}

void AdminTap::left(const SessionCore& session, std::string_view nsp, std::string_view why) {
  if (session.speaks_json()) return;
  routes_->run(0, [this, id = session.identity().id, nsp = std::string(nsp), why = std::string(why)] {
    if (ui_) ui_->on_session_left(id, nsp, why);
  });
}

}  // namespace netcode
