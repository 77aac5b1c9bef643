#include "server/socketio_form.hpp"

#include <algorithm>
#include <variant>

#include "netcode/json.hpp"
#include "netcode/limits.hpp"
#include "protocol/requests.hpp"
#include "schema/table_json.hpp"
#include "server/server_core.hpp"
#include "socketio/json_text.hpp"
#include "socketio/packet.hpp"

namespace netcode {
namespace {

namespace json = boost::json;
using socketio::MadePacket;

/// Beside the arguments that a client may say: the form itself, the names of the event and its namespace.
constexpr std::size_t kFormBytesMax = 1024;

json::object fields_json(const Fields& fields) {
  json::object out;
  for (const auto& [key, value] : fields) out[key] = value;
  return out;
}

json::object info_json(const MatchInfo& info) {
  return {{"id", info.id},
          {"kind", info.kind},
          {"players", info.players},
          {"bots", info.bots},
          {"spectators", info.spectators},
          {"players_max", info.players_max},
          {"locked", info.is_locked},
          {"has_password", info.has_password},
          {"metadata", fields_json(info.metadata)}};
}

/// Of netcode's own tables: the game's schema has none of them.
std::optional<json::value> own_table_json(std::string_view table, BytesView body) {
  if (table == protocol::kMatchListTable) {
    const auto list = protocol::decode_match_list(body);
    if (!list) return std::nullopt;
    json::array matches;
    for (const MatchInfo& info : list->matches) matches.push_back(info_json(info));
    return json::object{{"matches", std::move(matches)}, {"next", list->next}};
  }
  if (table == protocol::kMatchInfoTable) {
    const auto info = protocol::decode_match_info(body);
    return info ? std::optional<json::value>(info_json(*info)) : std::nullopt;
  }
  return std::nullopt;
}

/// Bytes of each, shared by all who are sent them.
std::vector<MadePacket> made(const std::vector<std::string>& attachments) {
  std::vector<MadePacket> all;
  all.reserve(attachments.size());
  for (const std::string& bytes : attachments) all.push_back(MadePacket::binary(bytes));
  return all;
}

/// `arguments`: a JSON array, the event's name first.
SocketioForm event_form(std::string_view space, std::string_view arguments,
                        const std::vector<std::string>& attachments = {}) {
  const std::string head = packet_head(socketio::PacketType::kEvent, attachments.size(), space, std::nullopt);
  return {.space = std::string(space),
          .text = MadePacket::text({head, arguments}),
          .arguments_at = head.size(),
          .attachments = made(attachments)};
}

SocketioForm answer_form(std::uint32_t id, std::string_view arguments,
                         const std::vector<std::string>& attachments = {}) {
  return {.id = id, .text = MadePacket::text(arguments), .attachments = made(attachments)};
}

engine::Result<SocketioForm> form_of(const protocol::EventMessage& event, const ServerCore& server) {
  if (event.name == protocol::kEndedEvent) {
    const auto ended = protocol::decode_match_ended(event.body);
    if (!ended) return ended.error();
    return event_form(
        event.space,
        socketio::json_text(json::array{
            "ended", json::object{{"match", ended->match}, {"result", ended->result}, {"next", ended->next}}}));
  }
  if (event.name == protocol::kLeftNamespaceEvent) {
    const auto left = protocol::decode_namespace_left(event.body);
    if (!left) return left.error();
    return SocketioForm{.kind = SocketioForm::Kind::kLeft, .space = left->space};
  }
  const auto [kind, info] = server.event_kind(event.name);
  if (!info) return engine::error("event {} is of no kind", event.name);
  auto table = kind->json->to_json(info->table, event.body);
  if (!table) return engine::error("event {}: {}: {}", event.name, table.error().field, table.error().message);
  return event_form(event.space, socketio::json_text(json::array{event.name, std::move(table->value)}),
                    table->attachments);
}

engine::Result<SocketioForm> form_of(const protocol::AckMessage& answer, const ServerCore& server) {
  if (answer.error) return SocketioForm{.id = answer.id, .error = std::string(*answer.error)};
  if (answer.table.empty()) return answer_form(answer.id, "[]");
  if (auto own = own_table_json(answer.table, answer.body))
    return answer_form(answer.id, socketio::json_text(json::array{std::move(*own)}));
  const Kind* kind = server.kind_of_table(answer.table);
  if (!kind) return engine::error("an answer with an unknown table, {}", answer.table);
  auto table = kind->json->to_json(answer.table, answer.body);
  if (!table) return engine::error("{}: {}: {}", answer.table, table.error().field, table.error().message);
  return answer_form(answer.id, socketio::json_text(json::array{std::move(table->value)}), table->attachments);
}

// --- what is asked

/// Numbers and switches too: options are texts to netcode, and whoever writes JSON writes 20.
engine::Result<Fields> fields_of(const json::object& from, std::string_view name) {
  const json::value* value = from.if_contains(name);
  if (!value || value->is_null()) return Fields();
  const json::object* object = value->if_object();
  if (!object) return engine::error("{}: expected an object", name);
  Fields out;
  for (const auto& [key, field] : *object) {
    if (field.is_structured()) return engine::error("{}.{}: expected a text, a number or a switch", name, key);
    out[std::string(key)] = field.is_string() ? std::string(field.get_string()) : socketio::json_text(field);
  }
  return out;
}

engine::Result<Bytes> create_request(const json::object& from) {
  MatchRequest request{
      .kind = member_text(from, "kind"), .id = member_text(from, "id"), .password = member_text(from, "password")};
  const json::value* is_private = from.if_contains("private");
  request.is_private = is_private && *is_private == json::value(true);
  auto options = fields_of(from, "options");
  if (!options) return options.error();
  auto metadata = fields_of(from, "metadata");
  if (!metadata) return metadata.error();
  request.options = std::move(*options);
  request.metadata = std::move(*metadata);
  return protocol::encode_match_request(request);
}

}  // namespace

engine::Result<SocketioForm> socketio_form(BytesView message, const ServerCore& server) {
  protocol::AlignedBuffer buffer;
  const auto decoded = protocol::decode(buffer.copy(message));
  if (!decoded) return decoded.error();
  protocol::AlignedBuffer body;
  if (auto event = std::get_if<protocol::EventMessage>(&*decoded)) {
    protocol::EventMessage copy = *event;
    copy.body = protocol::aligned(copy.body, body);
    return form_of(copy, server);
  }
  if (auto answer = std::get_if<protocol::AckMessage>(&*decoded)) {
    protocol::AckMessage copy = *answer;
    copy.body = protocol::aligned(copy.body, body);
    return form_of(copy, server);
  }
  return engine::error("neither an event nor an answer");
}

std::string_view SocketioForm::arguments() const {
  std::string_view array = text->data().substr(arguments_at);
  array.remove_suffix(1);
  return array;
}

std::size_t SocketioForm::size() const {
  std::size_t bytes = text ? text->data().size() : error.value_or("").size();
  for (const MadePacket& one : attachments) bytes += one.data().size();
  return bytes;
}

SocketioForm json_form(std::string_view name, std::string_view space, const JsonArguments& given) {
  json::array arguments{name};
  arguments.insert(arguments.end(), given.values.begin(), given.values.end());
  return event_form(space, socketio::json_text(std::move(arguments)), given.attachments);
}

SocketioForm json_answer_form(std::uint32_t id, const JsonArguments& given) {
  return answer_form(id, socketio::json_text(given.values), given.attachments);
}

std::size_t json_bytes_max(const ServerConfig& config) {
  return std::max(limits::kEventBytesMax, config.socketio.payload_bytes_max + kFormBytesMax);
}

json::value error_json(std::string_view code, std::string_view event, std::string_view field,
                       std::string_view message) {
  return json::object{
      {"error", json::object{{"code", code}, {"event", event}, {"field", field}, {"message", message}}}};
}

std::string member_text(const json::object& from, std::string_view name) {
  const json::value* value = from.if_contains(name);
  const json::string* text = value ? value->if_string() : nullptr;
  return text ? std::string(text->data(), text->size()) : std::string();
}

std::string full_request_name(std::string_view name) {
  return name.starts_with(protocol::kReservedPrefix) ? std::string(name)
                                                     : std::string(protocol::kReservedPrefix) + std::string(name);
}

std::optional<engine::Result<Bytes>> request_of_json(std::string_view name, const json::value& argument) {
  const std::string full = full_request_name(name);
  if (full != protocol::kListEvent && full != protocol::kCreateEvent && full != protocol::kLeaveEvent)
    return std::nullopt;
  if (!argument.is_object() && !argument.is_null())
    return engine::Result<Bytes>(engine::error("{}: expected an object", name));
  static const json::object kNothing;
  const json::object& from = argument.is_null() ? kNothing : argument.get_object();
  if (full == protocol::kListEvent)
    return engine::Result<Bytes>(
        protocol::encode_list_request({.kind = member_text(from, "kind"), .after = member_text(from, "after")}));
  if (full == protocol::kCreateEvent) return create_request(from);
  return engine::Result<Bytes>(Bytes());
}

json::value welcome_json(const protocol::Welcome& welcome) {
  json::object out{{"name", welcome.name}};
  if (!welcome.match) return out;
  const protocol::Welcome::InMatch& match = *welcome.match;
  out["match"] = match.id;
  out["kind"] = match.kind;
  out["player"] = match.player.value;
  out["tick"] = match.tick;
  out["tick_hz"] = match.tick_hz;
  out["snapshot_hz"] = match.snapshot_hz;
  return out;
}

}  // namespace netcode
