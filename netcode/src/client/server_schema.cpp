#include "client/server_schema.hpp"

#include <utility>

#include "netcode/limits.hpp"

namespace netcode::client {

engine::Result<ServerSchemaPtr> ServerSchema::load(BytesView bfbs, const Schema& own, std::string_view world_table) {
  auto schema = Schema::load(bfbs, world_table);
  if (!schema) return schema.error();
  auto layout = LaneLayout::load(*schema, world_table);
  if (!layout) return layout.error();
  auto converter = Converter::make(*schema, own, world_table);
  if (!converter) return converter.error();
  return ServerSchemaPtr(new ServerSchema(std::move(*schema), world_table, std::move(*layout), std::move(*converter)));
}

ServerSchema::ServerSchema(Schema schema, std::string_view world_table, LaneLayoutPtr layout, Converter converter)
    : schema_(std::move(schema)),
      world_table_(world_table),
      layout_(std::move(layout)),
      converter_(std::move(converter)) {}

engine::Result<Bytes> ServerSchema::convert(BytesView world) const {
  return converter_.convert(world, limits::kWorldBytesMax);
}

}  // namespace netcode::client
