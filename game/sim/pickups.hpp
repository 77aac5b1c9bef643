// Pads and what lies on them. Parts of step; no allocation.
#pragma once

#include <vector>

#include "game/sim/event.hpp"
#include "game/sim/map.hpp"
#include "game/sim/state.hpp"

namespace game::sim {

std::uint32_t period_of(PickupKind kind);

// Everything lies ready, but for what is called out: that comes a period after `tick`.
void reset_pickups(State& state, std::uint32_t tick);

// Gives ready pickups to the nearest ship in reach that can use them, and calls out those that come soon.
void take_pickups(State& state, const Map& map, std::vector<Event>& events);

// Health above 100 wears off.
void decay_overheal(State& state);

}  // namespace game::sim
