#pragma once

#include <flatbuffers/reflection_generated.h>

#include <cstdint>
#include <string_view>

namespace netcode {

/// Over names, types, ids, defaults and attributes, in an order of its own: comments, paths and the order of
/// declarations do not count. Null offsets and indices out of range must have been ruled out (TypeTable::load).
std::uint64_t schema_hash(const reflection::Schema& schema);
/// The same over one table and the types that can be reached from it; 0 if there is none of that name.
std::uint64_t table_hash(const reflection::Schema& schema, std::string_view table);
/// Over the table's full name, where the fields of the structs that can be reached from it lie, and the numbers of the
/// enums: what Schema::layout_hash promises. Fields of tables do not count.
std::uint64_t layout_hash(const reflection::Schema& schema, std::string_view table);

}  // namespace netcode
