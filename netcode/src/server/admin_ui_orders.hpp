// What a page of the Admin UI orders: events for sockets, rooms that they join and leave, and their end.
//
//   emit(nsp, filter, event, ...args)   of the schema: its table; else JSON
//   join(nsp, room, filter)             and leave
//   _disconnect(nsp, close, filter)     out of the namespace, or off the server
//
// A filter is a room, or the id of one socket; null or none: the whole namespace.
//
// Threading: the first shard's; what it is to do there goes to each session's shard.
#pragma once

#include <string_view>

#include "engine/core/result.hpp"
#include "server/admin_ui_sockets.hpp"
#include "socketio/packet.hpp"

namespace netcode {

class ServerCore;

bool is_admin_order(std::string_view name);
/// `order`: an event of the page's, whose name is an order's. An error, which has changed nothing, says what was wrong.
engine::Result<void> obey_admin(ServerCore& server, const AdminSockets& sockets, const socketio::Packet& order);

}  // namespace netcode
