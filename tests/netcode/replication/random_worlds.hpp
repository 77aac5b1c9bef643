// Random schemas, random Worlds of them as numbers, and what becomes of such a World: the same from the same seed on
// every machine.
#pragma once

#include <engine/core/rng.hpp>

#include <string>

#include "netcode/bytes.hpp"
#include "netcode/ids.hpp"
#include "replication/lane_world.hpp"

namespace netcode::testing {

/// The text of a schema for TextSchema: one to three groups of one to twelve lanes, and some slow state.
std::string random_schema(engine::Rng& rng);

/// A World with next to nothing in it, and then one after the other. What is for owners alone is 0, as everybody else
/// sees it. Floats' steps stay where a float of 32 bits holds each of them.
LaneWorld first_world(const LaneLayout& layout, engine::Rng& rng);
void move_on(const LaneLayout& layout, engine::Rng& rng, Tick ticks, LaneWorld& world);

/// The run of a random table of this type (slow_table.hpp) with this key, if it has one.
Bytes random_run(const TypeInfo& type, engine::Rng& rng, bool is_world, std::uint32_t key = 0, int depth = 0);

bool chance(engine::Rng& rng, std::uint32_t percent);
std::int64_t random_value(const Lane& lane, engine::Rng& rng);

}  // namespace netcode::testing
