// The World of a match at one tick inside the server, before anybody's bytes are made of it, and who may see what of
// it.
//
// A snapshot is made of a frame when it is written to a connection: a frame that is replaced before that costs no
// encoding, and what is written may build on what that connection was handed last. What was made once is kept with the
// frame, for the others who are to have the same.
//
// Threading: its match's shard. Ownership: shared by the slots it waits in; it keeps its encoder alive.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "netcode/bytes.hpp"
#include "netcode/ids.hpp"
#include "outgoing_message.hpp"
#include "protocol/messages.hpp"

namespace netcode {

class SnapshotBudget;
class SnapshotEncoder;

/// What an encoder made of a frame, kept with it.
class FrameNotes {
 public:
  virtual ~FrameNotes() = default;
  /// See WorldFrame::forget_unshared.
  virtual void forget_unshared() {}
};

/// What a client has after a snapshot, as far as the next one builds on it.
class SnapshotChain {
 public:
  virtual ~SnapshotChain() = default;
};
using SnapshotChainPtr = std::shared_ptr<const SnapshotChain>;

/// Those of a match.
struct SnapshotEncoders {
  std::shared_ptr<SnapshotEncoder> plain{};
  std::shared_ptr<SnapshotEncoder> packed{};  // null: there is none
  std::uint64_t packs = 0;                    // what a client has to unpack: LaneLayout::hash
};

/// One for each of the frame's entities, by VisibleWorld::entities: is it shown? Null: all are. Viewers who may see the
/// same share one.
using VisibleSet = std::vector<bool>;
using VisibleSetPtr = std::shared_ptr<const VisibleSet>;

class WorldFrame {
 public:
  /// `world`: a verified buffer of the game's World table.
  WorldFrame(Tick tick, Bytes world, SnapshotEncoders encoders)
      : tick_(tick), world_(std::move(world)), encoders_(std::move(encoders)) {}

  Tick tick() const { return tick_; }
  BytesView world() const { return world_; }
  /// For a client that unpacks this.
  SnapshotEncoder& encoder(std::optional<std::uint64_t> packs) const {
    return encoders_.packed && packs == encoders_.packs ? *encoders_.packed : *encoders_.plain;
  }

  /// For each encoder: what it made of the frame; null at first.
  std::unique_ptr<FrameNotes>& notes(const SnapshotEncoder& encoder) const {
    return notes_[&encoder == encoders_.packed.get() ? 1 : 0];
  }
  /// Everybody who can be written to has been: bytes that were made for one viewer alone need not stay for others.
  /// Those who are slow have theirs made when they are written.
  void forget_unshared() const {
    for (const auto& notes : notes_)
      if (notes) notes->forget_unshared();
  }
  /// What was made of the plain encoder's bytes for clients that read no bytes; null at first.
  std::unique_ptr<FrameNotes>& json_notes() const { return json_notes_; }

 private:
  Tick tick_;
  Bytes world_;
  SnapshotEncoders encoders_;
  mutable std::array<std::unique_ptr<FrameNotes>, 2> notes_;
  mutable std::unique_ptr<FrameNotes> json_notes_;
};
using WorldFramePtr = std::shared_ptr<const WorldFrame>;

/// A frame as one client is to have it.
struct FrameView {
  WorldFramePtr frame;  // null: there is none
  VisibleSetPtr visible;
  PlayerId viewer = kNoPlayer;  // kNoPlayer: a spectator
  protocol::SnapshotHead head{};
};

/// The newest that a connection was handed, and what it may be handed next.
struct HandedFrame {
  FrameView view;
  SnapshotChainPtr chain;
  SnapshotBudget* budget = nullptr;  // the connection's own; null: there is none
};

/// Makes the bytes of snapshots.
class SnapshotEncoder {
 public:
  virtual ~SnapshotEncoder() = default;
  struct Encoded {
    OutgoingMessage message;
    bool is_new;             // made now, and not for somebody else before
    SnapshotChainPtr chain;  // null: nothing builds on it
    bool is_packed = false;  // the message is what stands behind the head of a packed one: see SnapshotPacker
  };
  /// `head` instead of the view's. `before`: what the same connection was handed last; its frame is null at first.
  virtual Encoded encode(const FrameView& view, const protocol::SnapshotHead& head, const HandedFrame& before) = 0;
  /// Does it build on the frame that was handed before, beside its chain? If not, nobody need keep it.
  virtual bool needs_baseline() const { return true; }
};

}  // namespace netcode
