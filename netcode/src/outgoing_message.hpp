// A message as protocols make it and connections send it.
//
// Here, above both, so that a protocol knows no transport. Values.
#pragma once

#include <cstddef>
#include <cstdint>

#include "netcode/bytes.hpp"

namespace netcode {

enum class MessageKind : std::uint8_t { kBinary, kText };

/// One message, in up to two parts, so that many connections can share the bytes of the second.
struct OutgoingMessage {
  Bytes head = {};
  SharedBytes body = nullptr;               // may be null
  std::size_t body_offset = 0;              // the body begins here: what stands before it was a template for `head`
  MessageKind kind = MessageKind::kBinary;  // text is UTF-8, or the peer closes with 1007

  std::size_t body_size() const { return body ? body->size() - body_offset : 0; }
  std::size_t size() const { return head.size() + body_size(); }
};

}  // namespace netcode
