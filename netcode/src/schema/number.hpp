// A scalar of a buffer as a number of no type in particular, and back into one that has room for it.
//
// Pure functions, any thread.
#pragma once

#include <cstdint>
#include <variant>

#include "schema/type_table.hpp"

namespace netcode {

/// Unsigned only where it is more than a long has room for.
using Number = std::variant<std::int64_t, std::uint64_t, double>;

/// Where it stands; a bool is 0 or 1.
Number read_number(const FieldInfo& field, const std::uint8_t* at);
/// What a table's field is where it is absent.
Number default_number(const FieldInfo& field);
/// What an element of a struct or a vector is where there is nothing to be kept: 0, or of an enum without it the
/// lowest.
Number blank_number(const FieldInfo& field);
/// Writes the field's `scalar_bytes` to `at`. False, and nothing is written: it has no room for this, the float is not
/// finite, or the number is none of its enum.
bool write_number(const FieldInfo& field, Number number, std::uint8_t* at);

}  // namespace netcode
