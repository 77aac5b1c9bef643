#include "schema/schema_hash.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

#include "engine/core/hash.hpp"
#include "netcode/rules.hpp"

namespace netcode {

namespace {

void add(engine::Hasher& hasher, std::string_view text) {
  hasher.add(static_cast<std::uint32_t>(text.size()));
  hasher.add({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

template <class Vector, class Key>
auto sorted(const Vector& vector, Key key) {
  std::vector<typename Vector::return_type> all(vector.begin(), vector.end());
  std::sort(all.begin(), all.end(), [&key](auto a, auto b) { return key(*a) < key(*b); });
  return all;
}

void add_attributes(engine::Hasher& hasher,
                    const flatbuffers::Vector<flatbuffers::Offset<reflection::KeyValue>>* attributes) {
  hasher.add(attributes != nullptr ? attributes->size() : 0U);
  if (attributes == nullptr) return;
  for (const reflection::KeyValue* entry : sorted(*attributes, [](const auto& e) { return e.key()->string_view(); })) {
    add(hasher, entry->key()->string_view());
    add(hasher, entry->value() != nullptr ? entry->value()->string_view() : std::string_view{});
  }
}

// A type's index depends on what else is in the file: what it stands for is hashed instead.
void add_type(engine::Hasher& hasher, const reflection::Schema& schema, const reflection::Type& type) {
  hasher.add(static_cast<std::uint8_t>(type.base_type()));
  hasher.add(static_cast<std::uint8_t>(type.element()));
  hasher.add(type.fixed_length());
  if (type.index() < 0) return;
  const auto index = static_cast<flatbuffers::uoffset_t>(type.index());
  const bool is_object = type.base_type() == reflection::Obj || type.element() == reflection::Obj;
  if (is_object && index < schema.objects()->size()) add(hasher, schema.objects()->Get(index)->name()->string_view());
  if (!is_object && index < schema.enums()->size()) add(hasher, schema.enums()->Get(index)->name()->string_view());
}

void add_object(engine::Hasher& hasher, const reflection::Schema& schema, const reflection::Object& object) {
  add(hasher, object.name()->string_view());
  hasher.add(object.is_struct());
  hasher.add(object.bytesize());
  hasher.add(object.minalign());
  add_attributes(hasher, object.attributes());
  hasher.add(object.fields()->size());
  for (const reflection::Field* field : sorted(*object.fields(), [](const auto& f) { return f.id(); })) {
    add(hasher, field->name()->string_view());
    hasher.add(field->id());
    hasher.add(field->offset());
    hasher.add(field->default_integer());
    double real = field->default_real();
    hasher.add({reinterpret_cast<const std::uint8_t*>(&real), sizeof real});
    hasher.add(field->deprecated());
    hasher.add(field->required());
    hasher.add(field->key());
    hasher.add(field->optional());
    add_attributes(hasher, field->attributes());
    add_type(hasher, schema, *field->type());
  }
}

void add_enum(engine::Hasher& hasher, const reflection::Schema& schema, const reflection::Enum& enumeration) {
  add(hasher, enumeration.name()->string_view());
  hasher.add(enumeration.is_union());
  add_type(hasher, schema, *enumeration.underlying_type());
  add_attributes(hasher, enumeration.attributes());
  hasher.add(enumeration.values()->size());
  for (const reflection::EnumVal* value : sorted(*enumeration.values(), [](const auto& v) { return v.value(); })) {
    add(hasher, value->name()->string_view());
    hasher.add(value->value());
    if (value->union_type() != nullptr) add_type(hasher, schema, *value->union_type());
  }
}

}  // namespace

std::uint64_t schema_hash(const reflection::Schema& schema) {
  engine::Hasher hasher;
  const auto by_name = [](const auto& named) { return named.name()->string_view(); };
  for (const reflection::Object* object : sorted(*schema.objects(), by_name)) add_object(hasher, schema, *object);
  for (const reflection::Enum* enumeration : sorted(*schema.enums(), by_name)) add_enum(hasher, schema, *enumeration);
  return hasher.value();
}

namespace {

/// What can be reached from a table, itself included, by name.
struct Reached {
  std::map<std::string_view, const reflection::Object*> objects;
  std::map<std::string_view, const reflection::Enum*> enums;
};

Reached reach(const reflection::Schema& schema, std::string_view table) {
  Reached out;
  std::vector<const reflection::Object*> to_visit;
  const auto visit = [&](const reflection::Object* object) {
    if (out.objects.emplace(object->name()->string_view(), object).second) to_visit.push_back(object);
  };
  const auto reach_type = [&](const reflection::Type& type) {
    if (type.index() < 0) return;
    const auto index = static_cast<flatbuffers::uoffset_t>(type.index());
    const bool is_object = type.base_type() == reflection::Obj || type.element() == reflection::Obj;
    if (is_object && index < schema.objects()->size()) visit(schema.objects()->Get(index));
    if (is_object || index >= schema.enums()->size()) return;
    const reflection::Enum* enumeration = schema.enums()->Get(index);
    out.enums.emplace(enumeration->name()->string_view(), enumeration);
  };
  for (const reflection::Object* object : *schema.objects())
    if (object->name()->string_view() == table) visit(object);
  while (!to_visit.empty()) {
    const reflection::Object* object = to_visit.back();
    to_visit.pop_back();
    for (const reflection::Field* field : *object->fields()) reach_type(*field->type());
  }
  return out;
}

}  // namespace

std::uint64_t table_hash(const reflection::Schema& schema, std::string_view table) {
  const Reached reached = reach(schema, table);
  if (reached.objects.empty()) return 0;
  engine::Hasher hasher;
  for (const auto& [name, object] : reached.objects) add_object(hasher, schema, *object);
  for (const auto& [name, enumeration] : reached.enums) add_enum(hasher, schema, *enumeration);
  return hasher.value();
}

namespace {

void add_struct_layout(engine::Hasher& hasher, const reflection::Schema& schema, const reflection::Object& object) {
  hasher.add(object.bytesize());
  hasher.add(object.fields()->size());
  for (const reflection::Field* field : sorted(*object.fields(), [](const auto& f) { return f.offset(); })) {
    add(hasher, field->name()->string_view());
    hasher.add(field->offset());
    add_type(hasher, schema, *field->type());
  }
}

// Its numbers, as Schema::check knows them: what they are called is not in a buffer.
void add_enum_values(engine::Hasher& hasher, const reflection::Schema& schema, const reflection::Enum& enumeration) {
  add_type(hasher, schema, *enumeration.underlying_type());
  const bool is_flags = enumeration.attributes() != nullptr && enumeration.attributes()->LookupByKey("bit_flags");
  hasher.add(is_flags);
  hasher.add(enumeration.values()->size());
  for (const reflection::EnumVal* value : sorted(*enumeration.values(), [](const auto& v) { return v.value(); }))
    hasher.add(value->value());
}

}  // namespace

std::uint64_t layout_hash(const reflection::Schema& schema, std::string_view table) {
  engine::Hasher hasher;
  add(hasher, table);
  const Reached reached = reach(schema, table);
  for (const auto& [name, object] : reached.objects) {
    if (!object->is_struct()) continue;
    add(hasher, name);
    add_struct_layout(hasher, schema, *object);
  }
  for (const auto& [name, enumeration] : reached.enums) {
    add(hasher, name);
    add_enum_values(hasher, schema, *enumeration);
  }
  return hasher.value();
}

std::uint64_t hash_bytes(BytesView bytes) {
  engine::Hasher hasher;
  hasher.add(bytes);
  return hasher.value();
}

std::uint64_t rules_hash(std::string_view version) {
  return hash_bytes({reinterpret_cast<const std::uint8_t*>(version.data()), version.size()});
}

}  // namespace netcode
