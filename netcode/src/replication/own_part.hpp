// What is owner_only of a client's own entities: coded for it alone, beside what all who see the same share.
//
// Fixed probabilities, so that nothing is kept for it between two snapshots but the World before.
//
// Threading: pure functions.
#pragma once

#include "engine/core/result.hpp"
#include "netcode/bytes.hpp"
#include "netcode/ids.hpp"
#include "replication/lane_layout.hpp"
#include "replication/lane_world.hpp"

namespace netcode {

/// Of `viewer`'s entities in `now`, against the World before; null: there was none. Empty: all is as before.
Bytes encode_own(const LaneLayout& layout, PlayerId viewer, const LaneWorld* before, const LaneWorld& now, Tick tick);

/// The other way: `now` has what everybody is sent, and nothing of what is owner_only. `before` has at least `viewer`'s
/// own.
engine::Result<void> decode_own(const LaneLayout& layout, PlayerId viewer, const LaneWorld* before, BytesView from,
                                Tick tick, LaneWorld& now);

}  // namespace netcode
