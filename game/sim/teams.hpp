// Who is on which side of a team match. No allocation.
#pragma once

#include "game/sim/state.hpp"

namespace game::sim {

// The side that a player who comes now is best put on: the smaller, else the one that is behind, else the first.
Team team_to_join(const State& state);

// Before a ship comes back: if its side has two players more than the other, it changes over.
void even_out(const State& state, Player& player);

// Before a round: until the sides differ by one at most, the newest of the larger one change over.
void even_out_all(State& state);

}  // namespace game::sim
