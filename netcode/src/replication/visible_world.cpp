#include "replication/visible_world.hpp"

#include <flatbuffers/reflection.h>

#include <algorithm>

#include "engine/core/assert.hpp"

namespace netcode {
namespace {

using flatbuffers::FlatBufferBuilder;
using AnyTable = flatbuffers::Table;
using Tables = flatbuffers::Vector<flatbuffers::Offset<AnyTable>>;

const flatbuffers::VectorOfAny* vector_of(const AnyTable& world, const reflection::Field& field) {
  return world.GetPointer<const flatbuffers::VectorOfAny*>(field.offset());
}

const std::uint8_t* struct_at(const flatbuffers::VectorOfAny& vector, const reflection::Object& element,
                              std::size_t i) {
  return vector.Data() + i * static_cast<std::size_t>(element.bytesize());
}

// A scalar or struct that stands in the table itself, copied as it is. After flatbuffers' own CopyTable.
void copy_inline(FlatBufferBuilder& builder, const reflection::Field& field, const AnyTable& table, std::size_t align,
                 std::size_t size) {
  builder.Align(align);
  builder.PushBytes(table.GetStruct<const std::uint8_t*>(field.offset()), size);
  builder.TrackField(field.offset(), builder.GetSize());
}

}  // namespace

VisibleWorld::VisibleWorld(const Schema& schema, std::string_view world_table)
    : schema_(*reflection::GetSchema(schema.bfbs().data())) {
  world_ = schema_.objects()->LookupByKey(std::string(world_table).c_str());
  ENGINE_ASSERT(world_, "the schema was loaded for this World");
  for (const reflection::Field* field : *world_->fields()) {
    if (field->type()->base_type() != reflection::Vector || field->type()->element() != reflection::Obj) continue;
    const reflection::Object* element = schema_.objects()->Get(static_cast<std::uint32_t>(field->type()->index()));
    for (const reflection::Field* candidate : *element->fields())
      if (candidate->key()) groups_.push_back({field, element, candidate, field->name()->str()});
  }
}

const VisibleWorld::Group* VisibleWorld::group_of(const reflection::Field& field) const {
  for (const Group& group : groups_)
    if (group.field == &field) return &group;
  return nullptr;
}

std::vector<EntityRef> VisibleWorld::entities(BytesView bytes) const {
  const AnyTable& world = *flatbuffers::GetAnyRoot(bytes.data());
  std::vector<EntityRef> out;
  for (const Group& group : groups_) {
    const auto* vector = vector_of(world, *group.field);
    if (!vector) continue;
    for (flatbuffers::uoffset_t i = 0; i < vector->size(); ++i) {
      std::int64_t key = 0;
      if (group.element->is_struct()) {
        const auto* element = reinterpret_cast<const flatbuffers::Struct*>(struct_at(*vector, *group.element, i));
        key = flatbuffers::GetAnyFieldI(*element, *group.key);
      } else {
        key = flatbuffers::GetAnyFieldI(*reinterpret_cast<const Tables*>(vector)->Get(i), *group.key);
      }
      out.push_back({.vector = group.name, .key = static_cast<std::uint32_t>(key)});
    }
  }
  return out;
}

Bytes VisibleWorld::filtered(BytesView bytes, const std::vector<bool>* keep,
                             std::span<const std::uint16_t> without) const {
  const AnyTable& world = *flatbuffers::GetAnyRoot(bytes.data());
  FlatBufferBuilder builder(bytes.size() + 64);

  // What stands outside the root table first, as FlatBuffers are built; then the root. Fields of both loops are in one
  // order.
  std::vector<std::pair<const reflection::Field*, flatbuffers::uoffset_t>> outside;
  std::size_t next = 0;
  const auto is_left_out = [&](const reflection::Field& field) {
    return !world.CheckField(field.offset()) ||
           std::find(without.begin(), without.end(), field.offset()) != without.end();
  };
  for (const reflection::Field* field : *world_->fields()) {
    if (is_left_out(*field)) {
      const Group* group = group_of(*field);
      if (group && world.CheckField(field->offset())) {
        next += vector_of(world, *field)->size();
      } else if (group && !group->element->is_struct() &&
                 std::find(without.begin(), without.end(), field->offset()) == without.end()) {
        outside.emplace_back(field, builder.CreateVector(std::vector<flatbuffers::Offset<const AnyTable*>>()).o);
      }
      continue;
    }
    const reflection::BaseType type = field->type()->base_type();
    if (type == reflection::String) {
      outside.emplace_back(field, builder.CreateString(flatbuffers::GetFieldS(world, *field)).o);
    } else if (type == reflection::Obj) {
      const auto* object = schema_.objects()->Get(static_cast<std::uint32_t>(field->type()->index()));
      if (object->is_struct()) continue;
      outside.emplace_back(field, CopyTable(builder, schema_, *object, *flatbuffers::GetFieldT(world, *field)).o);
    } else if (type == reflection::Vector) {
      const Group* group = group_of(*field);
      const auto* vector = vector_of(world, *field);
      if (!group && field->type()->element() == reflection::String) {
        std::vector<std::string> strings;
        for (const auto* text :
             *world.GetPointer<const flatbuffers::Vector<flatbuffers::Offset<flatbuffers::String>>*>(field->offset()))
          strings.push_back(text->str());
        outside.emplace_back(field, builder.CreateVectorOfStrings(strings).o);
      } else if (!group) {
        ENGINE_ASSERT(field->type()->element() != reflection::Obj, "Schema::load refuses elements without a key");
        const std::size_t element_bytes = flatbuffers::GetTypeSize(field->type()->element());
        builder.StartVector(vector->size(), element_bytes);
        builder.PushBytes(vector->Data(), vector->size() * element_bytes);
        outside.emplace_back(field, builder.EndVector(vector->size()));
      } else if (group->element->is_struct()) {
        const auto element_bytes = static_cast<std::size_t>(group->element->bytesize());
        Bytes kept;
        std::size_t count = 0;
        for (flatbuffers::uoffset_t i = 0; i < vector->size(); ++i) {
          if (const std::size_t at = next++; keep && !(*keep)[at]) continue;
          const std::uint8_t* element = struct_at(*vector, *group->element, i);
          kept.insert(kept.end(), element, element + element_bytes);
          ++count;
        }
        builder.StartVector(kept.size() / static_cast<std::size_t>(group->element->minalign()),
                            static_cast<std::size_t>(group->element->minalign()));
        builder.PushBytes(kept.data(), kept.size());
        outside.emplace_back(field, builder.EndVector(count));
      } else {
        std::vector<flatbuffers::Offset<const AnyTable*>> kept;
        const auto& tables = *reinterpret_cast<const Tables*>(vector);
        for (flatbuffers::uoffset_t i = 0; i < vector->size(); ++i)
          if (const std::size_t at = next++; !keep || (*keep)[at])
            kept.push_back(CopyTable(builder, schema_, *group->element, *tables.Get(i)));
        outside.emplace_back(field, builder.CreateVector(kept).o);
      }
    }
  }
  ENGINE_ASSERT(!keep || next == keep->size(), "one verdict for each entity");

  const flatbuffers::uoffset_t start = builder.StartTable();
  std::size_t done = 0;
  for (const reflection::Field* field : *world_->fields()) {
    if (done < outside.size() && outside[done].first == field) {
      builder.AddOffset(field->offset(), flatbuffers::Offset<void>(outside[done++].second));
    } else if (is_left_out(*field)) {
      continue;
    } else if (field->type()->base_type() == reflection::Obj) {
      const auto* object = schema_.objects()->Get(static_cast<std::uint32_t>(field->type()->index()));
      copy_inline(builder, *field, world, static_cast<std::size_t>(object->minalign()),
                  static_cast<std::size_t>(object->bytesize()));
    } else {
      const std::size_t size = flatbuffers::GetTypeSize(field->type()->base_type());
      copy_inline(builder, *field, world, size, size);
    }
  }
  builder.Finish(flatbuffers::Offset<AnyTable>(builder.EndTable(start)));
  return Bytes(builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize());
}

}  // namespace netcode
