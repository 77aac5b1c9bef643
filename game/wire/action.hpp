// The action, to and from the wire's Move. Pure functions.
#pragma once

#include "arena_generated.h"
#include "engine/core/result.hpp"
#include "game/sim/action.hpp"

namespace game::wire {

// `move` is verified; an error names the field that is out of its range.
engine::Result<sim::Action> read_action(const arena::Move& move);

arena::MoveT to_wire(const sim::Action& action);

}  // namespace game::wire
