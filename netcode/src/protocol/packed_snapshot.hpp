// A packed snapshot as a message: a few bytes of the receiver's own before those that many are sent.
//
// Pure functions, any thread.
#pragma once

#include "netcode/bytes.hpp"
#include "outgoing_message.hpp"
#include "protocol/messages.hpp"

namespace netcode::protocol {

/// What is packed is `prefix`, the receiver's own, and then `shared`. kPackedEnvelopeBytesMax bytes stand around it.
OutgoingMessage packed_snapshot(const SnapshotHead& head, BytesView prefix, SharedBytes shared);

}  // namespace netcode::protocol
