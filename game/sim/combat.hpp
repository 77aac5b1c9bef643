// Shots, rails, and what they do to ships. Parts of step; no allocation once State::shots has grown to its bound.
#pragma once

#include <span>
#include <vector>

#include "game/sim/event.hpp"
#include "game/sim/map.hpp"
#include "game/sim/ship.hpp"
#include "game/sim/state.hpp"

namespace game::sim {

// All rails of a tick are fired into the same picture: two may kill each other. Each is judged where its shooter was
// shown the others; one who has died since still stops it, as the shooter saw it do, but takes nothing. `fired` goes
// with state.players.
void fire_rails(State& state, const Map& map, std::span<const Fired> fired, std::vector<Event>& events);

// The shot that a ship has fired, as launch_shots makes it, but for its id: a shooter's client can show it at once.
Shot make_shot(const Ship& shooter, const Fired& fired, std::uint32_t tick, const Map& map);

// The first tick of a shot's flight is judged where its shooter was shown the others, and then, as all further ones,
// where they are: nobody stands at a muzzle unharmed because he was late on a screen.
void launch_shots(State& state, const Map& map, std::span<const Fired> fired, std::vector<Event>& events);

// Moves the shots by a tick, and removes those that hit or have ended.
void fly_shots(State& state, const Map& map, std::vector<Event>& events);

}  // namespace game::sim
