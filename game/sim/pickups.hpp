// Pads and what lies on them. Parts of step; no allocation.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "game/sim/event.hpp"
#include "game/sim/map.hpp"
#include "game/sim/state.hpp"

namespace game::sim {

std::uint32_t period_of(PickupKind kind);

// Everything lies ready, but for what is called out: that comes a period after `tick`.
void reset_pickups(std::span<Pickup> pickups, std::uint32_t tick);

// Is anything given in this phase?
bool pickups_work(Phase phase);

// Is it there at `tick`, within the ship's reach, and of use to it? `at` is its pad.
bool can_take(const Ship& ship, const Pickup& pickup, Vec at, std::uint32_t tick);

// Gives it to the ship, and sets when it comes back.
void take_pickup(Ship& ship, Pickup& pickup, std::uint32_t tick);

// A ship's part of the tick where nobody else is near: takes all that it can. `pickups` go with the map's pads. What
// clients predict with.
void take_pickups(Ship& ship, std::span<Pickup> pickups, const Map& map, Phase phase, std::uint32_t tick);

// Gives ready pickups to the nearest ship in reach that can use them, and calls out those that come soon.
void take_pickups(State& state, const Map& map, std::vector<Event>& events);

}  // namespace game::sim
