// The course of a match: warm-up, 3-2-1, round, podium, and who leads. Part of step; no allocation.
//
//   Warmup --enough players, then warmup_ticks--> Countdown --> Round
//   Round --frag limit, or time with one leader--> Podium --> Countdown
//   Round --time, lead shared--> SuddenDeath --single leader--> Podium
//   any --nobody left--> Warmup
#pragma once

#include <vector>

#include "engine/core/rng.hpp"
#include "game/sim/event.hpp"
#include "game/sim/map.hpp"
#include "game/sim/state.hpp"

namespace game::sim {

// The phase at a tick to come, as far as it is certain now: that the round begins. Everything else may still change.
Phase phase_at(const Flow& flow, std::uint32_t tick);

// What the round's first tick does to a ship.
void begin_round(Ship& ship, std::uint32_t tick);

// Before anything else in a tick: phases that end by time or for want of players.
void advance_phase(State& state, const Map& map, engine::Rng& rng, std::vector<Event>& events);

// After the tick's kills: the lead, and the end of a round by frags.
void settle_score(State& state, std::vector<Event>& events);

}  // namespace game::sim
