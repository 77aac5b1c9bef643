// Events and answers as clients of Socket.IO are sent them, and what netcode itself is asked by them.
//
//   42["chat",{"text":"gg"}]        an event: its name, its table
//   431[{"matches":[],"next":""}]   an answer to the client's event of ack id 1
//   431[]                           one without a table
//   431[{"error":{...}}]            one that was refused: code, event, field, message
//
// Threading: pure; any thread.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.hpp"
#include "netcode/bytes.hpp"
#include "protocol/messages.hpp"
#include "socketio/made_packet.hpp"

namespace netcode {

class ServerCore;
class SocketioLine;
struct JsonArguments;
struct ServerConfig;

/// What all who are sent it have in common.
struct SocketioForm {
  enum class Kind : std::uint8_t {
    kMessage,  // an event or an answer
    kJoined,   // the client is in `space` from now on
    kRefused,  // ... or is not let in: `text` is all of the packet
    kLeft,     // ... or has had to leave it
  };
  Kind kind = Kind::kMessage;
  std::string space{};   // an event's
  std::uint32_t id = 0;  // an answer's: AckMessage::id
  /// Of an event the packet for whoever is told nothing of his own in it: text, then `attachments`. Of an answer its
  /// arguments alone.
  std::optional<socketio::MadePacket> text{};
  std::size_t arguments_at = 0;  // there in it
  std::vector<socketio::MadePacket> attachments{};
  std::optional<std::string> error{};  // of an answer: it was refused, and there is no `text`

  /// A JSON array, without its closing bracket.
  std::string_view arguments() const;
  std::size_t size() const;  // of memory
  /// Who asked to join: nothing to a client that has come back over another connection.
  std::weak_ptr<const SocketioLine> asker{};
};

/// Of an encoded Event or Ack. An error names what has no such form: the event is sent to nobody over Socket.IO.
engine::Result<SocketioForm> socketio_form(BytesView message, const ServerCore& server);

/// Of what no schema declares.
SocketioForm json_form(std::string_view name, std::string_view space, const JsonArguments& arguments);
/// An answer to AckMessage::id.
SocketioForm json_answer_form(std::uint32_t id, const JsonArguments& arguments);

/// The largest form of an event or an answer: what a client may say fits, whatever the event that says it back is
/// called.
std::size_t json_bytes_max(const ServerConfig& config);

/// The code of what the rules, a handler or netcode itself did not take.
inline constexpr std::string_view kRefusedCode = "refused";
/// {"error":{"code","event","field","message"}}
boost::json::value error_json(std::string_view code, std::string_view event, std::string_view field,
                              std::string_view message);

/// The body of one of netcode's own requests, of which `name` is known without its prefix too: "list", "create",
/// "leave". Nothing: it is no such request.
std::optional<engine::Result<Bytes>> request_of_json(std::string_view name, const boost::json::value& argument);
/// A text in an object of a client's; empty: there is none of that name.
std::string member_text(const boost::json::object& from, std::string_view name);
/// "scrim:list" of "list".
std::string full_request_name(std::string_view name);

/// What a client is told of where it is.
boost::json::value welcome_json(const protocol::Welcome& welcome);

}  // namespace netcode
