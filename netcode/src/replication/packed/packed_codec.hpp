// Packed snapshots: a World coded against the one before, in about a tenth of its bytes.
//
// Both ends keep the State after each snapshot. A writer makes the next one's bytes and State from it; a reader that
// has read the same bytes from an equal State has the same World and State.
//
// Threading: pure functions of values.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/core/result.hpp"
#include "netcode/bytes.hpp"
#include "replication/lane_layout.hpp"
#include "replication/lane_world.hpp"
#include "replication/packed/bit_coder.hpp"
#include "replication/packed/packed_state.hpp"

namespace netcode::packed {

/// Codes `world`, of `tick`, against `state`, which becomes the one after it. False: it is too large to be packed; then
/// `state` and what was written are of no use.
bool encode(const LaneLayout& layout, State& state, Tick tick, std::shared_ptr<const LaneWorld> world, Bytes& to);

/// What each field's bits take, in the order of `field_names`: as encode, but nothing is written.
void count(const LaneLayout& layout, State& state, Tick tick, std::shared_ptr<const LaneWorld> world,
           std::vector<BitCounter::Field>& fields);
std::vector<std::string> field_names(const LaneLayout& layout);

/// The other way. After an error `state` is of no use any more.
engine::Result<void> decode(const LaneLayout& layout, State& state, Tick tick, BytesView from);

}  // namespace netcode::packed
