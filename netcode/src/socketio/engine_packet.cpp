#include "socketio/engine_packet.hpp"

#include <cstddef>
#include <utility>

#include "engine/core/utf8.hpp"
#include "socketio/base64.hpp"

namespace netcode::socketio {

engine::Result<EnginePacket> parse_engine_text(std::string_view text) {
  if (text.empty()) return engine::error("an Engine.IO packet without a type");
  const char type = text.front();
  text.remove_prefix(1);
  if (type == kBodyBytes) {
    auto bytes = decode_base64(text);
    if (!bytes) return bytes.error();
    return EnginePacket{.data = std::string(bytes->begin(), bytes->end()), .is_binary = true};
  }
  if (type < '0' || type > '6') return engine::error("an Engine.IO packet of an unknown type");
  return EnginePacket{.type = static_cast<EngineType>(type - '0'), .data = std::string(text)};
}

EngineBody parse_engine_body(std::string_view body) {
  EngineBody out;
  if (!engine::is_utf8(body)) {
    out.error = engine::error("a body that is not UTF-8");
    return out;
  }
  for (bool more = true; more;) {
    const std::size_t end = body.find(kBodySeparator);
    auto packet = parse_engine_text(body.substr(0, end));
    if (!packet) {
      out.error = packet.error();
      return out;
    }
    out.packets.push_back(std::move(*packet));
    more = end != std::string_view::npos;
    if (more) body.remove_prefix(end + 1);
  }
  return out;
}

}  // namespace netcode::socketio
