#include "schema/type_table.hpp"

#include <flatbuffers/flatbuffers.h>

#include <algorithm>
#include <bit>

namespace netcode {

namespace {

constexpr int kStructBytesMax = 65535;
constexpr int kStructAlignMax = 16;
constexpr std::size_t kStructDepthMax = 64;

// Read as the number it is: an enum that holds what it has no room for is undefined behaviour.
bool is_known(const reflection::Type* type) {
  if (type == nullptr) return true;
  const auto& raw = *reinterpret_cast<const flatbuffers::Table*>(type);
  const auto in_range = [&raw](flatbuffers::voffset_t field) {
    const auto value = raw.GetField<std::int8_t>(field, 0);
    return value >= 0 && value < static_cast<std::int8_t>(reflection::MaxBaseType);
  };
  return in_range(reflection::Type::VT_BASE_TYPE) && in_range(reflection::Type::VT_ELEMENT);
}

// All types that anybody here will look at.
bool types_are_known(const reflection::Schema& schema) {
  for (const reflection::Object* object : *schema.objects()) {
    for (const reflection::Field* field : *object->fields()) {
      if (!is_known(field->type())) return false;
    }
  }
  for (const reflection::Enum* enumeration : *schema.enums()) {
    if (!is_known(enumeration->underlying_type())) return false;
    for (const reflection::EnumVal* value : *enumeration->values()) {
      if (!is_known(value->union_type())) return false;
    }
  }
  return true;
}

std::uint8_t scalar_size(reflection::BaseType type) {
  switch (type) {
    case reflection::Bool:
    case reflection::Byte:
    case reflection::UByte:
      return 1;
    case reflection::Short:
    case reflection::UShort:
      return 2;
    case reflection::Int:
    case reflection::UInt:
    case reflection::Float:
      return 4;
    case reflection::Long:
    case reflection::ULong:
    case reflection::Double:
      return 8;
    default:
      return 0;
  }
}

template <class Attributed>
const reflection::KeyValue* attribute(const Attributed& of, std::string_view key) {
  if (of.attributes() == nullptr) return nullptr;
  for (const reflection::KeyValue* entry : *of.attributes()) {
    if (entry->key()->string_view() == key) return entry;
  }
  return nullptr;
}

template <class Attributed>
Attributes attributes_of(const Attributed& of) {
  Attributes all;
  if (of.attributes() == nullptr) return all;
  for (const reflection::KeyValue* entry : *of.attributes())
    all.emplace(entry->key()->str(), entry->value() == nullptr ? "0" : entry->value()->str());
  return all;
}

EnumInfo enum_info(const reflection::Enum& from) {
  EnumInfo info{.name = from.name()->str(), .is_flags = attribute(from, "bit_flags") != nullptr};
  for (const reflection::EnumVal* value : *from.values()) {
    info.names.emplace(value->value(), value->name()->str());
    info.values.emplace(value->name()->str(), value->value());
    info.flags |= static_cast<std::uint64_t>(value->value());
  }
  return info;
}

Shape vector_shape(reflection::BaseType element, const TypeInfo* child) {
  if (element == reflection::String) return Shape::kVectorOfStrings;
  if (element == reflection::Obj) return child->is_struct ? Shape::kVectorOfStructs : Shape::kVectorOfTables;
  return scalar_size(element) > 0 ? Shape::kVectorOfScalars : Shape::kUnsupported;
}

std::size_t inline_bytes(const FieldInfo& field) {
  const std::size_t one = field.child != nullptr ? field.child->struct_bytes : field.scalar_bytes;
  return field.shape == Shape::kArray ? one * field.length : one;
}

// Without its kUnionType in the field before it nobody knows what a union is. One whose union is deprecated goes, too.
void find_union_types(TypeInfo& type) {
  std::vector<FieldInfo> fields;
  for (FieldInfo& field : type.fields) {
    const FieldInfo* before = fields.empty() ? nullptr : &fields.back();
    const bool is_after_type = before != nullptr && before->shape == Shape::kUnionType;
    if (field.shape == Shape::kUnion) {
      const bool is_typed = is_after_type && before->name == field.name + "_type" &&
                            before->enumeration == field.enumeration && before->offset + 2 == field.offset;
      if (is_typed) field.type_offset = before->offset;
      if (!is_typed) field.shape = Shape::kUnsupported;
    } else if (is_after_type) {
      fields.pop_back();
    }
    fields.push_back(std::move(field));
  }
  if (!fields.empty() && fields.back().shape == Shape::kUnionType) fields.pop_back();
  type.fields = std::move(fields);
}

// What JSON is made of and into, and nothing else so far.
bool is_of_json_alone(Shape shape) {
  return shape == Shape::kUnionType || shape == Shape::kUnion || shape == Shape::kArray;
}

bool has_values_of_its_own(const FieldInfo& field) {
  switch (field.shape) {
    case Shape::kScalar:
      return field.is_float() || field.enumeration != nullptr;
    case Shape::kStruct:
    case Shape::kTable:
      return false;
    default:
      return true;  // vectors too: how much they add up to is bounded (value_check.cpp)
  }
}

}  // namespace

engine::Result<TypeTable> TypeTable::load(const reflection::Schema& schema) {
  if (!types_are_known(schema)) return engine::error("the schema has a type that is none of FlatBuffers'");
  TypeTable table;
  table.types_.resize(schema.objects()->size());
  for (const reflection::Enum* from : *schema.enums()) table.enums_.push_back(enum_info(*from));
  for (flatbuffers::uoffset_t i = 0; i < schema.objects()->size(); ++i) {
    const reflection::Object& object = *schema.objects()->Get(i);
    TypeInfo& type = table.types_[i];
    type.name = object.name()->str();
    type.is_struct = object.is_struct();
    type.attributes = attributes_of(object);
    if (type.is_struct) {
      if (object.bytesize() <= 0 || object.bytesize() > kStructBytesMax || object.minalign() <= 0 ||
          object.minalign() > kStructAlignMax || !std::has_single_bit(static_cast<unsigned>(object.minalign())) ||
          object.bytesize() % object.minalign() != 0) {
        return engine::error("{} is {} bytes aligned to {}", type.name, object.bytesize(), object.minalign());
      }
      type.struct_bytes = static_cast<std::uint16_t>(object.bytesize());
      type.struct_align = static_cast<std::uint16_t>(object.minalign());
    }
    if (const reflection::KeyValue* event = attribute(object, "event")) {
      type.is_event = true;
      if (event->value() != nullptr) type.event = event->value()->str();
    }
    if (const reflection::KeyValue* input = attribute(object, "input")) {
      type.is_input = true;
      if (input->value() != nullptr) type.input = input->value()->str();
    }
    table.by_name_.emplace(type.name, &type);
  }
  for (flatbuffers::uoffset_t i = 0; i < schema.enums()->size(); ++i) {
    auto added = table.add_members(*schema.enums()->Get(i), table.enums_[i]);
    if (!added) return added.error();
  }
  for (flatbuffers::uoffset_t i = 0; i < schema.objects()->size(); ++i) {
    auto added = table.add_fields(*schema.objects()->Get(i), table.types_[i]);
    if (!added) return added.error();
  }
  if (auto sound = table.check_structs(); !sound) return sound.error();
  table.spread();
  return table;
}

// Once it is known which types are structs.
engine::Result<void> TypeTable::add_members(const reflection::Enum& from, EnumInfo& to) const {
  if (!from.is_union()) return {};
  for (const reflection::EnumVal* value : *from.values()) {
    const reflection::Type* type = value->union_type();
    if (type == nullptr || type->base_type() == reflection::None) continue;
    UnionMember member;
    if (type->base_type() == reflection::String) {
      member.shape = Shape::kString;
    } else if (type->base_type() == reflection::Obj) {
      if (type->index() < 0 || static_cast<std::size_t>(type->index()) >= types_.size())
        return engine::error("{}.{} is of an unknown type", to.name, value->name()->string_view());
      member.child = &types_[static_cast<std::size_t>(type->index())];
      member.shape = member.child->is_struct ? Shape::kStruct : Shape::kTable;
    }
    to.members.emplace(value->value(), member);
  }
  return {};
}

engine::Result<void> TypeTable::add_fields(const reflection::Object& object, TypeInfo& type) {
  for (const reflection::Field* from : *object.fields()) {
    auto made = field(type, *from);
    if (!made) return made.error();
    // Nobody reads a deprecated field, so what it holds is nobody's concern; a struct has none.
    if (!from->deprecated()) type.fields.push_back(std::move(*made));
  }
  // flatc lists fields by name; bytes stand by offset.
  std::sort(type.fields.begin(), type.fields.end(),
            [](const FieldInfo& a, const FieldInfo& b) { return a.offset < b.offset; });
  for (std::size_t i = 1; i < type.fields.size(); ++i) {
    const std::size_t end = type.fields[i - 1].offset + (type.is_struct ? inline_bytes(type.fields[i - 1]) : 1);
    if (end > type.fields[i].offset) {
      return engine::error("{}: {} and {} stand at one place", type.name, type.fields[i - 1].name, type.fields[i].name);
    }
  }
  find_union_types(type);
  return {};
}

engine::Result<FieldInfo> TypeTable::field(const TypeInfo& owner, const reflection::Field& from) {
  const reflection::Type& type = *from.type();
  const bool is_vector = type.base_type() == reflection::Vector;
  const bool is_array = type.base_type() == reflection::Array;
  const bool is_union = type.base_type() == reflection::Union || type.base_type() == reflection::UType;
  const reflection::BaseType base = is_vector || is_array ? type.element() : type.base_type();

  FieldInfo info{.name = from.name()->str(),
                 .scalar = base,
                 .scalar_bytes = scalar_size(base),
                 .offset = from.offset(),
                 .is_required = from.required(),
                 .is_key = from.key(),
                 .is_optional = from.optional(),
                 .length = type.fixed_length(),
                 .default_integer = from.default_integer(),
                 .default_real = from.default_real(),
                 .attributes = attributes_of(from)};
  if (base == reflection::Obj) {
    if (type.index() < 0 || static_cast<std::size_t>(type.index()) >= types_.size()) {
      return engine::error("{}.{} is of an unknown type", owner.name, info.name);
    }
    info.child = &types_[static_cast<std::size_t>(type.index())];
  } else if (type.index() >= 0 && (is_union || scalar_size(base) > 0)) {
    if (static_cast<std::size_t>(type.index()) >= enums_.size()) {
      return engine::error("{}.{} is of an unknown enum", owner.name, info.name);
    }
    info.enumeration = &enums_[static_cast<std::size_t>(type.index())];
  }

  if (attribute(from, "nested_flatbuffer") != nullptr) {
    info.shape = Shape::kUnsupported;
  } else if (is_vector) {
    info.shape = vector_shape(base, info.child);
  } else if (is_array) {
    const bool is_known =
        owner.is_struct && (scalar_size(base) > 0 || (info.child != nullptr && info.child->is_struct));
    info.shape = is_known ? Shape::kArray : Shape::kUnsupported;
  } else if (is_union) {
    const bool is_known = !owner.is_struct && info.enumeration != nullptr;
    const Shape shape = base == reflection::Union ? Shape::kUnion : Shape::kUnionType;
    info.shape = is_known ? shape : Shape::kUnsupported;
    if (base == reflection::UType) info.scalar = reflection::UByte;
    if (base == reflection::UType) info.scalar_bytes = sizeof(std::uint8_t);
  } else if (base == reflection::String) {
    info.shape = Shape::kString;
  } else if (base == reflection::Obj) {
    info.shape = info.child->is_struct ? Shape::kStruct : Shape::kTable;
  } else {
    info.shape = scalar_size(base) > 0 ? Shape::kScalar : Shape::kUnsupported;
  }
  info.has_values_to_check = has_values_of_its_own(info);

  if (owner.is_struct) {
    const bool fits_shape = info.shape == Shape::kScalar || info.shape == Shape::kStruct || info.shape == Shape::kArray;
    const std::size_t align = info.child != nullptr ? info.child->struct_align : info.scalar_bytes;
    const bool is_aligned = align == 0 || (align <= owner.struct_align && info.offset % align == 0);
    if (!fits_shape || !is_aligned || info.offset + inline_bytes(info) > owner.struct_bytes) {
      return engine::error("{}.{} does not fit its struct", owner.name, info.name);
    }
  } else if (info.offset != 4 + 2 * static_cast<std::size_t>(from.id())) {
    return engine::error("{}.{} has the id {} and the offset {}", owner.name, info.name, from.id(), info.offset);
  }
  return info;
}

// Structs are walked by functions that call themselves. One that holds itself grows deeper with each round.
engine::Result<void> TypeTable::check_structs() const {
  std::map<const TypeInfo*, std::size_t> depths;
  for (bool changed = true; changed;) {
    changed = false;
    for (const TypeInfo& type : types_) {
      if (!type.is_struct) continue;
      std::size_t depth = 1;
      for (const FieldInfo& field : type.fields)
        if (field.child != nullptr) depth = std::max(depth, depths[field.child] + 1);
      if (depth > kStructDepthMax)
        return engine::error("{} contains itself, or {} structs one in the other", type.name, kStructDepthMax);
      changed = changed || depth > depths[&type];
      depths[&type] = depth;
    }
  }
  return {};
}

// What a type needs follows from the types below it, which may contain it again: repeated until nothing changes.
void TypeTable::spread() {
  for (TypeInfo& type : types_) {
    for (const FieldInfo& field : type.fields) {
      const bool is_supported = field.shape != Shape::kUnsupported && !is_of_json_alone(field.shape);
      if (is_supported || !type.unsupported.empty()) continue;
      type.unsupported = type.name + "." + field.name + " is a union, a fixed array or a nested buffer";
    }
  }
  for (bool changed = true; changed;) {
    changed = false;
    for (TypeInfo& type : types_) {
      for (FieldInfo& field : type.fields) {
        if (field.child != nullptr && field.child->has_values_to_check && !field.has_values_to_check) {
          field.has_values_to_check = changed = true;
        }
        if (field.has_values_to_check && !type.has_values_to_check) type.has_values_to_check = changed = true;
        if (field.child != nullptr && type.unsupported.empty() && !field.child->unsupported.empty()) {
          type.unsupported = field.child->unsupported;
          changed = true;
        }
      }
    }
  }
}

const TypeInfo* TypeTable::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : found->second;
}

std::int64_t read_integer(reflection::BaseType type, const std::uint8_t* at) {
  switch (type) {
    case reflection::Byte:
      return flatbuffers::ReadScalar<std::int8_t>(at);
    case reflection::Short:
      return flatbuffers::ReadScalar<std::int16_t>(at);
    case reflection::UShort:
      return flatbuffers::ReadScalar<std::uint16_t>(at);
    case reflection::Int:
      return flatbuffers::ReadScalar<std::int32_t>(at);
    case reflection::UInt:
      return flatbuffers::ReadScalar<std::uint32_t>(at);
    case reflection::Long:
    case reflection::ULong:
      return flatbuffers::ReadScalar<std::int64_t>(at);
    default:
      return flatbuffers::ReadScalar<std::uint8_t>(at);
  }
}

double read_real(reflection::BaseType type, const std::uint8_t* at) {
  return type == reflection::Float ? static_cast<double>(flatbuffers::ReadScalar<float>(at))
                                   : flatbuffers::ReadScalar<double>(at);
}

}  // namespace netcode
