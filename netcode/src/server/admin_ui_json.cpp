#include "server/admin_ui_json.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <ctime>
#include <string_view>
#include <utility>

#include "engine/core/utf8.hpp"
#include "server/door.hpp"
#include "socketio/json_text.hpp"
#include "socketio/socket_client.hpp"

namespace netcode {
namespace {

namespace json = boost::json;

/// Of each client's headers and query; more is of no use on a page.
constexpr std::size_t kFieldsMax = 24;
constexpr std::size_t kFieldBytesMax = 256;
/// Of an event's arguments.
constexpr std::size_t kArgumentsBytesMax = 4096;
/// What would let the reader be its client.
constexpr std::array<std::string_view, 4> kSecretHeaders = {"cookie", "authorization", "proxy-authorization",
                                                            "sec-websocket-key"};

json::string json_text_of(std::string_view text) {
  return engine::is_utf8(text) ? json::string(text) : json::string(engine::printable_utf8(text));
}

json::string shown_short(std::string_view text) {
  const std::string safe = engine::is_utf8(text) ? std::string(text) : engine::printable_utf8(text);
  return json::string(engine::utf8_prefix(safe, kFieldBytesMax));
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

json::object headers_json(const transport::HttpRequest& request) {
  json::object out;
  for (const transport::HttpField& field : request.headers) {
    const std::string name = lower(field.name);
    if (std::find(kSecretHeaders.begin(), kSecretHeaders.end(), name) != kSecretHeaders.end()) continue;
    if (out.size() == kFieldsMax) break;
    out[shown_short(name)] = shown_short(field.value);
  }
  return out;
}

json::object query_json(const transport::HttpRequest& request) {
  json::object out;
  for (const auto& [name, value] : request.query) {
    if (out.size() == kFieldsMax) break;
    out[shown_short(name)] = shown_short(value);
  }
  return out;
}

std::tm parts_of(std::int64_t ms) {
  const std::time_t seconds = ms / 1000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return parts;
}

// As JavaScript prints a Date.
std::string date_text(std::int64_t ms) {
  const std::tm parts = parts_of(ms);
  std::array<char, 64> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%a %b %d %Y %H:%M:%S", &parts);
  return std::string(text.data(), size) + " GMT+0000 (Coordinated Universal Time)";
}

// Bytes stand in them as placeholders.
void show_bytes(json::value& value, const std::vector<std::string>& attachments) {
  if (const auto number = socketio::attachment_of(value)) {
    const std::size_t size = *number < attachments.size() ? attachments[*number].size() : 0;
    value = fmt::format("({} bytes)", size);
  } else if (json::array* array = value.if_array()) {
    for (json::value& element : *array) show_bytes(element, attachments);
  } else if (json::object* object = value.if_object()) {
    for (auto& [name, field] : *object) show_bytes(field, attachments);
  }
}

}  // namespace

std::int64_t unix_time_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string iso_time(std::int64_t ms) {
  const std::tm parts = parts_of(ms);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, ms % 1000);
}

json::object admin_socket_json(const AdminSocket& socket, const std::vector<std::string>& rooms, bool is_secure) {
  json::object data;
  if (!socket.name.empty()) data["name"] = json_text_of(socket.name);
  if (socket.session) data["session"] = socket.session->value;
  if (!socket.client) data["protocol"] = "scrim.v1";
  json::array named;
  for (const std::string& room : rooms) named.push_back(json_text_of(room));
  json::object handshake{{"address", json_text_of(address_of(socket.address))},
                         {"headers", json::object()},
                         {"query", json::object()},
                         {"issued", socket.issued_ms},
                         {"secure", is_secure},
                         {"time", date_text(socket.issued_ms)},
                         {"url", "/"},
                         {"xdomain", false}};
  if (socket.client) {
    const transport::HttpRequest& request = socket.client->request();
    handshake["headers"] = headers_json(request);
    handshake["query"] = query_json(request);
    handshake["url"] = shown_short(request.target.empty() ? request.path : request.target);
    handshake["xdomain"] = !request.origin.empty();
  }
  return {{"id", json_text_of(socket.id)},
          {"clientId", json_text_of(socket.client_id)},
          {"transport", socket.client ? socket.client->transport() : std::string_view("websocket")},
          {"nsp", json_text_of(socket.nsp)},
          {"data", std::move(data)},
          {"handshake", std::move(handshake)},
          {"rooms", std::move(named)}};
}

json::object admin_config_json(bool is_read_only, bool lists_all) {
  json::array features;
  if (!is_read_only) features = {"EMIT", "JOIN", "LEAVE", "DISCONNECT", "MJOIN", "MLEAVE", "MDISCONNECT"};
  features.emplace_back("AGGREGATED_EVENTS");
  if (lists_all) features.emplace_back("ALL_EVENTS");
  return {{"supportedFeatures", std::move(features)}};
}

json::object admin_stats_json(const AdminStats& stats, json::array events,
                              const std::map<std::string, std::size_t>& namespaces) {
  json::array spaces;
  for (const auto& [name, sockets] : namespaces)
    spaces.push_back(json::object{{"name", json_text_of(name)}, {"socketsCount", sockets}});
  return {{"serverId", fmt::format("{}#{}", stats.hostname, stats.pid)},
          {"hostname", stats.hostname},
          {"pid", stats.pid},
          {"uptime", stats.uptime_s},
          {"clientsCount", stats.clients},
          {"pollingClientsCount", stats.polling_clients},
          {"aggregatedEvents", std::move(events)},
          {"namespaces", std::move(spaces)}};
}

json::array admin_gone_json(const AdminSocket& socket, std::string_view why, std::string_view time) {
  return {"socket_disconnected", json_text_of(socket.nsp), json_text_of(socket.id), json_text_of(why), time};
}

json::array admin_room_json(const AdminSocket& socket, std::string_view room, bool is_in, std::string_view time) {
  return {is_in ? "room_joined" : "room_left", json_text_of(socket.nsp), json_text_of(room), json_text_of(socket.id),
          time};
}

json::array admin_event_json(const socketio::Packet& event) {
  json::value arguments = event.data ? *event.data : json::value();
  json::array* array = arguments.if_array();
  if (!array || array->empty()) return {};
  show_bytes(arguments, event.attachments);
  const std::size_t bytes = socketio::json_text(arguments).size();
  if (bytes <= kArgumentsBytesMax) return std::move(*array);
  const json::string* name = array->front().if_string();
  return {shown_short(name ? std::string_view(*name) : "..."), fmt::format("({} characters)", bytes)};
}

std::shared_ptr<const std::string> admin_text(std::string_view space, json::array event) {
  return std::make_shared<const std::string>(
      socketio::packet_text({.nsp = std::string(space), .ack = {}, .data = std::move(event), .attachments = {}}));
}

}  // namespace netcode
