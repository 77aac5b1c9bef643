#include "socketio/packet.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "socketio/json_text.hpp"

namespace netcode::socketio {
namespace {

namespace json = boost::json;

/// What the clients' own listeners are called by.
constexpr std::array<std::string_view, 6> kReservedEvents = {"connect",       "connect_error", "disconnect",
                                                             "disconnecting", "newListener",   "removeListener"};

bool is_binary(PacketType type) { return type == PacketType::kBinaryEvent || type == PacketType::kBinaryAck; }
bool is_event(PacketType type) { return type == PacketType::kEvent || type == PacketType::kBinaryEvent; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

PacketType type_with(PacketType type, bool has_attachments) {
  if (!has_attachments) return type;
  return type == PacketType::kEvent ? PacketType::kBinaryEvent
         : type == PacketType::kAck ? PacketType::kBinaryAck
                                    : type;
}

/// The digits that `text` begins with, which it loses. Nothing: it begins with none, or they are more than `most`.
std::optional<std::uint64_t> take_number(std::string_view& text, std::uint64_t most) {
  const std::size_t length =
      static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
  std::uint64_t number = 0;
  if (length == 0 || std::from_chars(text.data(), text.data() + length, number).ec != std::errc() || number > most)
    return std::nullopt;
  text.remove_prefix(length);
  return number;
}

/// Each placeholder names one of the attachments.
engine::Result<void> check_placeholders(const json::value& value, std::size_t attachments) {
  if (const auto* array = value.if_array()) {
    for (const json::value& element : *array)
      if (auto fits = check_placeholders(element, attachments); !fits) return fits;
  } else if (const auto* object = value.if_object()) {
    if (const auto* mark = object->if_contains("_placeholder"); mark && *mark == json::value(true)) {
      const auto number = attachment_of(value);
      if (!number || *number >= attachments) return engine::error("a placeholder of an attachment that is not there");
      return {};
    }
    for (const auto& member : *object)
      if (auto fits = check_placeholders(member.value(), attachments); !fits) return fits;
  }
  return {};
}

engine::Result<void> check_arguments(const Packet& packet) {
  const json::array* arguments = packet.data ? packet.data->if_array() : nullptr;
  if (!arguments) return engine::error("an event or ack whose arguments are no array");
  if (!is_event(packet.type)) return {};
  if (arguments->empty()) return engine::error("an event without a name");
  const json::value& name = arguments->front();
  if (name.is_number()) return {};
  const json::string* text = name.if_string();
  if (!text) return engine::error("an event's name that is neither a string nor a number");
  if (std::find(kReservedEvents.begin(), kReservedEvents.end(), std::string_view(*text)) != kReservedEvents.end())
    return engine::error("an event called {}, which is none of a client's to send", std::string_view(*text));
  return {};
}

engine::Result<void> check_data(const Packet& packet) {
  switch (packet.type) {
    case PacketType::kConnect:
      if (packet.data && !packet.data->is_object()) return engine::error("a CONNECT whose auth is no object");
      return {};
    case PacketType::kDisconnect:
      if (packet.data) return engine::error("a DISCONNECT with data");
      return {};
    case PacketType::kConnectError:
      return engine::error("a CONNECT_ERROR, which is a server's to send");
    default:
      return check_arguments(packet);
  }
}

std::string take_namespace(std::string_view& text) {
  if (!text.starts_with('/')) return "/";
  const std::size_t end = text.find(',');
  std::string name(text.substr(0, end));
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return name;
}

}  // namespace

json::value placeholder(std::size_t number) { return json::object({{"_placeholder", true}, {"num", number}}); }

std::optional<std::size_t> attachment_of(const json::value& value) {
  const json::object* object = value.if_object();
  if (!object) return std::nullopt;
  const json::value* mark = object->if_contains("_placeholder");
  const json::value* number = object->if_contains("num");
  if (!mark || !number || *mark != json::value(true) || !number->is_int64() || number->get_int64() < 0)
    return std::nullopt;
  return static_cast<std::size_t>(number->get_int64());
}

std::string packet_head(PacketType type, std::size_t attachments, std::string_view nsp,
                        const std::optional<std::uint64_t>& ack) {
  type = type_with(type, attachments != 0);
  std::string text(1, static_cast<char>('0' + static_cast<int>(type)));
  if (is_binary(type)) text += std::to_string(attachments) + "-";
  if (nsp != "/") (text += nsp) += ',';
  if (ack) text += std::to_string(*ack);
  return text;
}

std::string packet_text(const Packet& packet) {
  std::string text = packet_head(packet.type, packet.attachments.size(), packet.nsp, packet.ack);
  if (packet.data) text += json_text(*packet.data);
  return text;
}

engine::Result<std::optional<Packet>> PacketReader::read_text(std::string_view text) {
  if (begun_) return engine::error("text where a packet's bytes are to come");
  if (text.empty() || text[0] < '0' || text[0] > '6') return engine::error("a packet of an unknown type");
  Packet packet{.type = static_cast<PacketType>(text[0] - '0')};
  text.remove_prefix(1);
  attachments_ = 0;
  if (is_binary(packet.type)) {
    const auto count = take_number(text, kAttachmentsMax);
    if (!count || !text.starts_with('-'))
      return engine::error("a binary packet that does not say how many attachments, up to {}", kAttachmentsMax);
    if (*count == 0) return engine::error("a binary packet without attachments");
    text.remove_prefix(1);
    attachments_ = static_cast<std::size_t>(*count);
  }
  packet.nsp = take_namespace(text);
  if (!text.empty() && is_digit(text[0])) {
    packet.ack = take_number(text, kAckIdMax);
    if (!packet.ack) return engine::error("an ack id beyond 2^53");
  }
  if (!text.empty()) {
    auto data = parse_json(text);
    if (!data) return data.error();
    packet.data = std::move(*data);
  }
  const bool is_of_nothing = !packet.data && (packet.type == PacketType::kEvent || packet.type == PacketType::kAck);
  if (is_of_nothing) packet.data = json::array();
  if (auto fits = check_data(packet); !fits && !is_of_nothing) return fits.error();
  if (attachments_ == 0) return std::optional<Packet>(std::move(packet));
  if (auto fits = check_placeholders(*packet.data, attachments_); !fits) return fits.error();
  begun_ = std::move(packet);
  return std::optional<Packet>();
}

engine::Result<std::optional<Packet>> PacketReader::read_bytes(std::string_view bytes) {
  if (!begun_) return engine::error("bytes that no packet has announced");
  begun_->attachments.emplace_back(bytes);
  if (begun_->attachments.size() < attachments_) return std::optional<Packet>();
  return std::exchange(begun_, std::nullopt);
}

}  // namespace netcode::socketio
