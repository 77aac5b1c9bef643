#include "netcode/schema.hpp"

#include <flatbuffers/reflection_generated.h>

#include <algorithm>

#include "engine/core/assert.hpp"
#include "engine/core/utf8.hpp"
#include "netcode/limits.hpp"
#include "schema/schema_hash.hpp"
#include "schema/type_table.hpp"
#include "schema/walk.hpp"

namespace netcode {

struct Schema::Impl {
  Bytes bfbs;
  TypeTable types;
  std::uint64_t hash = 0;
  std::vector<EventInfo> events;                                         // by rising name
  std::map<std::string, const EventInfo*, std::less<>> events_by_table;  // into `events`

  std::string shown_name(std::string_view table) const {
    const auto event = events_by_table.find(table);
    return event == events_by_table.end() ? std::string(table) : event->second->name;
  }
};

namespace {

bool is_name(std::string_view text) {
  return !text.empty() && engine::is_utf8(text) && engine::printable_utf8(text) == text;
}

engine::Result<std::vector<EventInfo>> find_events(const TypeTable& types) {
  std::vector<EventInfo> events;
  for (const TypeInfo& type : types.types()) {
    if (type.is_input && !type.is_event) return engine::error("{} is an input, but no event", type.name);
    if (!type.is_event) continue;
    if (type.is_struct) return engine::error("{} is a struct: an event is a table", type.name);
    if (!is_name(type.event)) return engine::error("{} is an event without a name", type.name);
    if (type.event.size() > limits::kEventNameBytesMax) {
      return engine::error("{}: an event's name takes at most {} bytes", type.name, limits::kEventNameBytesMax);
    }
    if (!type.unsupported.empty()) return engine::error("event {}: {}", type.event, type.unsupported);
    const bool is_of_clients = type.input == "client";
    if (type.is_input && !is_of_clients && type.input != "0" && !type.input.empty())
      return engine::error("{}: input is \"client\", or has no value", type.name);
    events.push_back(
        {.name = type.event, .table = type.name, .is_input = type.is_input, .is_of_clients = is_of_clients});
  }
  std::sort(events.begin(), events.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  for (std::size_t i = 1; i < events.size(); ++i) {
    if (events[i - 1].name == events[i].name) {
      return engine::error("{} and {} are both the event {}", events[i - 1].table, events[i].table, events[i].name);
    }
  }
  return events;
}

// What snapshots are made of: vectors of elements that can be told apart by a number, and single tables.
engine::Result<void> check_world(const TypeInfo& world) {
  if (world.is_struct) return engine::error("{} is a struct: a world is a table", world.name);
  if (!world.unsupported.empty()) return engine::error("{}", world.unsupported);
  for (const FieldInfo& field : world.fields) {
    if (field.shape != Shape::kVectorOfStructs && field.shape != Shape::kVectorOfTables) continue;
    const auto key = std::find_if(field.child->fields.begin(), field.child->fields.end(),
                                  [](const FieldInfo& candidate) { return candidate.is_key; });
    if (key == field.child->fields.end()) {
      return engine::error("{}.{}: {} has no field marked (key)", world.name, field.name, field.child->name);
    }
    if (key->shape != Shape::kScalar || key->is_float() || key->scalar_bytes > sizeof(std::uint32_t)) {
      return engine::error("{}.{}: the key of {} is no integer of up to 32 bits", world.name, field.name,
                           field.child->name);
    }
  }
  return {};
}

}  // namespace

engine::Result<Schema> Schema::load(BytesView bfbs, std::string_view world_table) {
  auto impl = std::make_unique<Impl>();
  impl->bfbs.assign(bfbs.begin(), bfbs.end());  // on the heap: aligned for any scalar
  flatbuffers::Verifier verifier(impl->bfbs.data(), impl->bfbs.size());
  // The identifier stands behind the root's offset.
  const bool has_room = impl->bfbs.size() >= sizeof(flatbuffers::uoffset_t) + flatbuffers::kFileIdentifierLength;
  if (!has_room || !reflection::SchemaBufferHasIdentifier(impl->bfbs.data()) ||
      !reflection::VerifySchemaBuffer(verifier)) {
    return engine::error("the schema is not the binary schema (.bfbs) that flatc writes");
  }
  const reflection::Schema& reflected = *reflection::GetSchema(impl->bfbs.data());

  auto types = TypeTable::load(reflected);
  if (!types) return types.error();
  impl->types = std::move(*types);
  const TypeInfo* world = impl->types.find(world_table);
  if (world == nullptr) return engine::error("the schema has no table {}", world_table);
  if (auto checked = check_world(*world); !checked) return checked.error();
  auto events = find_events(impl->types);
  if (!events) return events.error();
  impl->events = std::move(*events);
  for (const EventInfo& event : impl->events) impl->events_by_table.emplace(event.table, &event);
  impl->hash = schema_hash(reflected);
  return Schema(std::move(impl));
}

Schema::Schema(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Schema::Schema(Schema&&) noexcept = default;
Schema& Schema::operator=(Schema&&) noexcept = default;
Schema::~Schema() = default;

std::uint64_t Schema::hash() const { return impl_->hash; }
std::uint64_t Schema::table_hash(std::string_view table) const {
  return netcode::table_hash(*reflection::GetSchema(impl_->bfbs.data()), table);
}
std::uint64_t Schema::layout_hash(std::string_view table) const {
  return netcode::layout_hash(*reflection::GetSchema(impl_->bfbs.data()), table);
}
BytesView Schema::bfbs() const { return impl_->bfbs; }
const std::vector<EventInfo>& Schema::events() const { return impl_->events; }

const EventInfo* Schema::event_named(std::string_view name) const {
  const auto found = std::lower_bound(impl_->events.begin(), impl_->events.end(), name,
                                      [](const EventInfo& event, std::string_view text) { return event.name < text; });
  return found != impl_->events.end() && found->name == name ? &*found : nullptr;
}

const EventInfo* Schema::event_of_table(std::string_view table) const {
  const auto found = impl_->events_by_table.find(table);
  return found == impl_->events_by_table.end() ? nullptr : found->second;
}

engine::Result<void> Schema::supports(std::string_view table) const {
  const TypeInfo* type = impl_->types.find(table);
  if (type == nullptr || type->is_struct) return engine::error("the schema has no table {}", table);
  if (!type->unsupported.empty()) return engine::error("{}", type->unsupported);
  return {};
}

engine::Result<void> Schema::check(std::string_view table, BytesView bytes) const {
  const TypeInfo* type = impl_->types.find(table);
  if (type == nullptr || type->is_struct) return engine::error("the schema has no table {}", table);
  if (!type->unsupported.empty()) return engine::error("{}", type->unsupported);
  ENGINE_ASSERT(reinterpret_cast<std::uintptr_t>(bytes.data()) % 8 == 0, "a buffer to be checked is aligned to 8");
  if (!verify_buffer(*type, bytes)) return engine::error("{}: not a {}", impl_->shown_name(table), table);
  return check_values(table, bytes);
}

engine::Result<void> Schema::check_values(std::string_view table, BytesView bytes) const {
  const TypeInfo* type = impl_->types.find(table);
  ENGINE_ASSERT(type != nullptr && !type->is_struct, "verified bytes are of a table of the schema");
  const std::string bad = first_bad_value(*type, bytes);
  if (!bad.empty()) return engine::error("{}: {}", impl_->shown_name(table), bad);
  return {};
}

std::string Schema::text(std::string_view table, BytesView bytes, std::size_t bytes_max) const {
  const TypeInfo* type = impl_->types.find(table);
  ENGINE_ASSERT(type != nullptr && !type->is_struct, "check has found the table");
  return text_of(*type, bytes, bytes_max);
}

Bytes Schema::packed(std::string_view table, BytesView bytes) const {
  const TypeInfo* type = impl_->types.find(table);
  ENGINE_ASSERT(type != nullptr && !type->is_struct, "check has found the table");
  return packed_buffer(*type, bytes);
}

std::string Schema::first_difference(std::string_view table, BytesView left, BytesView right) const {
  const TypeInfo* type = impl_->types.find(table);
  ENGINE_ASSERT(type != nullptr && !type->is_struct, "verified bytes are of a table of the schema");
  return first_different_field(*type, left, right);
}

}  // namespace netcode
