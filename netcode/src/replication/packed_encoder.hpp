// Snapshots in the packed format: each coded against the one that the same connection was handed before.
//
// Those who were handed the same and see the same share one encoding, and with it a chain (packed_chain.hpp). A
// connection that misses frames is sent what the others were sent meanwhile, in one message. Where two chains could be
// one, since both see everything, all such forget what they learned, at most once in kMeetTicks, and go on as one. What
// is seen by some alone has a chain for each who sees it, and so has a connection whose budget has no room for all of a
// World (SnapshotBudget), until it has. More than kChainsMax chains at once learn nothing more.
//
// Threading: its match's shard. Ownership: by the frames that it encodes.
#pragma once

#include <memory>

#include "replication/lane_layout.hpp"
#include "replication/packed_chain.hpp"
#include "replication/plain_encoder.hpp"
#include "replication/visible_world.hpp"
#include "replication/world_frame.hpp"

namespace netcode {

class PackedEncoder final : public SnapshotEncoder {
 public:
  /// So many chains of a match keep what they have learned.
  static constexpr std::size_t kChainsMax = 64;
  /// Between two times that chains meet; the first time need not wait.
  static constexpr Tick kMeetTicks = 1200;
  /// ... and so long after it first could be: more may come.
  static constexpr Tick kSettleTicks = 120;
  /// A World's hash is sent so often.
  static constexpr Tick kHashTicks = 64;

  /// `plain`: for a World that cannot be packed.
  PackedEncoder(LaneLayoutPtr layout, std::shared_ptr<const VisibleWorld> filter,
                std::shared_ptr<SnapshotEncoder> plain);
  Encoded encode(const FrameView& view, const protocol::SnapshotHead& head, const HandedFrame& before) override;
  /// Its chains have all that it builds on.
  bool needs_baseline() const override { return false; }

 private:
  struct Notes;
  struct Way;
  using ChainPtr = std::shared_ptr<PackedChain>;

  Notes& notes_of(const WorldFrame& frame);
  /// As the viewer sees it. Null: it cannot be packed.
  LaneWorldPtr lanes_of(const FrameView& view, Notes& notes);
  /// `world` becomes what its budget lets the connection be told of it. True: it is told by itself.
  bool hold_back(SnapshotBudget* budget, const ChainPtr& base, PlayerId viewer, LaneWorldPtr& world) const;
  Way way_to(const FrameView& view, const ChainPtr& base, bool is_for_all) const;
  /// Where the way's end goes on to with this World. Null: it cannot be packed.
  ChainPtr go_on(const FrameView& view, const Way& way, bool is_sole, const LaneWorldPtr& world, Notes& notes,
                 bool& is_new);
  ChainPtr coded(const FrameView& view, const Way& way, bool is_sole, const LaneWorldPtr& world);

  LaneLayoutPtr layout_;
  std::shared_ptr<const VisibleWorld> filter_;
  std::shared_ptr<SnapshotEncoder> plain_;
  std::shared_ptr<std::size_t> chains_ = std::make_shared<std::size_t>(0);
  SlowState slow_;        // of the last frame
  Tick restarted_ = 0;    // who sees everything and was handed something older restarts
  Tick apart_since_ = 0;  // since when there are two chains of those who see everything; 0: there are not
};

}  // namespace netcode
