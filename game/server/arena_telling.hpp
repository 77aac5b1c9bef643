// What a tick of the arena has to tell, sent to those whom it is for: all of it to everybody, or, where visibility is
// limited, to each player what he is told by sim/told.hpp, and to spectators all.
//
// Players who are told the same share one emitted event, and so does a recording. Bots are told nothing.
#pragma once

#include <span>

#include "game/sim/event.hpp"
#include "game/sim/map.hpp"
#include "game/sim/state.hpp"
#include "netcode/rules.hpp"

namespace game::server {

/// After the tick, or the joining or leaving, that the state has come from.
void tell_events(netcode::Context& ctx, const sim::State& state, const sim::Map& map,
                 std::span<const sim::Event> events);

}  // namespace game::server
