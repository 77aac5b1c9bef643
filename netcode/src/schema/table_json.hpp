// The tables of a schema as JSON and back, for clients that know no FlatBuffers.
//
//   TableJson json(schema, {.placeholder = placeholder, .attachments_max = 10});
//   auto event = json.to_table("tag.Chat", argument, {packet.attachments, attachment_of}, bytes_max);
//   if (!event) reply({{"code", code_of(event.error().fault)}, {"field", event.error().field}, ...});
//
// Threading: immutable once made; share it freely. Ownership: holds its own copy of the schema's types.
#pragma once

#include <boost/json/value.hpp>
#include <cstddef>
#include <string_view>

#include "netcode/bytes.hpp"
#include "netcode/schema.hpp"
#include "schema/json_error.hpp"
#include "schema/json_to_table.hpp"
#include "schema/table_to_json.hpp"
#include "schema/type_table.hpp"

namespace netcode {

class TableJson {
 public:
  TableJson(const Schema& schema, AttachmentForm form);

  /// `bytes` must be aligned to 8. An error: they are not of `table`, or there are values in them that no client can be
  /// sent (table_to_json.hpp).
  JsonResult<TableAsJson> to_json(std::string_view table, BytesView bytes) const;

  /// The bytes pass Schema::check, where it supports the table. An error is for the sender (json_to_table.hpp).
  JsonResult<Bytes> to_table(std::string_view table, const boost::json::value& value,
                             const AttachmentsOfJson& attachments, std::size_t bytes_max) const;

 private:
  TypeTable types_;
  AttachmentForm form_;
};

}  // namespace netcode
