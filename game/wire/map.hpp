// Maps, from the bytes that flatc compiles them to (schemas/map.fbs). Pure function.
#pragma once

#include <cstdint>
#include <span>

#include "engine/core/result.hpp"
#include "game/sim/map.hpp"

namespace game::wire {

inline constexpr std::size_t kMapBytesMax = std::size_t{1} << 20;

// The bytes need no alignment. An error names what is wrong with the map.
engine::Result<sim::Map> load_map(std::span<const std::uint8_t> bytes);

}  // namespace game::wire
