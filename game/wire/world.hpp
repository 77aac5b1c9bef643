// A match as its clients see it, to and from the wire's World.
//
// Pure functions; the builder and the view are the caller's.
#pragma once

#include <cstdint>
#include <string_view>

#include "arena_generated.h"
#include "engine/core/result.hpp"
#include "game/sim/player_view.hpp"
#include "game/sim/state.hpp"

namespace game::wire {

// All of the state that somebody may see; what a single client is not told, netcode leaves out. Does not finish the
// buffer.
flatbuffers::Offset<arena::World> write_world(const sim::State& state, std::string_view map_name,
                                              flatbuffers::FlatBufferBuilder& builder);

// Fills `out` from the snapshot of `tick`: the bots' and the prediction's view of it. `world` is verified; an error
// names the field that is out of its range, and leaves `out` as it may be.
engine::Result<void> read_world(const arena::World& world, std::uint32_t tick, sim::PlayerView& out);

}  // namespace game::wire
