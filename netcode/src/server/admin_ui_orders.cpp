#include "server/admin_ui_orders.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>

#include "engine/core/utf8.hpp"
#include "netcode/json.hpp"
#include "netcode/limits.hpp"
#include "protocol/requests.hpp"
#include "schema/table_json.hpp"
#include "server/server_core.hpp"
#include "server/session_core.hpp"
#include "socketio/socket_client.hpp"

namespace netcode {
namespace {

namespace json = boost::json;
using OrderArguments = std::span<const json::value>;

constexpr std::array<std::string_view, 4> kOrders = {"emit", "join", "leave", "_disconnect"};
/// Clients make these events themselves.
constexpr std::array<std::string_view, 6> kReserved = {"connect",       "connect_error", "disconnect",
                                                       "disconnecting", "newListener",   "removeListener"};
constexpr std::string_view kPutOut = "disconnected by an administrator";

engine::Result<std::string> text_at(OrderArguments from, std::size_t at, std::string_view what, std::size_t bytes_max) {
  const json::string* text = at < from.size() ? from[at].if_string() : nullptr;
  if (!text || text->empty()) return engine::error("{}: expected text", what);
  if (text->size() > bytes_max) return engine::error("{}: {} bytes, {} is the limit", what, text->size(), bytes_max);
  return std::string(text->data(), text->size());
}

/// Whom an order is for.
engine::Result<Shard::Parcel> addressed(const AdminSockets& sockets, const std::string& nsp, OrderArguments from,
                                        std::size_t at) {
  Shard::Parcel parcel{
      .event = nullptr, .space = nsp, .rooms = {}, .match = {}, .except_rooms = {}, .except_sessions = {}};
  if (at >= from.size() || from[at].is_null()) return parcel;
  auto filter = text_at(from, at, "filter", limits::kRoomNameBytesMax + kAdminMatchRoom.size());
  if (!filter) return filter.error();
  if (const AdminSocket* socket = sockets.find({nsp, *filter})) {
    if (!socket->session) return engine::error("filter: {} is an Admin UI", *filter);
    parcel.sessions.push_back(*socket->session);
  } else if (filter->starts_with(kAdminMatchRoom) && nsp == "/") {
    parcel.match = filter->substr(kAdminMatchRoom.size());
    if (parcel.match.empty()) return engine::error("filter: expected the id of a match");
  } else {
    parcel.rooms.push_back(std::move(*filter));
  }
  return parcel;
}

engine::Result<SharedEventPtr> event_of(ServerCore& server, const std::string& nsp, const std::string& name,
                                        OrderArguments arguments, const std::vector<std::string>& attachments) {
  const auto [kind, info] = server.event_kind(name);
  if (!info) {
    JsonArguments given(json::array(arguments.begin(), arguments.end()));
    given.attachments = attachments;
    return server.make_json(name, nsp, given);
  }
  if (arguments.size() > 1) return engine::error("{}: expected one argument, the event's table", name);
  const json::value table = arguments.empty() ? json::value(json::object()) : arguments[0];
  auto body = kind->json->to_table(info->table, table, {.bytes = attachments, .number_of = socketio::attachment_of},
                                   limits::kEventBytesMax);
  if (!body) return engine::error("{}: {}: {}", name, body.error().field, body.error().message);
  return server.make_emitted(info->table, nsp, *body);
}

engine::Result<void> emit(ServerCore& server, Shard::Parcel parcel, OrderArguments from,
                          const std::vector<std::string>& attachments) {
  auto name = text_at(from, 2, "event", limits::kRoomNameBytesMax);
  if (!name) return name.error();
  if (std::find(kReserved.begin(), kReserved.end(), *name) != kReserved.end())
    return engine::error("event: {} is reserved", *name);
  auto event = event_of(server, parcel.space, *name, from.subspan(3), attachments);
  if (!event) return event.error();
  parcel.event = std::move(*event);
  server.broadcast(std::move(parcel));
  return {};
}

// "/" is left by clients of Socket.IO alone, for which it is a namespace like others; a match is in it.
void put_out(SessionCore& session, const std::string& nsp, bool closes) {
  const bool is_root = nsp == protocol::kDefaultNamespace;
  if (closes || (is_root && !session.speaks_json())) return session.end(transport::CloseCode::kKicked, kPutOut);
  const std::string why(session.speaks_json() ? socketio::reason::kServerLeft : kPutOut);
  if (!session.leave_space(nsp, why) || session.has_ended()) return;
  const Bytes body = protocol::encode_namespace_left({.space = nsp, .reason = why});
  if (const auto event = session.shard().server().make_event({.name = protocol::kLeftNamespaceEvent, .body = body}))
    session.send_reliable({.event = event});
  if (is_root) static_cast<void>(session.shard().handle_request(session, protocol::kLeaveEvent, {}, Ack()));
}

}  // namespace

bool is_admin_order(std::string_view name) { return std::find(kOrders.begin(), kOrders.end(), name) != kOrders.end(); }

engine::Result<void> obey_admin(ServerCore& server, const AdminSockets& sockets, const socketio::Packet& order) {
  const json::array& all = order.data->get_array();
  const std::string_view name = all.front().get_string();
  const OrderArguments from = OrderArguments(all.data(), all.size()).subspan(1);
  auto nsp = text_at(from, 0, "namespace", limits::kNamespaceBytesMax);
  if (!nsp) return nsp.error();
  if (!server.find_space(*nsp)) return engine::error("there is no namespace {}", *nsp);
  auto parcel = addressed(sockets, *nsp, from, name == "emit" ? 1 : 2);
  if (!parcel) return parcel.error();
  if (name == "emit") return emit(server, std::move(*parcel), from, order.attachments);

  const auto nothing = [] {};
  if (name == "_disconnect") {
    const bool closes = from.size() > 1 && from[1] == json::value(true);
    server.visit(
        std::move(*parcel), [nsp = *nsp, closes](SessionCore& session) { put_out(session, nsp, closes); }, nothing);
    return {};
  }
  auto room = text_at(from, 1, "room", limits::kRoomNameBytesMax);
  if (!room) return room.error();
  const bool joins = name == "join";
  server.visit(
      std::move(*parcel),
      [nsp = *nsp, room = *room, joins](SessionCore& session) {
        RoomSet& rooms = session.shard().rooms();
        if (joins) {
          rooms.join(session.identity().id, nsp, room);
        } else {
          rooms.leave(session.identity().id, nsp, room);
        }
      },
      nothing);
  return {};
}

}  // namespace netcode
