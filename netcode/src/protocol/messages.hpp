// Scrim's messages as plain structs: encoded from them, verified and decoded into them. docs/protocol.md is the same in
// words.
//
// The only user of protocol.fbs's generated code. Views point into the bytes that were decoded and live as long as
// those. Bytes from outside end in a Result whose reason may be sent back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/core/result.hpp"
#include "netcode/bytes.hpp"
#include "netcode/ids.hpp"
#include "outgoing_message.hpp"

namespace netcode::protocol {

inline constexpr std::uint16_t kVersion = 1;
inline constexpr std::string_view kSubprotocol = "scrim.v1";
inline constexpr std::string_view kServerName = "scrim 0.1.0";
inline constexpr std::string_view kDefaultNamespace = "/";
/// Of an Ack's error: a longer one is not taken.
inline constexpr std::size_t kAckErrorBytesMax = 1024;

struct Welcome {
  std::uint16_t protocol = kVersion;
  std::string server;
  SessionId session{};
  std::string token;
  bool resumed = false;
  std::uint32_t received = 0;
  std::string name;
  std::uint8_t link = 0;             // which of the session's connections this is
  std::uint32_t missed_through = 0;  // the server's reliable messages up to this one are gone; 0: none are
  std::uint32_t epoch = 0;           // of the numbering of reliable messages

  struct InMatch {
    std::string id;
    std::string kind;
    PlayerId player = kNoPlayer;
    Tick tick = 0;
    std::uint32_t tick_hz = 0;
    std::uint32_t snapshot_hz = 0;
    std::uint64_t schema_hash = 0;
    std::uint64_t unpacks = 0;  // Schema::layout_hash of its World; 0: not told
    std::uint64_t rules_hash = 0;
    std::uint64_t map_hash = 0;
    bool is_packed = false;   // its snapshots are, as a rule
    std::uint64_t packs = 0;  // LaneLayout::hash of its World; 0: not told
  };
  std::optional<InMatch> match;
  /// Why the session is in the lobby although it asked for a match, for whose sake it had left another; else empty.
  std::string refusal{};
};

struct MapView {
  std::uint64_t hash = 0;
  BytesView body;
};

/// The schema of a match, for a client that was built with another one.
struct SchemaView {
  std::uint64_t hash = 0;  // Schema::hash
  BytesView body;          // a .bfbs, which nobody has looked into
};

struct SnapshotHead {
  Tick tick = 0;
  std::uint32_t action_sequence = 0;
  Tick action_tick = 0;
  std::uint32_t received = 0;
  std::int16_t slack_ms = 0;
};

struct SnapshotView {
  SnapshotHead head;
  BytesView world;  // as it lies in the message: pass through aligned() before reading
};

struct ActionView {
  Tick tick = 0;
  std::uint32_t sequence = 0;
  Tick snapshot_tick = 0;
  std::uint32_t received = 0;
  BytesView body{};
  Tick twin_snapshot_tick = 0;
  Tick view_tick = 0;  // 0: not told
  std::uint8_t view_fraction = 0;
  Tick view_from = 0;  // 0: not told
  Tick view_to = 0;
};

/// From a client an action as packed_action.hpp has it, from a server a snapshot as packed_snapshot.hpp does. Only who
/// has read all before it of the same link can read it.
struct PackedView {
  BytesView packed;
};

struct EventMessage {
  std::uint32_t sequence = 0;  // 0: volatile
  std::string_view name;
  std::string_view space = kDefaultNamespace;  // the namespace
  std::uint32_t ack = 0;
  BytesView body;
  Tick tick = 0;  // of the match, in which it happened; 0: in none
};

struct AckMessage {
  std::uint32_t sequence = 0;
  std::uint32_t id = 0;
  std::optional<std::string_view> error;
  std::string_view table;  // empty: no body
  BytesView body;
};

struct Received {
  Tick snapshot_tick = 0;
  std::uint32_t received = 0;
  Tick twin_snapshot_tick = 0;
};

using AnyMessage = std::variant<Welcome, MapView, SnapshotView, PackedView, ActionView, EventMessage, AckMessage,
                                Received, SchemaView>;

/// A place for one incoming message at a time, aligned as FlatBuffers must be to be read.
///
/// Bytes come off a socket at any address; reading a ulong from an odd one is undefined. One of these serves a whole
/// shard or client, since messages are handled one after the other.
class AlignedBuffer {
 public:
  /// A copy of `bytes`, aligned to 8, valid until the next call.
  BytesView copy(BytesView bytes);

 private:
  std::vector<std::uint64_t> words_;
};

/// `bytes` itself if it is aligned to 8, else a copy of it in `scratch`: a body inside a message whose writer did not
/// align it.
BytesView aligned(BytesView bytes, AlignedBuffer& scratch);

/// One message off the wire. `bytes` must be aligned (AlignedBuffer). Every string is UTF-8, every length is within
/// limits.hpp.
engine::Result<AnyMessage> decode(BytesView bytes);

Bytes encode(const Welcome& message);
Bytes encode(const MapView& message);
Bytes encode(const SchemaView& message);
Bytes encode(const ActionView& message);
Bytes encode(const EventMessage& message);
Bytes encode(const AckMessage& message);
Bytes encode(const Received& message);

/// A snapshot encoded once for all who may see the same: each receiver's frame is its own copy of the small head,
/// patched in place, before the shared bytes.
class SharedSnapshot {
 public:
  explicit SharedSnapshot(BytesView world);
  OutgoingMessage frame(const SnapshotHead& head) const;
  /// Of the whole message.
  std::size_t size() const { return message_->size(); }

 private:
  SharedBytes message_;
  std::size_t head_size_ = 0;    // bytes before the shared part
  std::size_t head_offset_ = 0;  // of the SnapshotHead struct in them
};

/// What an Event or Ack has of its receiver alone.
struct ReliableHead {
  std::uint32_t sequence = 0;  // 0: volatile
  std::uint32_t ack = 0;       // an Event's: the Ack that is asked for. An Ack has its id in the shared part.
};

/// An Event or Ack encoded once for all who are sent it: each receiver's frame is its own copy of the bytes up to the
/// last of ReliableHead's, before the shared rest.
class SharedMessage {
 public:
  explicit SharedMessage(const EventMessage& event);
  explicit SharedMessage(const AckMessage& ack);
  OutgoingMessage frame(const ReliableHead& head) const;
  /// Whole, with a head of nobody's.
  const SharedBytes& bytes() const { return message_; }
  std::size_t size() const { return message_->size(); }

 private:
  explicit SharedMessage(Bytes message);

  SharedBytes message_;
  std::size_t sequence_offset_ = 0;
  std::size_t ack_offset_ = 0;  // 0: there is none
  std::size_t head_size_ = 0;
};

/// Changes the sequence of an encoded reliable Event or Ack in place; it must not have been encoded with sequence 0.
void patch_sequence(Bytes& message, std::uint32_t sequence);

}  // namespace netcode::protocol
