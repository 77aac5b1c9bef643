#include <spdlog/fmt/fmt.h>

#include <cmath>

#include "engine/core/utf8.hpp"
#include "schema/walk.hpp"

namespace netcode {

namespace {

class ValueCheck {
 public:
  explicit ValueCheck(std::size_t buffer_bytes) : budget_(buffer_bytes) {}

  std::string root(const TypeInfo& type, const AnyTable& root) {
    return table(type, root) ? std::string{} : path_ + what_;
  }

 private:
  bool table(const TypeInfo& type, const AnyTable& table) {
    for (const FieldInfo& field : type.fields) {
      if (!field.has_values_to_check) continue;
      const std::uint8_t* at = table.GetAddressOf(field.offset);
      if (at != nullptr && !value(field, table, at)) return in(field.name);
    }
    return true;
  }

  bool value(const FieldInfo& field, const AnyTable& table, const std::uint8_t* at) {
    switch (field.shape) {
      case Shape::kScalar:
        return scalar(field, at);
      case Shape::kStruct:
        return structure(*field.child, at);
      case Shape::kString:
        return string(*table.GetPointer<const flatbuffers::String*>(field.offset));
      case Shape::kTable:
        return this->table(*field.child, *table.GetPointer<const AnyTable*>(field.offset));
      case Shape::kVectorOfScalars:
      case Shape::kVectorOfStructs:
        return inline_vector(field, VectorView::of(table, field.offset));
      case Shape::kVectorOfStrings:
        return each(*table.GetPointer<const Strings*>(field.offset), [this](const auto& text) { return string(text); });
      case Shape::kVectorOfTables:
        return each(*table.GetPointer<const Tables*>(field.offset),
                    [this, &field](const auto& element) { return this->table(*field.child, element); });
      case Shape::kUnion:
        return alternative(field, table);
      default:
        return true;
    }
  }

  bool alternative(const FieldInfo& field, const AnyTable& table) {
    const UnionMember& member = field.enumeration->members.at(union_type(field, table));
    switch (member.shape) {
      case Shape::kString:
        return string(*table.GetPointer<const flatbuffers::String*>(field.offset));
      case Shape::kStruct:
        return structure(*member.child, table.GetPointer<const std::uint8_t*>(field.offset));
      default:
        return this->table(*member.child, *table.GetPointer<const AnyTable*>(field.offset));
    }
  }

  bool scalar(const FieldInfo& field, const std::uint8_t* at) {
    if (field.is_float()) return std::isfinite(read_real(field.scalar, at)) || fault(" is not finite");
    if (field.enumeration == nullptr) return true;
    const std::int64_t value = read_integer(field.scalar, at);
    return field.enumeration->has(value) ||
           fault(" is " + std::to_string(value) + ", which is no " + field.enumeration->name);
  }

  bool structure(const TypeInfo& type, const std::uint8_t* at) {
    for (const FieldInfo& field : type.fields) {
      if (!field.has_values_to_check) continue;
      if (!member(field, at + field.offset)) return in(field.name);
    }
    return true;
  }

  bool member(const FieldInfo& field, const std::uint8_t* at) {
    if (field.shape == Shape::kStruct) return structure(*field.child, at);
    if (field.shape == Shape::kArray) return elements(field, {at, field.length});
    return scalar(field, at);
  }

  bool string(const flatbuffers::String& text) {
    return spend(text.size()) && (engine::is_utf8(text.string_view()) || fault(" is not UTF-8"));
  }

  bool inline_vector(const FieldInfo& field, VectorView vector) {
    return spend(element_bytes(field) * vector.size) && elements(field, vector);
  }

  bool elements(const FieldInfo& field, VectorView vector) {
    const std::size_t step = element_bytes(field);
    const bool of_structs = field.child != nullptr;
    if (of_structs ? !field.child->has_values_to_check : !field.is_float() && field.enumeration == nullptr) return true;
    for (std::size_t i = 0; i < vector.size; ++i) {
      const std::uint8_t* at = vector.data + step * i;
      if (!(of_structs ? structure(*field.child, at) : scalar(field, at))) return in_element(i);
    }
    return true;
  }

  template <class Vector, class Element>
  bool each(const Vector& vector, Element element) {
    if (!spend(sizeof(flatbuffers::uoffset_t) * vector.size())) return false;
    for (flatbuffers::uoffset_t i = 0; i < vector.size(); ++i) {
      if (!element(*vector.Get(i))) return in_element(i);
    }
    return true;
  }

  bool spend(std::size_t bytes) {
    return budget_.spend(bytes) || fault(" takes the buffer's shared parts beyond what it may unpack to");
  }

  bool fault(std::string what) {
    what_ = std::move(what);
    return false;
  }
  // The path is put together on the way back, so that it costs nothing while all is well.
  bool in(const std::string& field) {
    path_ = path_.empty() || path_.front() == '[' ? field + path_ : field + "." + path_;
    return false;
  }
  bool in_element(std::size_t index) {
    const std::string element = fmt::format("[{}]", index);
    path_ = path_.empty() || path_.front() == '[' ? element + path_ : element + "." + path_;
    return false;
  }

  SharedBudget budget_;
  std::string path_;
  std::string what_;
};

}  // namespace

std::string first_bad_value(const TypeInfo& type, BytesView bytes) {
  if (!type.has_values_to_check) return {};
  return ValueCheck(bytes.size()).root(type, *flatbuffers::GetRoot<AnyTable>(bytes.data()));
}

}  // namespace netcode
