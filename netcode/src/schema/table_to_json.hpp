// A table's bytes as JSON, by the schema's reflection: what a client that knows no FlatBuffers is sent.
//
// Names are the schema's. Every scalar is there, also where it has its default, and every vector, also an empty one;
// what else is absent is left out.
//
//   integers, floats     numbers: the shortest that a float of their width is read from, as 0.1
//   long, ulong          strings of decimal digits, since JavaScript's numbers end at 2^53
//   bool                 true, false
//   enum                 its name; a number that it does not have as that number. bit_flags: the number
//   [ubyte], [byte]      an attachment, or [] where there are none
//   union                two fields: x_type with the alternative's name, "NONE" too, and x
//   struct, fixed array  an object with all fields, an array
//
// One default is said wrong: that of a ulong beyond 2^63 - 1, which flatc's reflection has as 0.
//
// Threading: pure functions.
#pragma once

#include <boost/json/value.hpp>
#include <cstddef>
#include <string>
#include <vector>

#include "netcode/bytes.hpp"
#include "schema/json_error.hpp"
#include "schema/type_table.hpp"

namespace netcode {

/// How a door says in JSON, which has no bytes, where attachments belong.
struct AttachmentForm {
  /// The value that stands in the place of the attachment of this number.
  boost::json::value (*placeholder)(std::size_t number);
  std::size_t attachments_max;
};

struct TableAsJson {
  boost::json::value value;
  std::vector<std::string> attachments{};
};

/// `bytes` must verify as `type` (verify_buffer). An error: a string that is not UTF-8 or a float that is not finite,
/// which no client could be sent, more attachments than the form has, or more shared within it than explains itself.
JsonResult<TableAsJson> table_to_json(const TypeInfo& type, BytesView bytes, const AttachmentForm& form);

}  // namespace netcode
