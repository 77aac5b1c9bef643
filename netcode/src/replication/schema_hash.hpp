#pragma once

#include <flatbuffers/reflection_generated.h>

#include <cstdint>

namespace netcode {

/// Over names, types, ids, defaults and attributes, in an order of its own: comments, paths and the order of
/// declarations do not count. Null offsets and indices out of range must have been ruled out (TypeTable::load).
std::uint64_t schema_hash(const reflection::Schema& schema);

}  // namespace netcode
