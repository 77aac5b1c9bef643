// Where ships come in: at the farthest from all enemies of four places that no enemy sees. Part of step; no allocation.
#pragma once

#include <vector>

#include "engine/core/rng.hpp"
#include "game/sim/event.hpp"
#include "game/sim/map.hpp"
#include "game/sim/state.hpp"

namespace game::sim {

// Puts the ship into the match, whole, charged and shielded.
void spawn(State& state, Player& player, const Map& map, engine::Rng& rng, std::vector<Event>& events);

// Those whose time has come.
void respawn_due(State& state, const Map& map, engine::Rng& rng, std::vector<Event>& events);

}  // namespace game::sim
