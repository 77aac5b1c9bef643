// One ship's tick: all of it that depends on no other player. The server runs it as part of step; a client runs the
// same code ahead of the server, to see its own ship without delay.
//
// Pure functions of what they are given; no allocation.
#pragma once

#include <cstdint>
#include <optional>

#include "game/sim/action.hpp"
#include "game/sim/map.hpp"
#include "game/sim/state.hpp"

namespace game::sim {

// What a ship's tick reads besides the ship and the map.
struct ShipContext {
  std::uint32_t tick = 0;
  std::uint32_t seed = 0;  // State::seed
  Phase phase = Phase::kRound;
  Mode mode = Mode::kFreeForAll;
  // Where a press aimed that was late and is answered in this tick; else the hands' own aim is taken.
  std::optional<engine::Angle> fire_aim{};
  std::optional<engine::Angle> rail_aim{};
};

// What it fired, if anything.
struct Fired {
  bool shot = false;
  bool rail = false;
  Weapon shot_weapon = Weapon::kBlaster;
  engine::Angle shot_direction = 0;  // the aim and its spread
  engine::Angle rail_direction = 0;
};

// Takes over what the hands do and remembers new presses, so that one which comes and goes between two ticks, or a
// little early, still counts. `tick` is the one about to be computed.
void press(Ship& ship, const Action& action, std::uint32_t tick);

// A press, then the tick: health above 100 wears off, movement, walls, dash, energy, weapons. A dead ship only notes
// the action.
Fired step_player(Ship& ship, const Action& action, const Map& map, const ShipContext& context);

// Moves a ship out of walls and reflects its velocity there. Returns false when it has found no way out.
bool resolve_walls(Ship& ship, const Map& map, std::int32_t restitution_q14);

// A blow: changes the velocity within its bounds.
void push(Ship& ship, Vec velocity);

}  // namespace game::sim
