// The packets of Socket.IO, protocol 5: what an Engine.IO message holds.
//
//   <type>[<attachments>-][<namespace>,][<ack id>][JSON]
//
//   2["move",1,2]                                     an event of the namespace "/"
//   2/admin,7["stats"]                                one that is to be answered with 3/admin,7[...]
//   51-["file",{"_placeholder":true,"num":0}]         one with bytes, which are the next message
//
// Threading: values.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.hpp"

namespace netcode::socketio {

enum class PacketType : std::uint8_t { kConnect, kDisconnect, kEvent, kAck, kConnectError, kBinaryEvent, kBinaryAck };

/// More bytes than so in one packet are refused, both ways.
inline constexpr std::size_t kAttachmentsMax = 10;
/// The largest whole number that JavaScript counts up to.
inline constexpr std::uint64_t kAckIdMax = (std::uint64_t{1} << 53) - 1;

struct Packet {
  PacketType type = PacketType::kEvent;
  std::string nsp = "/";                   // with its slash
  std::optional<std::uint64_t> ack;        // an event's that is to be answered, or an answer's
  std::optional<boost::json::value> data;  // arguments, the first an event's name; or what CONNECT brings
  std::vector<std::string> attachments;    // bytes: in `data` placeholders say where each belongs

  bool operator==(const Packet&) const = default;
};

/// {"_placeholder":true,"num":number}
boost::json::value placeholder(std::size_t number);
/// The number of the attachment whose place it is; nothing: it is no placeholder.
std::optional<std::size_t> attachment_of(const boost::json::value& value);

/// What stands before a packet's JSON; of an event or ack with attachments it is of the binary type.
std::string packet_head(PacketType type, std::size_t attachments, std::string_view nsp,
                        const std::optional<std::uint64_t>& ack);
/// Without its attachments, which follow as binary messages. An event or ack with some is of the binary type.
std::string packet_text(const Packet& packet);

/// Puts packets together from the messages of one connection.
class PacketReader {
 public:
  /// A packet, or nothing: some of it is to come as bytes. After an error nothing more is to be read, and the
  /// connection is to be closed. That an event's name may be one, and its arguments are an array, is made sure of; one
  /// that is sent without any has an empty array.
  engine::Result<std::optional<Packet>> read_text(std::string_view text);
  engine::Result<std::optional<Packet>> read_bytes(std::string_view bytes);

  /// Is a packet begun, and not whole?
  bool is_waiting() const { return begun_.has_value(); }

 private:
  std::optional<Packet> begun_;
  std::size_t attachments_ = 0;  // so many it will have
};

}  // namespace netcode::socketio
