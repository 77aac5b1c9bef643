// AdminUi: what its pages are told, of sockets, rooms, events and sums.
#include <spdlog/fmt/fmt.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "server/admin_ui.hpp"
#include "server/admin_ui_json.hpp"
#include "server/server_core.hpp"

namespace netcode {
namespace {

namespace json = boost::json;
using socketio::Packet;
using socketio::SocketClient;

constexpr std::chrono::seconds kTick{1};  // the stats are due at every second one
constexpr std::size_t kClientIdBytes = 12;
constexpr std::size_t kEventOverheadBytes = 256;
/// How far one large event may put off the next ones.
constexpr double kEventDebtBytesMax = 64.0 * 1024;
/// States, many times a second; not shown.
constexpr std::string_view kSnapshot = R"(["snapshot")";

std::string now_text() { return iso_time(unix_time_ms()); }

std::string hostname() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data()) : "localhost";
}

// Ids of one client differ, also from one namespace to another.
std::string other_client(SessionId session) { return fmt::format("scrim-{}", session.value); }
std::string other_socket(SessionId session, const std::string& nsp) {
  return nsp == "/" ? other_client(session) : other_client(session) + nsp;
}

/// Is it worth reading, for an event to be shown?
bool is_shown_event(std::string_view packet) {
  if (!packet.starts_with('2') && !packet.starts_with('5')) return false;
  const std::size_t begin = std::min(packet.find('['), packet.size());
  const bool is_ours = packet.substr(0, begin).find(std::string(AdminUi::kSpace) + ",") != std::string_view::npos;
  return !is_ours && !packet.substr(begin).starts_with(kSnapshot);
}

}  // namespace

// --- what becomes of sockets

void AdminUi::on_joined(const SocketClient& client, const std::string& nsp, const std::string& sid) {
  const auto known = clients_.find(&client);
  if (known == clients_.end()) return;
  known->second.sids[nsp] = sid;
  AdminSocket socket{.id = sid,
                     .nsp = nsp,
                     .client_id = client.session().sid().substr(0, kClientIdBytes),
                     .client = &client,
                     .address = client.request().remote_address,
                     .issued_ms = known->second.issued_ms};
  if (nsp != kSpace) {
    Who who = who_(client);
    socket.session = who.session;
    socket.name = std::move(who.name);
  }
  add(std::move(socket));
}

void AdminUi::on_left(const SocketClient& client, const std::string& nsp, std::string_view why) {
  const auto known = clients_.find(&client);
  if (known == clients_.end()) return;
  const auto sid = known->second.sids.extract(nsp);
  if (sid) remove({nsp, sid.mapped()}, why);
}

void AdminUi::on_ended(const SocketClient& client, socketio::EngineEnd end) {
  clients_.erase(&client);
  events_.ended(to_string(end));
}

void AdminUi::on_entered(SessionId session, const std::string& nsp, const std::string& name,
                         const std::string& address) {
  if (nsp == "/") ++others_;
  add({.id = other_socket(session, nsp),
       .nsp = nsp,
       .client_id = other_client(session),
       .session = session,
       .name = name,
       .address = address,
       .issued_ms = unix_time_ms()});
}

void AdminUi::on_session_left(SessionId session, const std::string& nsp, std::string_view why) {
  if (nsp == "/" && others_ > 0) --others_;
  remove({nsp, other_socket(session, nsp)}, why);
}

void AdminUi::on_room(SessionId session, const std::string& nsp, const std::string& room, bool is_in) {
  const AdminSocket* socket = sockets_.set_room(session, nsp, room, is_in);
  if (socket && tells_all()) tell(admin_room_json(*socket, room, is_in, now_text()));
}

void AdminUi::add(AdminSocket socket) {
  const AdminSocket& added = sockets_.add(std::move(socket));
  review_listing();
  if (tells_all()) tell({"socket_connected", json_of(added), now_text()});
}

// A page forgets a socket's rooms only when it is told of each.
void AdminUi::remove(const AdminSockets::Key& key, std::string_view why) {
  const AdminSocket* found = sockets_.find(key);
  if (!found) return;
  const std::vector<std::string> rooms = sockets_.rooms_of(*found);
  const AdminSocket gone = *sockets_.remove(key);
  if (tells_all()) {
    tell(admin_gone_json(gone, why, now_text()));
    for (const std::string& room : rooms) tell(admin_room_json(gone, room, false, now_text()));
  }
  review_listing();
}

void AdminUi::review_listing() {
  // With some distance between the two, so that one who comes and goes does not have all sent again and again.
  const bool lists_all = sockets_.size() <= (lists_all_ ? kSocketsListedMax : kSocketsListedMax * 3 / 4);
  if (std::exchange(lists_all_, lists_all) == lists_all) return;
  tell(config());
  if (tells_all()) tell(all_sockets());
}

// --- traffic

void AdminUi::on_message(const SocketClient& /*client*/, std::size_t bytes) { events_.received(bytes); }

void AdminUi::on_event(const SocketClient& client, const Packet& event) {
  if (event.nsp != kSpace && tells_all() && may_tell_event()) tell_event(client, "event_received", event);
}

void AdminUi::on_sent(const SocketClient& client, std::span<const socketio::MadePacket> messages) {
  for (const socketio::MadePacket& one : messages) events_.sent(one.data().size());
  if (!tells_all()) return;
  socketio::PacketReader reader;
  for (const socketio::MadePacket& one : messages) {
    if (!reader.is_waiting() && (one.is_binary() || !is_shown_event(one.data()) || !may_tell_event())) continue;
    auto packet = one.is_binary() ? reader.read_bytes(one.data()) : reader.read_text(one.data());
    if (!packet) return;
    if (*packet) tell_event(client, "event_sent", **packet);
  }
}

void AdminUi::tell_event(const SocketClient& client, std::string_view what, const Packet& event) {
  const auto known = clients_.find(&client);
  if (known == clients_.end()) return;
  const auto sid = known->second.sids.find(event.nsp);
  if (sid == known->second.sids.end()) return;
  json::array arguments = admin_event_json(event);
  if (arguments.empty()) return;
  const auto text = admin_text(kSpace, {what, event.nsp, sid->second, std::move(arguments), now_text()});
  event_bytes_.spend(static_cast<double>(text->size()), kEventDebtBytesMax, loop_.now());
  tell(text);
}

// One that is left out is counted all the same.
bool AdminUi::may_tell_event() { return event_bytes_.take(kEventOverheadBytes, loop_.now()); }

// --- to the pages

bool AdminUi::has_pages() const {
  return std::any_of(pages_.begin(), pages_.end(), [](const auto& one) { return one.second->is_in(); });
}

void AdminUi::tell(const AdminPage::Text& text) {
  for (const auto& [client, page] : pages_)
    if (page->is_in()) page->send(text);
}

void AdminUi::tell(json::array event) {
  if (has_pages()) tell(admin_text(kSpace, std::move(event)));
}

json::object AdminUi::json_of(const AdminSocket& socket) const {
  return admin_socket_json(socket, sockets_.rooms_of(socket), !server_.config().tls_cert.empty());
}

json::array AdminUi::all_sockets() const {
  json::array sockets;
  for (const auto& [key, socket] : sockets_.all()) sockets.push_back(json_of(socket));
  return {"all_sockets", std::move(sockets)};
}

json::array AdminUi::config() const {
  return {"config", admin_config_json(server_.config().admin_ui.is_read_only, lists_all_)};
}

json::array AdminUi::stats(json::array events) const {
  const auto polling = std::count_if(clients_.begin(), clients_.end(),
                                     [](const auto& one) { return one.first->session().is_polling(); });
  return {"server_stats",
          admin_stats_json({.hostname = hostname(),
                            .pid = getpid(),
                            .uptime_s = std::chrono::duration<double>(loop_.now() - started_at_).count(),
                            .clients = clients_.size() + others_,
                            .polling_clients = static_cast<std::size_t>(polling)},
                           std::move(events), sockets_.counts())};
}

void AdminUi::tick_later() {
  timer_ = loop_.call_at(loop_.now() + kTick, [this] { tick(); });
}

void AdminUi::tick() {
  if (!has_pages()) return;
  tick_later();
  events_.close_second(unix_time_ms());
  look_at_transports();
  if (std::exchange(is_stats_next_, !is_stats_next_)) return;
  tell(stats(events_.take()));
}

void AdminUi::look_at_transports() {
  for (auto& [client, known] : clients_) {
    if (std::exchange(known.is_polling, client->session().is_polling()) == known.is_polling || !lists_all_) continue;
    for (const auto& [nsp, sid] : known.sids)
      tell({"socket_updated", json::object{{"id", sid}, {"nsp", nsp}, {"transport", client->transport()}}});
  }
}

}  // namespace netcode
