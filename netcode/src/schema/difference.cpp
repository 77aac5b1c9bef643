#include <spdlog/fmt/fmt.h>

#include <bit>
#include <cstdint>

#include "schema/walk.hpp"

namespace netcode {

namespace {

std::string joined(const std::string& field, const std::string& below) {
  if (below.empty()) return {};
  return below.front() == '[' || below.front() == ':' ? field + below : field + "." + below;
}

// A missing scalar has its default; a missing string, struct, table or vector is not an empty one.
class Difference {
 public:
  static std::string of_tables(const TypeInfo& type, const AnyTable& left, const AnyTable& right) {
    for (const FieldInfo& field : type.fields) {
      const std::string found = of_field(field, left, right);
      if (!found.empty()) return joined(field.name, found);
    }
    return {};
  }

 private:
  static std::string of_field(const FieldInfo& field, const AnyTable& left, const AnyTable& right) {
    const std::uint8_t* at_left = left.GetAddressOf(field.offset);
    const std::uint8_t* at_right = right.GetAddressOf(field.offset);
    if (field.shape == Shape::kScalar) return of_scalars(field, at_left, at_right);
    if (at_left == nullptr && at_right == nullptr) return {};
    if (at_left == nullptr) return ": missing != present";
    if (at_right == nullptr) return ": present != missing";
    switch (field.shape) {
      case Shape::kStruct:
        return of_structs(*field.child, at_left, at_right);
      case Shape::kString:
        return of_strings(*left.GetPointer<const flatbuffers::String*>(field.offset),
                          *right.GetPointer<const flatbuffers::String*>(field.offset));
      case Shape::kTable:
        return of_tables(*field.child, *left.GetPointer<const AnyTable*>(field.offset),
                         *right.GetPointer<const AnyTable*>(field.offset));
      case Shape::kVectorOfScalars:
      case Shape::kVectorOfStructs:
        return of_inline_vectors(field, VectorView::of(left, field.offset), VectorView::of(right, field.offset));
      case Shape::kVectorOfStrings:
        return of_vectors(*left.GetPointer<const Strings*>(field.offset),
                          *right.GetPointer<const Strings*>(field.offset), of_strings);
      case Shape::kVectorOfTables:
        return of_vectors(*left.GetPointer<const Tables*>(field.offset), *right.GetPointer<const Tables*>(field.offset),
                          [&field](const AnyTable& a, const AnyTable& b) { return of_tables(*field.child, a, b); });
      default:
        return {};
    }
  }

  // Null: the default stands.
  static std::string of_scalars(const FieldInfo& field, const std::uint8_t* left, const std::uint8_t* right) {
    if (field.is_float()) {
      const double a = left != nullptr ? read_real(field.scalar, left) : field.default_real;
      const double b = right != nullptr ? read_real(field.scalar, right) : field.default_real;
      // By bits: a NaN equals itself here, and 0 is not -0, since a hash sees it so.
      return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b) ? std::string{}
                                                                                : fmt::format(": {} != {}", a, b);
    }
    const std::int64_t a = left != nullptr ? read_integer(field.scalar, left) : field.default_integer;
    const std::int64_t b = right != nullptr ? read_integer(field.scalar, right) : field.default_integer;
    return a == b ? std::string{} : fmt::format(": {} != {}", word(field, a), word(field, b));
  }

  static std::string word(const FieldInfo& field, std::int64_t value) {
    if (field.enumeration != nullptr) {
      const auto name = field.enumeration->names.find(value);
      if (name != field.enumeration->names.end()) return name->second;
    }
    return field.scalar == reflection::ULong ? std::to_string(static_cast<std::uint64_t>(value))
                                             : std::to_string(value);
  }

  static std::string of_structs(const TypeInfo& type, const std::uint8_t* left, const std::uint8_t* right) {
    for (const FieldInfo& field : type.fields) {
      const std::uint8_t* a = left + field.offset;
      const std::uint8_t* b = right + field.offset;
      const std::string found =
          field.shape == Shape::kStruct ? of_structs(*field.child, a, b) : of_scalars(field, a, b);
      if (!found.empty()) return joined(field.name, found);
    }
    return {};
  }

  static std::string of_strings(const flatbuffers::String& left, const flatbuffers::String& right) {
    return left.string_view() == right.string_view()
               ? std::string{}
               : fmt::format(": \"{}\" != \"{}\"", left.string_view(), right.string_view());
  }

  static std::string of_inline_vectors(const FieldInfo& field, VectorView left, VectorView right) {
    const std::size_t step = element_bytes(field);
    const bool of_structs_too = field.shape == Shape::kVectorOfStructs;
    for (std::size_t i = 0; i < std::min(left.size, right.size); ++i) {
      const std::uint8_t* a = left.data + step * i;
      const std::uint8_t* b = right.data + step * i;
      const std::string found = of_structs_too ? of_structs(*field.child, a, b) : of_scalars(field, a, b);
      if (!found.empty()) return joined(fmt::format("[{}]", i), found);
    }
    return of_sizes(left.size, right.size);
  }

  template <class Vector, class Compare>
  static std::string of_vectors(const Vector& left, const Vector& right, Compare compare) {
    for (flatbuffers::uoffset_t i = 0; i < std::min(left.size(), right.size()); ++i) {
      const std::string found = compare(*left.Get(i), *right.Get(i));
      if (!found.empty()) return joined(fmt::format("[{}]", i), found);
    }
    return of_sizes(left.size(), right.size());
  }

  static std::string of_sizes(std::size_t left, std::size_t right) {
    return left == right ? std::string{} : fmt::format(": {} elements != {} elements", left, right);
  }
};

}  // namespace

std::string first_different_field(const TypeInfo& type, BytesView left, BytesView right) {
  return Difference::of_tables(type, *flatbuffers::GetRoot<AnyTable>(left.data()),
                               *flatbuffers::GetRoot<AnyTable>(right.data()));
}

}  // namespace netcode
