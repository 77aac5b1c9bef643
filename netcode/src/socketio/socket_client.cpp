#include "socketio/socket_client.hpp"

#include <algorithm>
#include <utility>

#include "engine/core/assert.hpp"

namespace netcode::socketio {
namespace {

namespace json = boost::json;

/// More would be a client that counts what a server can bear.
constexpr std::size_t kNamespacesMax = 64;

}  // namespace

SocketClient::SocketClient(transport::Loop& loop, EngineSession& session, const transport::HttpRequest& request,
                           std::chrono::milliseconds connect_timeout, Owner& owner)
    : loop_(loop), session_(session), request_(request), owner_(owner) {
  request_.body.clear();
  connect_timer_ = loop_.call_at(loop_.now() + connect_timeout, [this] {
    if (joined().empty()) close();
  });
}

SocketClient::~SocketClient() { loop_.cancel(connect_timer_); }

// --- what comes

void SocketClient::on_message(std::string_view data, bool is_binary) {
  if (watcher_) watcher_->on_message(*this, data.size());
  auto packet = is_binary ? reader_.read_bytes(data) : reader_.read_text(data);
  if (!packet) return close(to_string(EngineEnd::kForcedClose));
  if (*packet) handle(std::move(**packet));
}

void SocketClient::handle(Packet packet) {
  const auto found = namespaces_.find(packet.nsp);
  const bool is_known = found != namespaces_.end();
  if (packet.type == PacketType::kConnect) {
    if (is_known || namespaces_.size() >= kNamespacesMax) return break_off();
    namespaces_.emplace(packet.nsp, State::kAsking);
    return owner_.on_connect(*this, packet.nsp, packet.data ? *packet.data : json::value());
  }
  if (!is_known || found->second == State::kAsking) return break_off();
  switch (packet.type) {
    case PacketType::kDisconnect:
      namespaces_.erase(found);
      note_left(packet.nsp, reason::kClientLeft);
      return owner_.on_left(*this, packet.nsp, reason::kClientLeft);
    case PacketType::kEvent:
    case PacketType::kBinaryEvent:
      if (packet.data->get_array().empty()) return;  // without a name
      packet.type = PacketType::kEvent;
      if (watcher_) watcher_->on_event(*this, packet);
      return owner_.on_event(*this, std::move(packet));
    case PacketType::kAck:
    case PacketType::kBinaryAck:
      packet.type = PacketType::kAck;
      return owner_.on_ack(*this, std::move(packet));
    default:
      return break_off();
  }
}

// As the official server has it: by the transport's own end, if that can be told to its client at once.
void SocketClient::break_off() {
  close(session_.is_writable() ? to_string(EngineEnd::kForcedClose) : reason::kForcedServerClose);
}

void SocketClient::on_ended(EngineEnd end) {
  leave_all(to_string(end));
  loop_.cancel(std::exchange(connect_timer_, {}));
  if (watcher_) watcher_->on_ended(*this, end);
  owner_.on_gone(*this);
}

// --- its namespaces

bool SocketClient::accept(const std::string& nsp, const Identity& identity, std::span<const MadePacket> missed) {
  const auto found = namespaces_.find(nsp);
  if (found == namespaces_.end() || found->second != State::kAsking) return false;
  found->second = State::kJoined;
  loop_.cancel(std::exchange(connect_timer_, {}));  // for good, also if it leaves
  if (watcher_) watcher_->on_joined(*this, nsp, identity.sid);
  json::object data{{"sid", identity.sid}};
  if (!identity.pid.empty()) data["pid"] = identity.pid;
  std::vector<MadePacket> messages(missed.begin(), missed.end());
  messages.push_back(
      MadePacket::text(packet_text({.type = PacketType::kConnect, .nsp = nsp, .data = std::move(data)})));
  send_made(messages);
  return true;
}

void SocketClient::refuse(const std::string& nsp, std::string_view message, std::optional<json::value> data) {
  refuse_made(nsp, refusal(nsp, message, std::move(data)));
}

MadePacket SocketClient::refusal(const std::string& nsp, std::string_view message, std::optional<json::value> data) {
  json::object why{{"message", message}};
  if (data) why["data"] = std::move(*data);
  return MadePacket::text(packet_text({.type = PacketType::kConnectError, .nsp = nsp, .data = std::move(why)}));
}

void SocketClient::refuse_made(const std::string& nsp, const MadePacket& refusal) {
  const auto found = namespaces_.find(nsp);
  if (found == namespaces_.end() || found->second != State::kAsking) return;
  namespaces_.erase(found);
  send_made(std::span(&refusal, 1));
}

bool SocketClient::is_joined(const std::string& nsp) const {
  const auto found = namespaces_.find(nsp);
  return found != namespaces_.end() && found->second == State::kJoined;
}

std::vector<std::string> SocketClient::joined() const {
  std::vector<std::string> names;
  for (const auto& [name, state] : namespaces_)
    if (state == State::kJoined) names.push_back(name);
  return names;
}

void SocketClient::leave(const std::string& nsp) {
  if (!is_joined(nsp)) return;
  namespaces_.erase(nsp);
  note_left(nsp, reason::kServerLeft);
  write({.type = PacketType::kDisconnect, .nsp = nsp});
}

void SocketClient::note_left(const std::string& nsp, std::string_view why) {
  if (watcher_) watcher_->on_left(*this, nsp, why);
}

void SocketClient::disconnect() {
  for (const std::string& nsp : joined()) {
    leave(nsp);
    owner_.on_left(*this, nsp, reason::kServerLeft);
  }
  close();
}

void SocketClient::close(std::string_view why) {
  session_.end();
  leave_all(why);
}

void SocketClient::leave_all(std::string_view why) {
  const std::vector<std::string> names = joined();
  namespaces_.clear();
  for (const std::string& nsp : names) {
    note_left(nsp, why);
    owner_.on_left(*this, nsp, why);
  }
}

// --- what goes

bool SocketClient::send(const Packet& packet) {
  ENGINE_ASSERT(packet.attachments.size() <= kAttachmentsMax, "no client would take more");
  if (!is_joined(packet.nsp)) return false;
  write(packet);
  return true;
}

void SocketClient::send_made(std::span<const MadePacket> messages) {
  if (messages.empty()) return;
  if (watcher_) watcher_->on_sent(*this, messages);
  session_.send(messages);
}

void SocketClient::write(const Packet& packet) {
  MadePackets messages;
  messages.push_back(MadePacket::text(packet_text(packet)));
  for (const std::string& bytes : packet.attachments) messages.push_back(MadePacket::binary(bytes));
  send_made(messages);
}

}  // namespace netcode::socketio
