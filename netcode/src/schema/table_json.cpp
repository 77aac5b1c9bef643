#include "schema/table_json.hpp"

#include <spdlog/fmt/fmt.h>

#include <utility>

#include "engine/core/assert.hpp"
#include "schema/walk.hpp"

namespace netcode {

namespace {

TypeTable types_of(const Schema& schema) {
  auto types = TypeTable::load(*reflection::GetSchema(schema.bfbs().data()));
  ENGINE_ASSERT(types.has_value(), "a schema that was loaded has types");
  return std::move(*types);
}

JsonError no_table(std::string_view table) {
  return {JsonFault::kUnknownTable, {}, fmt::format("the schema has no table {}", table)};
}

}  // namespace

TableJson::TableJson(const Schema& schema, AttachmentForm form) : types_(types_of(schema)), form_(form) {}

JsonResult<TableAsJson> TableJson::to_json(std::string_view table, BytesView bytes) const {
  const TypeInfo* type = types_.find(table);
  if (type == nullptr || type->is_struct) return no_table(table);
  ENGINE_ASSERT(reinterpret_cast<std::uintptr_t>(bytes.data()) % 8 == 0, "a buffer to be read is aligned to 8");
  if (!verify_buffer(*type, bytes)) return JsonError{JsonFault::kNotValid, {}, fmt::format("not a {}", table)};
  return table_to_json(*type, bytes, form_);
}

JsonResult<Bytes> TableJson::to_table(std::string_view table, const boost::json::value& value,
                                      const AttachmentsOfJson& attachments, std::size_t bytes_max) const {
  const TypeInfo* type = types_.find(table);
  if (type == nullptr || type->is_struct) return no_table(table);
  return json_to_table(*type, value, attachments, bytes_max);
}

}  // namespace netcode
