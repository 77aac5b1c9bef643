#include "socketio/made_packet.hpp"

#include <memory>

#include "engine/core/assert.hpp"
#include "socketio/base64.hpp"

namespace netcode::socketio {
namespace {

SharedBytes joined(char type, std::initializer_list<std::string_view> parts) {
  std::size_t size = 1;
  for (const std::string_view part : parts) size += part.size();
  auto bytes = std::make_shared<Bytes>();
  bytes->reserve(size);
  bytes->push_back(static_cast<std::uint8_t>(type));
  for (const std::string_view part : parts) bytes->insert(bytes->end(), part.begin(), part.end());
  return bytes;
}

char digit_of(EngineType type) { return static_cast<char>('0' + static_cast<int>(type)); }

}  // namespace

MadePacket::MadePacket(const EnginePacket& packet)
    : MadePacket(packet.is_binary ? binary(packet.data)
                                  : MadePacket(joined(digit_of(packet.type), {packet.data}), 0, false)) {}

MadePacket MadePacket::text(std::initializer_list<std::string_view> parts) {
  return {joined(digit_of(EngineType::kMessage), parts), 0, false};
}

MadePacket MadePacket::binary(SharedBytes bytes, std::size_t offset) {
  ENGINE_ASSERT(bytes && offset <= bytes->size());
  return {std::move(bytes), offset, true};
}

MadePacket MadePacket::binary(std::string_view bytes) {
  return {std::make_shared<const Bytes>(bytes.begin(), bytes.end()), 0, true};
}

std::string_view MadePacket::view() const {
  return std::string_view(reinterpret_cast<const char*>(bytes_->data()), bytes_->size()).substr(offset_);
}

OutgoingMessage MadePacket::message() const {
  return {.body = bytes_, .body_offset = offset_, .kind = is_binary_ ? MessageKind::kBinary : MessageKind::kText};
}

void MadePacket::append_to(std::string& body) const {
  if (is_binary_) {
    body += kBodyBytes;
    body += encode_base64(BytesView(*bytes_).subspan(offset_));
  } else {
    body += view();
  }
}

std::string engine_body(std::span<const MadePacket> packets) {
  std::string body;
  for (const MadePacket& packet : packets) {
    if (&packet != packets.data()) body += kBodySeparator;
    packet.append_to(body);
  }
  return body;
}

}  // namespace netcode::socketio
