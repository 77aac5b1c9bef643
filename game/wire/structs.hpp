// The structs that snapshots and keyframes share, between their two forms. For game_wire's own files.
//
// Pure functions. Reading checks every number against its range; an error names the field.
#pragma once

#include <string_view>

#include "arena_generated.h"
#include "engine/core/result.hpp"
#include "game/sim/state.hpp"

namespace game::wire {

arena::Ship to_wire(const sim::Ship& ship, std::uint32_t tick);
arena::Shot to_wire(const sim::Shot& shot);
arena::Pickup to_wire(const sim::Pickup& pickup);

engine::Result<sim::Ship> read_ship(const arena::Ship& ship);
engine::Result<sim::Shot> read_shot(const arena::Shot& shot);
engine::Result<sim::Pickup> read_pickup(const arena::Pickup& pickup);

/// `last`: the greatest value that may stand there, where that is not every one of the schema's.
template <class Enum, class Wire>
engine::Result<Enum> read_enum(Wire value, std::string_view field, Wire last = Wire::MAX) {
  if (value > last)
    return engine::error("{} is {}, at most {}", field, static_cast<int>(value), static_cast<int>(last));
  return static_cast<Enum>(value);
}

}  // namespace game::wire
