// A packet of Engine.IO on its way out, as a WebSocket carries it: bytes that are made once for all who are sent it,
// and of which a body of polling is made as well.
//
//   4hello        a text of it: the packet's type, then its data
//   01 02 03      a binary one: its data alone
//
// Threading: immutable; any thread. Ownership: copies share the bytes.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "netcode/bytes.hpp"
#include "outgoing_message.hpp"
#include "socketio/engine_packet.hpp"

namespace netcode::socketio {

class MadePacket {
 public:
  explicit MadePacket(const EnginePacket& packet);
  /// A message: of Socket.IO.
  static MadePacket text(std::string_view data) { return text({data}); }
  /// The same of what follows one another.
  static MadePacket text(std::initializer_list<std::string_view> parts);
  /// The bytes from `offset` on.
  static MadePacket binary(SharedBytes bytes, std::size_t offset = 0);
  static MadePacket binary(std::string_view bytes);

  bool is_binary() const { return is_binary_; }
  /// What a text has after its type; a binary one's bytes.
  std::string_view data() const { return view().substr(is_binary_ ? 0 : 1); }
  /// As a message of a WebSocket.
  OutgoingMessage message() const;
  /// In a body of polling.
  void append_to(std::string& body) const;
  /// It takes no more than this in either.
  std::size_t size_max() const { return is_binary_ ? view().size() * 4 / 3 + 4 : view().size() + 1; }

 private:
  MadePacket(SharedBytes bytes, std::size_t offset, bool is_binary)
      : bytes_(std::move(bytes)), offset_(offset), is_binary_(is_binary) {}
  std::string_view view() const;

  SharedBytes bytes_;
  std::size_t offset_ = 0;
  bool is_binary_ = false;
};

/// Of one Socket.IO packet: its text, then its attachments.
using MadePackets = std::vector<MadePacket>;

/// A body of polling: what a GET is answered with.
std::string engine_body(std::span<const MadePacket> packets);

}  // namespace netcode::socketio
