// The packets of Engine.IO, protocol 4, which carries Socket.IO: as WebSocket messages, and as the body of a poll.
//
//   over WebSocket   one packet a message: its type's digit and the text; bytes as a binary message, without a digit
//   in a body        packets one after the other, a record separator (0x1E) between; bytes as "b" and base64
//
// Threading: values, pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.hpp"
#include "netcode/bytes.hpp"

namespace netcode::socketio {

enum class EngineType : std::uint8_t { kOpen, kClose, kPing, kPong, kMessage, kUpgrade, kNoop };

struct EnginePacket {
  EngineType type = EngineType::kMessage;
  std::string data;        // text, or if it is binary the bytes
  bool is_binary = false;  // only messages are

  bool operator==(const EnginePacket&) const = default;
};

/// An error: it has no type, or what stands for bytes is no base64. That it is UTF-8 is the WebSocket's to check.
engine::Result<EnginePacket> parse_engine_text(std::string_view text);

/// Between the packets of a body, and before the base64 of one that is bytes.
inline constexpr char kBodySeparator = '\x1e';
inline constexpr char kBodyBytes = 'b';

/// A POST's packets up to the first that is none, which are to be handled all the same.
struct EngineBody {
  std::vector<EnginePacket> packets;
  std::optional<engine::Error> error;
};
/// An error too: it is empty, or not UTF-8.
EngineBody parse_engine_body(std::string_view body);

}  // namespace netcode::socketio
