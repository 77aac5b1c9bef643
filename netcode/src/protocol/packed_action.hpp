// Actions as Scrim's own client sends them, 60 a second and over each of its links: told by what is other than in the
// one before over the same link. docs/protocol.md has the bytes, docs/decisions/packed-actions.md why they are so.
//
// A link carries its messages in order and none twice, so its two ends agree on what "the one before" is, whatever
// becomes of an action further up: late, refused or for no match. Each connection begins anew, with nothing before.
//
// Threading: none of its own. Pure.
#pragma once

#include <cstddef>
#include <optional>

#include "engine/core/result.hpp"
#include "netcode/bytes.hpp"
#include "protocol/messages.hpp"

namespace netcode::protocol {

/// What both ends of a link remember: at most kActionBytesMax, and a few numbers.
struct CarriedAction {
  ActionView numbers;         // all of it but the body
  std::optional<Bytes> body;  // none: nothing came before
};

/// The sending end of one link.
class ActionPacker {
 public:
  /// The whole message for `action`, which goes over this link next. Its body has at most kActionBytesMax bytes.
  Bytes pack(const ActionView& action);

 private:
  CarriedAction last_;
};

/// The receiving end of one link.
class ActionUnpacker {
 public:
  /// `packed`: as it came. The body of what is returned stays until the next call. After an error, whose reason may be
  /// sent back, the two ends agree no more, and the link is of no use.
  engine::Result<ActionView> unpack(BytesView packed);

 private:
  CarriedAction last_;
};

}  // namespace netcode::protocol
