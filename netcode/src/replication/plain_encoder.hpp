// Snapshots in the plain format: the game's own World as it stands, without what its viewer may not see. What is
// owner_only is zero in it for everybody else, and a vector of tables is left out while all of it is as it was in the
// snapshot that the same connection was handed before.
//
// Threading: its match's shard.
#pragma once

#include <memory>
#include <utility>

#include "replication/lane_layout.hpp"
#include "replication/visible_world.hpp"
#include "replication/world_frame.hpp"

namespace netcode {

class PlainEncoder final : public SnapshotEncoder {
 public:
  PlainEncoder(std::shared_ptr<const VisibleWorld> filter, LaneLayoutPtr layout)
      : filter_(std::move(filter)), layout_(std::move(layout)) {}
  Encoded encode(const FrameView& view, const protocol::SnapshotHead& head, const HandedFrame& before) override;
  bool needs_baseline() const override { return layout_->slow().size() > 1; }

 private:
  std::shared_ptr<const VisibleWorld> filter_;
  LaneLayoutPtr layout_;
};

}  // namespace netcode
