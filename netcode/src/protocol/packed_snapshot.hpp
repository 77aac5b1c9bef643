// A packed snapshot as a message: a head of the receiver's own, told by what is other than in the one before over the
// same connection, and behind it what many are sent. docs/protocol.md has the bytes.
//
// Threading: none of its own. Pure.
#pragma once

#include <cstddef>

#include "engine/core/result.hpp"
#include "netcode/bytes.hpp"
#include "outgoing_message.hpp"
#include "protocol/messages.hpp"

namespace netcode::protocol {

/// What a head takes at most, with the byte that says which of its numbers follow.
inline constexpr std::size_t kPackedHeadBytesMax = 1 + 4 * 5 + 3;

/// What both ends of a connection remember of the packed snapshots so far.
struct CarriedHead {
  SnapshotHead last;
  Tick ticks = 0;  // from the one before to it
};

/// The sending end of one connection.
class SnapshotPacker {
 public:
  /// The whole message, which goes over this connection next: `frame` with the head before it.
  OutgoingMessage pack(const SnapshotHead& head, OutgoingMessage frame);

 private:
  CarriedHead carried_;
};

struct PackedSnapshotView {
  SnapshotHead head;
  BytesView frame;  // as replication/packed_frame.hpp reads it
};

/// The receiving end of one connection.
class SnapshotUnpacker {
 public:
  /// `packed`: as it came. After an error, whose reason may be told, the two ends agree no more.
  engine::Result<PackedSnapshotView> unpack(BytesView packed);

 private:
  CarriedHead carried_;
};

}  // namespace netcode::protocol
