// JSON as a table's bytes, by the schema's reflection: what a client that knows no FlatBuffers sends. The value is from
// outside: nothing of it is believed, and what is made of it verifies and passes the check of values.
//
// Names are the schema's, and no others are taken. null is as good as no field, but for plain scalars (JSON.stringify
// writes NaN as null) and what is required.
//
//   integers             whole numbers in range, however they are written: 1e3, 2.0
//   long, ulong          the same up to 2^53 - 1, or strings of decimal digits
//   floats               numbers that are finite in their width
//   bool                 true, false
//   enum                 the name or the number of a value. bit_flags: a number within the mask
//   string               UTF-8
//   [ubyte], [byte]      an attachment, or an array of numbers
//   union                x_type, the alternative's name or number, and x, in whatever order
//   struct, fixed array  all fields, exactly so many elements
//   vectors with a key   in any order: they are sorted. No key may come twice
//
// Threading: pure functions.
#pragma once

#include <boost/json/value.hpp>
#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "netcode/bytes.hpp"
#include "schema/json_error.hpp"
#include "schema/type_table.hpp"

namespace netcode {

/// The bytes that came beside the JSON.
struct AttachmentsOfJson {
  std::span<const std::string> bytes{};
  /// The number of the attachment in whose place a value stands; nothing: it is no placeholder. Not asked where there
  /// are no attachments: then what looks like a placeholder is data.
  std::optional<std::size_t> (*number_of)(const boost::json::value& value) = nullptr;
};

/// An error: the first thing that the type does not allow, or the table takes more than `bytes_max`.
JsonResult<Bytes> json_to_table(const TypeInfo& type, const boost::json::value& value,
                                const AttachmentsOfJson& attachments, std::size_t bytes_max);

}  // namespace netcode
