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

template <class Enum>
engine::Result<Enum> read_enum(std::uint8_t value, Enum last, std::string_view field) {
  if (value > static_cast<std::uint8_t>(last))
    return engine::error("{} is {}, at most {}", field, value, static_cast<int>(last));
  return static_cast<Enum>(value);
}

}  // namespace game::wire
