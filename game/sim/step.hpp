// One tick of a match: the middle of an action's way from a key to the screen.
//
// Threading: none of its own; one caller at a time. It allocates nothing once its vectors have grown to their bounds.
// Determinism: equal states, maps, rngs and ticks give equal states and events, on every compiler.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/rng.hpp"
#include "game/sim/event.hpp"
#include "game/sim/map.hpp"
#include "game/sim/state.hpp"

namespace game::sim {

// Computes `tick`, which is 1 or more and later than state.tick, and adds what there is to tell to `events`.
void step(State& state, const Map& map, engine::Rng& rng, std::uint32_t tick, std::vector<Event>& events);

}  // namespace game::sim
