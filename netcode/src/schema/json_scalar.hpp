// A scalar in JSON as the bytes of a table's field.
//
// Threading: pure functions.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "schema/json_error.hpp"
#include "schema/type_table.hpp"

namespace netcode {

/// Writes the field's `scalar_bytes` to `at`. False: the value is none for it, and `trail` says why.
bool write_json_scalar(const FieldInfo& field, const boost::json::value& value, std::uint8_t* at, FaultTrail& trail);

/// "a string", "an array".
std::string_view kind_of(const boost::json::value& value);
/// "expected ..., found a string".
std::string expected(std::string_view what, const boost::json::value& found);
/// Text from outside as it may stand in a message: printable, and not long.
std::string shown(std::string_view text);

}  // namespace netcode
