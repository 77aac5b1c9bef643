#include "schema/table_to_json.hpp"

#include <spdlog/fmt/fmt.h>

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <charconv>
#include <cmath>
#include <utility>

#include "engine/core/utf8.hpp"
#include "schema/walk.hpp"

namespace netcode {

namespace {

namespace json = boost::json;

/// The double that the shortest text of a float says.
double shortest(float value) {
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  double read = 0;
  std::from_chars(text.data(), end, read);
  return static_cast<float>(read) == value ? read : static_cast<double>(value);
}

/// Each step sets `out`, or returns false.
class ToJson {
 public:
  ToJson(std::size_t bytes, const AttachmentForm& form) : budget_(bytes), form_(form) {}

  JsonResult<TableAsJson> root(const TypeInfo& type, const AnyTable& from) {
    TableAsJson made;
    if (!table(type, from, made.value)) return trail_.take();
    made.attachments = std::move(attachments_);
    return made;
  }

 private:
  bool table(const TypeInfo& type, const AnyTable& from, json::value& out) {
    json::object& object = out.emplace_object();
    for (const FieldInfo& field : type.fields) {
      json::value value;
      bool is_there = true;
      if (!of_field(field, from, value, is_there)) return trail_.in(field.name);
      if (is_there) object.emplace(field.name, std::move(value));
    }
    return true;
  }

  bool of_field(const FieldInfo& field, const AnyTable& from, json::value& out, bool& is_there) {
    const std::uint8_t* at = from.GetAddressOf(field.offset);
    switch (field.shape) {
      case Shape::kScalar:
        is_there = at != nullptr || !field.is_optional;
        return !is_there || (at != nullptr ? scalar(field, at, out) : default_scalar(field, out));
      case Shape::kUnionType:
        return integer(field, at != nullptr ? *at : 0, out);
      case Shape::kVectorOfScalars:
      case Shape::kVectorOfStructs:
        return inline_vector(field, VectorView::of(from, field.offset), out);
      case Shape::kVectorOfStrings:
        return vector(from.GetPointer<const Strings*>(field.offset), out,
                      [this](const auto& one, json::value& element) { return string(one, element); });
      case Shape::kVectorOfTables:
        return vector(from.GetPointer<const Tables*>(field.offset), out,
                      [&](const AnyTable& one, json::value& element) { return table(*field.child, one, element); });
      default:
        is_there = at != nullptr;
        return !is_there || of_present(field, from, out);
    }
  }

  bool of_present(const FieldInfo& field, const AnyTable& from, json::value& out) {
    switch (field.shape) {
      case Shape::kString:
        return string(*from.GetPointer<const flatbuffers::String*>(field.offset), out);
      case Shape::kStruct:
        return structure(*field.child, from.GetAddressOf(field.offset), out);
      case Shape::kTable:
        return table(*field.child, *from.GetPointer<const AnyTable*>(field.offset), out);
      case Shape::kUnion:
        return alternative(field.enumeration->members.at(union_type(field, from)), field, from, out);
      default:
        return trail_.fault(JsonFault::kUnsupported, "a vector of unions or a nested buffer has no form in JSON");
    }
  }

  bool alternative(const UnionMember& member, const FieldInfo& field, const AnyTable& from, json::value& out) {
    switch (member.shape) {
      case Shape::kString:
        return string(*from.GetPointer<const flatbuffers::String*>(field.offset), out);
      case Shape::kStruct:
        return structure(*member.child, from.GetPointer<const std::uint8_t*>(field.offset), out);
      default:
        return table(*member.child, *from.GetPointer<const AnyTable*>(field.offset), out);
    }
  }

  bool structure(const TypeInfo& type, const std::uint8_t* at, json::value& out) {
    json::object& object = out.emplace_object();
    for (const FieldInfo& field : type.fields) {
      json::value value;
      if (!member(field, at + field.offset, value)) return trail_.in(field.name);
      object.emplace(field.name, std::move(value));
    }
    return true;
  }

  bool member(const FieldInfo& field, const std::uint8_t* at, json::value& out) {
    if (field.shape == Shape::kStruct) return structure(*field.child, at, out);
    if (field.shape == Shape::kArray) return elements(field, {at, field.length}, out);
    return scalar(field, at, out);
  }

  bool scalar(const FieldInfo& field, const std::uint8_t* at, json::value& out) {
    if (field.scalar == reflection::Float) return real(shortest(flatbuffers::ReadScalar<float>(at)), out);
    if (field.scalar == reflection::Double) return real(flatbuffers::ReadScalar<double>(at), out);
    return integer(field, read_integer(field.scalar, at), out);
  }

  bool default_scalar(const FieldInfo& field, json::value& out) {
    if (field.scalar == reflection::Float) return real(shortest(static_cast<float>(field.default_real)), out);
    if (field.scalar == reflection::Double) return real(field.default_real, out);
    return integer(field, field.default_integer, out);
  }

  bool real(double value, json::value& out) {
    if (!std::isfinite(value)) return trail_.fault(JsonFault::kOutOfRange, fmt::format("{} is not finite", value));
    out = value;
    return true;
  }

  static bool integer(const FieldInfo& field, std::int64_t value, json::value& out) {
    if (field.enumeration != nullptr && !field.enumeration->is_flags) {
      const auto name = field.enumeration->names.find(value);
      if (name != field.enumeration->names.end()) {
        out.emplace_string() = name->second;
        return true;
      }
    }
    if (field.enumeration == nullptr && field.scalar == reflection::Bool) {
      out = value != 0;
    } else if (field.scalar == reflection::ULong) {
      out.emplace_string() = std::to_string(static_cast<std::uint64_t>(value));
    } else if (field.scalar == reflection::Long) {
      out.emplace_string() = std::to_string(value);
    } else {
      out = value;
    }
    return true;
  }

  bool string(const flatbuffers::String& from, json::value& out) {
    if (!spend(from.size())) return false;
    if (!engine::is_utf8(from.string_view())) return trail_.fault(JsonFault::kNotUtf8, "not UTF-8");
    out.emplace_string() = from.string_view();
    return true;
  }

  bool inline_vector(const FieldInfo& field, VectorView from, json::value& out) {
    if (!spend(element_bytes(field) * from.size)) return false;
    const bool is_bytes = field.scalar == reflection::UByte || field.scalar == reflection::Byte;
    if (!is_bytes || field.enumeration != nullptr || from.size == 0) return elements(field, from, out);
    if (attachments_.size() == form_.attachments_max)
      return trail_.fault(JsonFault::kTooLarge, fmt::format("more than {} attachments", form_.attachments_max));
    out = form_.placeholder(attachments_.size());
    attachments_.emplace_back(from.data, from.data + from.size);
    return true;
  }

  bool elements(const FieldInfo& field, VectorView from, json::value& out) {
    const std::size_t step = element_bytes(field);
    json::array& array = out.emplace_array();
    array.reserve(from.size);
    for (std::size_t i = 0; i < from.size; ++i) {
      const std::uint8_t* at = from.data + step * i;
      json::value& element = array.emplace_back(nullptr);
      if (!(field.child != nullptr ? structure(*field.child, at, element) : scalar(field, at, element)))
        return trail_.in_element(i);
    }
    return true;
  }

  /// Null: it is absent.
  template <class Vector, class Each>
  bool vector(const Vector* from, json::value& out, Each each) {
    json::array& array = out.emplace_array();
    if (from == nullptr) return true;
    if (!spend(sizeof(flatbuffers::uoffset_t) * from->size())) return false;
    array.reserve(from->size());
    for (flatbuffers::uoffset_t i = 0; i < from->size(); ++i)
      if (!each(*from->Get(i), array.emplace_back(nullptr))) return trail_.in_element(i);
    return true;
  }

  bool spend(std::size_t bytes) {
    return budget_.spend(bytes) || trail_.fault(JsonFault::kTooLarge, "more is shared within the table than it may");
  }

  SharedBudget budget_;
  const AttachmentForm& form_;
  std::vector<std::string> attachments_;
  FaultTrail trail_;
};

}  // namespace

JsonResult<TableAsJson> table_to_json(const TypeInfo& type, BytesView bytes, const AttachmentForm& form) {
  return ToJson(bytes.size(), form).root(type, *flatbuffers::GetRoot<AnyTable>(bytes.data()));
}

}  // namespace netcode
