// Snapshots in the plain format: the game's own World as it stands, without what its viewer may not see.
//
// Threading: its match's shard.
#pragma once

#include <memory>
#include <utility>

#include "replication/visible_world.hpp"
#include "replication/world_frame.hpp"

namespace netcode {

class PlainEncoder final : public SnapshotEncoder {
 public:
  /// Null: nothing is ever hidden.
  explicit PlainEncoder(std::shared_ptr<const VisibleWorld> filter) : filter_(std::move(filter)) {}
  Encoded encode(const FrameView& view, const FrameView& baseline) override;
  bool needs_baseline() const override { return false; }

 private:
  std::shared_ptr<const VisibleWorld> filter_;
};

}  // namespace netcode
