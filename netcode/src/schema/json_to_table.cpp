#include "schema/json_to_table.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstring>
#include <numeric>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "engine/core/utf8.hpp"
#include "netcode/limits.hpp"
#include "schema/json_scalar.hpp"
#include "schema/number.hpp"
#include "schema/table_parts.hpp"
#include "schema/walk.hpp"

namespace netcode {

namespace {

namespace json = boost::json;

using flatbuffers::Offset;
using flatbuffers::uoffset_t;

/// What elements are sorted by, and how many are before whom.
using Key = std::variant<Number, std::string_view>;

bool is_given(const json::value* value) { return value != nullptr && !value->is_null(); }

const FieldInfo* key_of(const TypeInfo& type) {
  const auto found =
      std::find_if(type.fields.begin(), type.fields.end(), [](const FieldInfo& field) { return field.is_key; });
  return found != type.fields.end() && (found->shape == Shape::kScalar || found->shape == Shape::kString) ? &*found
                                                                                                          : nullptr;
}

/// Of a table that was built.
Key key_in(const AnyTable& table, const FieldInfo& key) {
  if (key.shape == Shape::kString) {
    const auto* text = table.GetPointer<const flatbuffers::String*>(key.offset);
    return text != nullptr ? text->string_view() : std::string_view();
  }
  const std::uint8_t* at = table.GetAddressOf(key.offset);
  return at != nullptr ? read_number(key, at) : default_number(key);
}

/// Builds one table from its leaves. Each step sets `at` or `out`, or returns false.
class FromJson {
 public:
  FromJson(const AttachmentsOfJson& attachments, std::size_t bytes_max)
      : attachments_(attachments), bytes_max_(bytes_max) {}

  JsonResult<Bytes> root(const TypeInfo& type, const json::value& value) {
    uoffset_t at = 0;
    if (!table(type, value, at)) return trail_.take();
    builder_.Finish(Offset<AnyTable>(at));
    const BytesView made(builder_.GetBufferPointer(), builder_.GetSize());
    if (made.size() > bytes_max_) return JsonError{JsonFault::kTooLarge, {}, too_large()};
    // It is, by how it is made. But it came from outside, and whoever reads it next believes it.
    Bytes bytes(made.begin(), made.end());
    if (!verify_buffer(type, bytes)) return JsonError{JsonFault::kNotValid, {}, "not a " + type.name};
    std::string bad = first_bad_value(type, bytes);
    if (!bad.empty()) return JsonError{JsonFault::kNotValid, {}, std::move(bad)};
    return bytes;
  }

 private:
  bool table(const TypeInfo& type, const json::value& value, uoffset_t& at) {
    const json::object* object = value.if_object();
    if (object == nullptr) return trail_.fault(JsonFault::kWrongType, expected("an object", value));
    if (depth_ == limits::kVerifyDepthMax)
      return trail_.fault(JsonFault::kTooLarge, fmt::format("tables are nested deeper than {}", depth_));
    if (tables_ == limits::kVerifyTablesMax)
      return trail_.fault(JsonFault::kTooLarge, fmt::format("more than {} tables", tables_));
    ++tables_;
    ++depth_;
    const bool is_made = fields(type, *object, at);
    --depth_;
    return is_made;
  }

  bool fields(const TypeInfo& type, const json::object& object, uoffset_t& at) {
    TableParts parts;
    std::size_t known = 0;
    for (const FieldInfo& field : type.fields) {
      const json::value* value = object.if_contains(field.name);
      if (value != nullptr) ++known;
      if (field.shape == Shape::kUnionType) continue;
      if (field.shape == Shape::kUnion) {
        // The field before it is its type (type_table.cpp).
        const FieldInfo& type_field = *(&field - 1);
        if (!alternative(field, value, type_field, object.if_contains(type_field.name), parts)) return false;
      } else if (is_given(value)) {
        if (!of_field(field, *value, parts)) return trail_.in(field.name);
      } else if (!may_be_absent(field, value)) {
        return trail_.in(field.name);
      }
    }
    if (known != object.size()) return unknown(type, object);
    at = parts.end_table(builder_);
    return has_room_for(0);
  }

  bool may_be_absent(const FieldInfo& field, const json::value* null) {
    if (field.is_required) return trail_.fault(JsonFault::kMissing, "required");
    if (null == nullptr || field.shape != Shape::kScalar || field.is_optional) return true;
    alignas(std::uint64_t) std::uint8_t ignored[sizeof(std::uint64_t)];
    return write_json_scalar(field, *null, ignored, trail_);  // which says what is expected
  }

  bool unknown(const TypeInfo& type, const json::object& object) {
    for (const auto& [key, value] : object) {
      const std::string_view name(key.data(), key.size());
      if (std::any_of(type.fields.begin(), type.fields.end(), [name](const auto& field) { return field.name == name; }))
        continue;
      trail_.fault(JsonFault::kUnknownField, fmt::format("{} has no field \"{}\"", type.name, shown(name)));
      return trail_.in(shown(name));
    }
    return true;
  }

  bool of_field(const FieldInfo& field, const json::value& value, TableParts& parts) {
    uoffset_t at = 0;
    switch (field.shape) {
      case Shape::kScalar:
        return scalar(field, value, parts);
      case Shape::kStruct:
        return structure(*field.child, value, parts.add(field));
      case Shape::kString:
        if (!string(value, at)) return false;
        break;
      case Shape::kTable:
        if (!table(*field.child, value, at)) return false;
        break;
      case Shape::kVectorOfScalars:
        if (!numbers(field, value, at)) return false;
        break;
      case Shape::kVectorOfStructs:
        if (!structs(field, value, at)) return false;
        break;
      case Shape::kVectorOfStrings:
        if (!strings(value, at)) return false;
        break;
      case Shape::kVectorOfTables:
        if (!tables(field, value, at)) return false;
        break;
      default:
        return trail_.fault(JsonFault::kUnsupported, "a vector of unions or a nested buffer has no form in JSON");
    }
    parts.add_outside(field, at);
    return true;
  }

  bool scalar(const FieldInfo& field, const json::value& value, TableParts& parts) {
    std::uint8_t* out = parts.add(field);
    if (!write_json_scalar(field, value, out, trail_)) return false;
    alignas(std::uint64_t) std::uint8_t usual[sizeof(std::uint64_t)] = {};
    // Of a ulong the reflection may not know the default: flatc writes 0 for one beyond a long.
    const bool is_known = !field.is_optional && field.scalar != reflection::ULong;
    const bool is_usual = is_known && write_number(field, default_number(field), usual) &&
                          std::memcmp(out, usual, field.scalar_bytes) == 0;
    if (is_usual) parts.drop_last();
    return true;
  }

  /// `value` and `type` are null where their fields are not there.
  bool alternative(const FieldInfo& field, const json::value* value, const FieldInfo& type_field,
                   const json::value* type, TableParts& parts) {
    std::uint8_t kind = 0;
    if (is_given(type) && !write_json_scalar(type_field, *type, &kind, trail_)) return trail_.in(type_field.name);
    if (kind == 0 && is_given(value)) {
      trail_.fault(JsonFault::kMissing, fmt::format("{} is there, and this does not say what it is", field.name));
      return trail_.in(type_field.name);
    }
    if (kind == 0 && !field.is_required) return true;
    if (!is_given(value)) {
      trail_.fault(JsonFault::kMissing, kind == 0 ? "required" : type_field.name + " says that there is one");
      return trail_.in(field.name);
    }
    const auto member = field.enumeration->members.find(kind);
    uoffset_t at = 0;
    const UnionMember none;
    if (!of_member(member != field.enumeration->members.end() ? member->second : none, *value, at))
      return trail_.in(field.name);
    *parts.add(type_field) = kind;
    parts.add_outside(field, at);
    return true;
  }

  bool of_member(const UnionMember& member, const json::value& value, uoffset_t& at) {
    if (member.shape == Shape::kString) return string(value, at);
    if (member.shape == Shape::kTable) return table(*member.child, value, at);
    if (member.shape != Shape::kStruct) return trail_.fault(JsonFault::kUnsupported, "it has no form in JSON");
    Bytes bytes(member.child->struct_bytes);
    if (!structure(*member.child, value, bytes.data())) return false;
    builder_.Align(member.child->struct_align);
    builder_.PushBytes(bytes.data(), bytes.size());
    at = builder_.GetSize();
    return true;
  }

  /// `out` is zero before.
  bool structure(const TypeInfo& type, const json::value& value, std::uint8_t* out) {
    const json::object* object = value.if_object();
    if (object == nullptr) return trail_.fault(JsonFault::kWrongType, expected("an object", value));
    for (const FieldInfo& field : type.fields) {
      const json::value* member = object->if_contains(field.name);
      if (member == nullptr) trail_.fault(JsonFault::kMissing, "a struct has all of its fields");
      if (member == nullptr || !of_member(field, *member, out + field.offset)) return trail_.in(field.name);
    }
    return object->size() == type.fields.size() || unknown(type, *object);
  }

  bool of_member(const FieldInfo& field, const json::value& value, std::uint8_t* out) {
    if (field.shape == Shape::kStruct) return structure(*field.child, value, out);
    if (field.shape == Shape::kScalar) return write_json_scalar(field, value, out, trail_);
    const json::array* array = value.if_array();
    if (array == nullptr) return trail_.fault(JsonFault::kWrongType, expected("an array", value));
    if (array->size() != field.length)
      return trail_.fault(JsonFault::kWrongType,
                          fmt::format("expected {} elements, found {}", field.length, array->size()));
    return elements(field, *array, out);
  }

  bool elements(const FieldInfo& field, const json::array& array, std::uint8_t* out) {
    for (std::size_t i = 0; i < array.size(); ++i, out += element_bytes(field))
      if (!(field.child != nullptr ? structure(*field.child, array[i], out)
                                   : write_json_scalar(field, array[i], out, trail_)))
        return trail_.in_element(i);
    return true;
  }

  bool string(const json::value& value, uoffset_t& at) {
    const json::string* text = value.if_string();
    if (text == nullptr) return trail_.fault(JsonFault::kWrongType, expected("a string", value));
    if (!has_room_for(text->size())) return false;
    if (!engine::is_utf8({text->data(), text->size()})) return trail_.fault(JsonFault::kNotUtf8, "not UTF-8");
    at = builder_.CreateString(text->data(), text->size()).o;
    return true;
  }

  bool numbers(const FieldInfo& field, const json::value& value, uoffset_t& at) {
    const bool is_bytes = field.scalar == reflection::UByte || field.scalar == reflection::Byte;
    if (is_bytes && field.enumeration == nullptr && !attachments_.bytes.empty())
      if (const auto number = attachments_.number_of(value)) return attachment(*number, at);
    const json::array* array = array_in(value, field.scalar_bytes);
    if (array == nullptr) return false;
    std::uint8_t* out = nullptr;
    at = begin_inline_vector(builder_, array->size(), field.scalar_bytes, field.scalar_bytes, out);
    return elements(field, *array, out);
  }

  bool attachment(std::size_t number, uoffset_t& at) {
    if (number >= attachments_.bytes.size())
      return trail_.fault(JsonFault::kMissing, fmt::format("there is no attachment {}", number));
    const std::string& bytes = attachments_.bytes[number];
    if (!has_room_for(bytes.size())) return false;
    at = builder_.CreateVector(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()).o;
    return true;
  }

  bool structs(const FieldInfo& field, const json::value& value, uoffset_t& at) {
    const TypeInfo& type = *field.child;
    const json::array* array = array_in(value, type.struct_bytes);
    if (array == nullptr) return false;
    Bytes made(array->size() * type.struct_bytes);
    if (!elements(field, *array, made.data())) return false;
    const auto at_index = [&made, &type](std::size_t i) { return made.data() + i * type.struct_bytes; };
    std::vector<std::size_t> order;
    const FieldInfo* key = key_of(type);
    if (!sorted(
            array->size(), key, [&](std::size_t i) { return read_number(*key, at_index(i) + key->offset); }, order))
      return false;
    std::uint8_t* out = nullptr;
    at = begin_inline_vector(builder_, array->size(), type.struct_bytes, type.struct_align, out);
    for (const std::size_t i : order) {
      std::memcpy(out, at_index(i), type.struct_bytes);
      out += type.struct_bytes;
    }
    return true;
  }

  bool strings(const json::value& value, uoffset_t& at) {
    const json::array* array = array_in(value, sizeof(uoffset_t));
    if (array == nullptr) return false;
    std::vector<Offset<flatbuffers::String>> made;
    made.reserve(array->size());  // there is room for it
    for (std::size_t i = 0; i < array->size(); ++i) {
      uoffset_t one = 0;
      if (!string((*array)[i], one)) return trail_.in_element(i);
      made.emplace_back(one);
    }
    if (!has_room_for(made.size() * sizeof(uoffset_t))) return false;
    at = builder_.CreateVector(made).o;
    return true;
  }

  bool tables(const FieldInfo& field, const json::value& value, uoffset_t& at) {
    const json::array* array = array_in(value, sizeof(uoffset_t));
    if (array == nullptr) return false;
    std::vector<uoffset_t> made;
    for (std::size_t i = 0; i < array->size(); ++i)
      if (!table(*field.child, (*array)[i], made.emplace_back())) return trail_.in_element(i);
    const FieldInfo* key = key_of(*field.child);
    const auto key_at = [&](std::size_t i) {
      const std::uint8_t* end = builder_.GetCurrentBufferPointer() + builder_.GetSize();
      return key_in(*reinterpret_cast<const AnyTable*>(end - made[i]), *key);
    };
    std::vector<std::size_t> order;
    if (!sorted(made.size(), key, key_at, order)) return false;
    std::vector<Offset<AnyTable>> offsets;
    offsets.reserve(order.size());
    for (const std::size_t i : order) offsets.emplace_back(made[i]);
    if (!has_room_for(offsets.size() * sizeof(uoffset_t))) return false;
    at = builder_.CreateVector(offsets).o;
    return true;
  }

  /// The order of so many elements; as they are where they have no key.
  template <class KeyAt>
  bool sorted(std::size_t count, const FieldInfo* key, const KeyAt& key_at, std::vector<std::size_t>& order) {
    order.resize(count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    if (key == nullptr) return true;
    std::vector<Key> keys;
    keys.reserve(count);
    for (std::size_t i = 0; i < count; ++i) keys.emplace_back(key_at(i));
    std::sort(order.begin(), order.end(),
              [&keys](std::size_t a, std::size_t b) { return std::tie(keys[a], a) < std::tie(keys[b], b); });
    const auto twice = std::adjacent_find(order.begin(), order.end(),
                                          [&keys](std::size_t a, std::size_t b) { return keys[a] == keys[b]; });
    if (twice == order.end()) return true;
    trail_.fault(JsonFault::kDuplicateKey, fmt::format("the key of [{}], too", *twice));
    trail_.in(key->name);
    return trail_.in_element(*(twice + 1));
  }

  /// Null, and a fault: it is none, or there is no room for so many elements.
  const json::array* array_in(const json::value& value, std::size_t element_bytes) {
    const json::array* array = value.if_array();
    if (array == nullptr) trail_.fault(JsonFault::kWrongType, expected("an array", value));
    return array != nullptr && has_room_for(array->size() * element_bytes) ? array : nullptr;
  }

  bool has_room_for(std::size_t bytes) {
    if (bytes <= bytes_max_ && builder_.GetSize() <= bytes_max_ - bytes) return true;
    return trail_.fault(JsonFault::kTooLarge, too_large());
  }
  std::string too_large() const { return fmt::format("the table takes more than {} bytes", bytes_max_); }

  flatbuffers::FlatBufferBuilder builder_;
  const AttachmentsOfJson& attachments_;
  const std::size_t bytes_max_;
  std::size_t tables_ = 0;
  std::size_t depth_ = 0;
  FaultTrail trail_;
};

}  // namespace

JsonResult<Bytes> json_to_table(const TypeInfo& type, const json::value& value, const AttachmentsOfJson& attachments,
                                std::size_t bytes_max) {
  return FromJson(attachments, bytes_max).root(type, value);
}

}  // namespace netcode
