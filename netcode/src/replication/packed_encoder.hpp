// Snapshots in the packed format: each coded against the one that the same connection was handed before.
//
// Those who were handed the same and see the same share one encoding, and with it a chain: what both ends know after
// it. A connection that misses a frame leaves its chain. It begins another, with what was learned so far, and at the
// next epoch everybody forgets what was learned, so that all who were handed the same frame before are one chain again.
// More than kChainsMax of them at once learn nothing more until then. A connection that is handed a World of its own,
// since its budget has no room for all of it (SnapshotBudget), leaves its chain in the same way.
//
// Threading: its match's shard. Ownership: by the frames that it encodes.
#pragma once

#include <memory>

#include "replication/lane_layout.hpp"
#include "replication/plain_encoder.hpp"
#include "replication/visible_world.hpp"
#include "replication/world_frame.hpp"

namespace netcode {

class PackedEncoder final : public SnapshotEncoder {
 public:
  /// So many chains of a match keep what they have learned.
  static constexpr std::size_t kChainsMax = 8;
  static constexpr Tick kEpochTicks = 3600;
  /// A World's hash is sent so often.
  static constexpr Tick kHashTicks = 64;

  /// `plain`: for a World that cannot be packed.
  PackedEncoder(LaneLayoutPtr layout, std::shared_ptr<const VisibleWorld> filter,
                std::shared_ptr<SnapshotEncoder> plain);
  Encoded encode(const FrameView& view, const protocol::SnapshotHead& head, const HandedFrame& before) override;
  /// Its chains have all that it builds on.
  bool needs_baseline() const override { return false; }

 private:
  LaneLayoutPtr layout_;
  std::shared_ptr<const VisibleWorld> filter_;
  std::shared_ptr<SnapshotEncoder> plain_;
  std::shared_ptr<std::size_t> chains_ = std::make_shared<std::size_t>(0);
};

}  // namespace netcode
