// Shots, rails, and what they do to ships. Parts of step; no allocation once State::shots has grown to its bound.
#pragma once

#include <span>
#include <vector>

#include "game/sim/event.hpp"
#include "game/sim/map.hpp"
#include "game/sim/ship.hpp"
#include "game/sim/state.hpp"

namespace game::sim {

// All rails of a tick are fired into the same picture: two may kill each other. `fired` goes with state.players.
void fire_rails(State& state, const Map& map, std::span<const Fired> fired, std::vector<Event>& events);

void launch_shots(State& state, const Map& map, std::span<const Fired> fired);

// Moves the shots by a tick, and removes those that hit or have ended.
void fly_shots(State& state, const Map& map, std::vector<Event>& events);

}  // namespace game::sim
