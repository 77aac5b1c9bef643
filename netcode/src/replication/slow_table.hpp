// A table as a run of bytes of its own, for slow state: equal tables are equal runs, and what changed in one is at the
// same place as before.
//
// Each field of the type in the order of its id: a byte whether it is there, then a scalar's or struct's own bytes, a
// string's or vector's length (4 bytes) and elements, a table's fields.
//
// Threading: none of its own, pure functions.
#pragma once

#include <flatbuffers/flatbuffers.h>

#include "engine/core/result.hpp"
#include "netcode/bytes.hpp"
#include "schema/walk.hpp"

namespace netcode {

/// `table` is verified. Vectors of structs and tables directly in it are left out if `is_world`: they are told of
/// element by element.
void append_slow_table(const TypeInfo& type, const AnyTable& table, bool is_world, Bytes& to);

/// The other way: builds the table of `run`, which may come from outside. `more` is called after its strings and
/// vectors are built and before the table is begun, for what else is to be in it, and gives those fields.
struct SlowField {
  std::uint16_t field;
  flatbuffers::uoffset_t at;
};
engine::Result<flatbuffers::Offset<AnyTable>> build_slow_table(flatbuffers::FlatBufferBuilder& builder,
                                                               const TypeInfo& type, BytesView run, bool is_world,
                                                               std::span<const SlowField> more = {});

}  // namespace netcode
