// The World of a match at one tick inside the server, before anybody's bytes are made of it, and who may see what of
// it.
//
// A snapshot is made of a frame when it is written to a connection: a frame that is replaced before that costs no
// encoding, and what is written may build on what that connection was handed last. What was made once is kept with the
// frame, for the others who are to have the same.
//
// Threading: its match's shard. Ownership: shared by the slots it waits in; it keeps its encoder alive.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "netcode/bytes.hpp"
#include "netcode/ids.hpp"
#include "protocol/messages.hpp"

namespace netcode {

class SnapshotEncoder;

/// One for each of the frame's entities, by VisibleWorld::entities: is it shown? Null: all are. Viewers who may see the
/// same share one.
using VisibleSet = std::vector<bool>;
using VisibleSetPtr = std::shared_ptr<const VisibleSet>;

class WorldFrame {
 public:
  /// `world`: a verified buffer of the game's World table.
  WorldFrame(Tick tick, Bytes world, std::shared_ptr<SnapshotEncoder> encoder)
      : tick_(tick), world_(std::move(world)), encoder_(std::move(encoder)) {}

  Tick tick() const { return tick_; }
  BytesView world() const { return world_; }
  SnapshotEncoder& encoder() const { return *encoder_; }

  /// For encoders: what was made of it for those who see the same and were handed the same before.
  struct Encoding {
    VisibleSetPtr visible;
    Tick baseline;  // 0: none
    std::shared_ptr<const protocol::SharedSnapshot> snapshot;
  };
  std::vector<Encoding>& encodings() const { return encodings_; }

 private:
  Tick tick_;
  Bytes world_;
  std::shared_ptr<SnapshotEncoder> encoder_;
  mutable std::vector<Encoding> encodings_;
};
using WorldFramePtr = std::shared_ptr<const WorldFrame>;

/// A frame as one client is to have it.
struct FrameView {
  WorldFramePtr frame;  // null: there is none
  VisibleSetPtr visible;
  protocol::SnapshotHead head{};
};

/// Makes the bytes of snapshots.
class SnapshotEncoder {
 public:
  virtual ~SnapshotEncoder() = default;
  struct Encoded {
    std::shared_ptr<const protocol::SharedSnapshot> snapshot;
    bool is_new;  // made now, and not for somebody else before
  };
  /// `baseline`: what the same connection was handed last; its frame is null at first.
  virtual Encoded encode(const FrameView& view, const FrameView& baseline) = 0;
  /// False: a baseline makes no difference, so that nobody need keep its frame.
  virtual bool needs_baseline() const { return true; }
};

}  // namespace netcode
