// A schema's reflection in the shape that walking a buffer wants: indices checked once, names and offsets side by side.
//
// The reflection may come out of a recording, so it is bytes from outside: nothing of it is believed before it was
// checked. Threading: immutable once loaded. Ownership: copies what it needs.
#pragma once

#include <flatbuffers/reflection_generated.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.hpp"

namespace netcode {

enum class Shape : std::uint8_t {
  kScalar,
  kString,
  kStruct,
  kTable,
  kVectorOfScalars,
  kVectorOfStrings,
  kVectorOfStructs,
  kVectorOfTables,
  kUnionType,  // which of a union's alternatives there is, in the field before it
  kUnion,
  kArray,        // of a fixed length, in a struct
  kUnsupported,  // vectors of unions, nested buffers
};

/// One of a union's alternatives: a string, a struct or a table.
struct UnionMember {
  Shape shape = Shape::kUnsupported;
  const struct TypeInfo* child = nullptr;
};

struct EnumInfo {
  std::string name{};
  bool is_flags = false;
  std::uint64_t flags = 0;                      // all flags together
  std::map<std::int64_t, std::string> names{};  // by value
  std::map<std::string, std::int64_t, std::less<>> values{};
  std::map<std::int64_t, UnionMember> members{};  // of a union, without NONE

  bool has(std::int64_t value) const {
    return is_flags ? (static_cast<std::uint64_t>(value) & ~flags) == 0 : names.contains(value);
  }
};

/// By name; one that the schema gives no value has "0".
using Attributes = std::map<std::string, std::string, std::less<>>;

struct FieldInfo {
  std::string name{};
  Shape shape = Shape::kUnsupported;
  reflection::BaseType scalar = reflection::None;  // of the scalar, or of the elements
  std::uint8_t scalar_bytes = 0;
  std::uint16_t offset = 0;  // in a table: of its entry in the vtable; in a struct: of its bytes
  bool is_required = false;
  bool is_key = false;
  bool is_optional = false;  // of a table's scalar: where it is absent there is none, rather than its default
  bool has_values_to_check = false;
  const EnumInfo* enumeration = nullptr;   // null: any number
  const struct TypeInfo* child = nullptr;  // of a struct, a table, or elements of them
  std::uint16_t length = 0;                // of a fixed array
  std::uint16_t type_offset = 0;           // of a union: of its kUnionType, which is the field before it
  std::int64_t default_integer = 0;
  double default_real = 0;
  Attributes attributes{};

  bool is_float() const { return scalar == reflection::Float || scalar == reflection::Double; }
};

struct TypeInfo {
  std::string name;  // "tag.World"
  bool is_struct = false;
  std::uint16_t struct_bytes = 0;
  std::uint16_t struct_align = 0;
  std::vector<FieldInfo> fields;  // in the order of their offsets; without deprecated ones
  std::string event;              // the attribute's value
  bool is_event = false;
  bool is_input = false;
  std::string input{};  // the attribute's value: "0" where it has none
  Attributes attributes{};
  /// Strings, enums, floats or vectors are in it or below it.
  bool has_values_to_check = false;
  /// Why buffers of this type cannot be checked: "tag.Shape.kind is a union"; empty if they can.
  std::string unsupported;
};

class TypeTable {
 public:
  static engine::Result<TypeTable> load(const reflection::Schema& schema);

  /// Null if there is none.
  const TypeInfo* find(std::string_view name) const;
  const std::vector<TypeInfo>& types() const { return types_; }

 private:
  engine::Result<void> add_members(const reflection::Enum& from, EnumInfo& to) const;
  engine::Result<void> add_fields(const reflection::Object& object, TypeInfo& type);
  engine::Result<FieldInfo> field(const TypeInfo& owner, const reflection::Field& from);
  engine::Result<void> check_structs() const;
  void spread();

  // Both are filled to their size before anything points into them.
  std::vector<TypeInfo> types_;
  std::vector<EnumInfo> enums_;
  std::map<std::string, const TypeInfo*, std::less<>> by_name_;
};

/// A scalar where it stands; the type must be an integer's (a bool is one) or a float's.
std::int64_t read_integer(reflection::BaseType type, const std::uint8_t* at);
double read_real(reflection::BaseType type, const std::uint8_t* at);

}  // namespace netcode
