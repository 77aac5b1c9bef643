// The arena's rules from outside: a match is made, somebody comes, leaves or acts, ticks go by.
//
//   State state = make_state(options, map, seed);
//   join(state, 1, "Ada");
//   apply_action(state, 1, {.thrust_x = 127});
//   step(state, map, rng, 1, events);
//
// Threading: none of its own; one caller at a time. A tick allocates nothing once its vectors have grown to their
// bounds. Determinism: equal states, maps, rngs and calls give equal states and events, on every compiler.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "game/sim/action.hpp"
#include "game/sim/event.hpp"
#include "game/sim/map.hpp"
#include "game/sim/state.hpp"
#include "game/sim/step.hpp"  // IWYU pragma: export

namespace game::sim {

// A match in its warm-up, with nobody in it.
State make_state(const Options& options, const Map& map, std::uint32_t seed);

// Takes a seat; its ship comes in at the next tick. `id` is not kNobody nor taken, and there are fewer than
// kPlayersMax. `events`, if any, is told of it.
void join(State& state, PlayerId id, std::string name, std::vector<Event>* events = nullptr);

// Gives the seat up, with the ship and its shots. Nothing happens if there is no such player.
void leave(State& state, PlayerId id, std::vector<Event>* events = nullptr);

// Once for each action received, before the tick it is for: late ones first, in the order of their ticks. `view` is the
// moment at which the player was shown the others, `ticks_late` how long ago its own tick was. Nothing happens if there
// is no such player.
void apply_action(State& state, PlayerId id, const Action& action, ViewTime view = {}, std::uint32_t ticks_late = 0);

// The player holds nothing any more and still aims where it did. Nothing happens if there is no such player.
void release(State& state, PlayerId id);

// The player's voice for the next map, while one is asked for. See vote.hpp.
void vote(State& state, PlayerId id, std::string_view map);

// Over every field.
std::uint64_t hash(const State& state);

}  // namespace game::sim
