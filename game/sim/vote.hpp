// The vote on the next map: each player has one voice during the podium.
//
// No allocation, but for the name that chosen_map returns.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "game/sim/state.hpp"

namespace game::sim {

// Is there more than one map to choose from, and is it the time?
bool vote_is_on(const State& state);

// The last voice counts; a map that is not a candidate takes it back. Nothing happens while no vote is on.
void vote(State& state, PlayerId player, std::string_view map);

// How many voices the candidate has, by its place in Options::maps from 1 up.
std::uint16_t votes_for(const State& state, std::uint16_t candidate);

// The map with the most voices; of equals, and if nobody has voted, the one that comes next in order after `current`.
// Nothing if there is nothing to choose from.
std::optional<std::string> chosen_map(const State& state, std::string_view current);

}  // namespace game::sim
