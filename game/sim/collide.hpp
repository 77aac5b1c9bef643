// Ships that meet push each other apart. Part of step; no allocation.
#pragma once

#include "game/sim/map.hpp"
#include "game/sim/state.hpp"

namespace game::sim {

void bounce_ships(State& state, const Map& map);

}  // namespace game::sim
