// All that a match's next tick reads, to and from the wire's Keyframe.
//
// Pure functions; the builder is the caller's.
#pragma once

#include "arena_generated.h"
#include "engine/core/result.hpp"
#include "game/sim/map.hpp"
#include "game/sim/state.hpp"

namespace game::wire {

// Does not finish the buffer.
flatbuffers::Offset<arena::Keyframe> write_keyframe(const sim::State& state, flatbuffers::FlatBufferBuilder& builder);

// The state that goes on with the same hashes. `keyframe` is verified; an error names the field that is out of its
// range or does not go with the others, or with the map.
engine::Result<sim::State> read_keyframe(const arena::Keyframe& keyframe, const sim::Map& map);

}  // namespace game::wire
