#include "schema/number.hpp"

#include <flatbuffers/flatbuffers.h>

#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace netcode {

namespace {

constexpr double kTwoTo63 = 9223372036854775808.0;

// The nearest integer; none if no scalar has room for it.
std::optional<Number> rounded(double real) {
  const double whole = std::nearbyint(real);
  if (whole >= -kTwoTo63 && whole < kTwoTo63) return static_cast<std::int64_t>(whole);
  if (whole >= kTwoTo63 && whole < 2 * kTwoTo63) return static_cast<std::uint64_t>(whole);
  return std::nullopt;
}

template <class T>
bool write_as(Number integer, std::uint8_t* at) {
  const auto write = [at](auto value) {
    if (!std::in_range<T>(value)) return false;
    flatbuffers::WriteScalar(at, static_cast<T>(value));
    return true;
  };
  if (const auto* value = std::get_if<std::uint64_t>(&integer)) return write(*value);
  if (const auto* value = std::get_if<std::int64_t>(&integer)) return write(*value);
  return false;
}

bool write_real(const FieldInfo& field, double real, std::uint8_t* at) {
  if (!std::isfinite(real)) return false;
  if (field.scalar == reflection::Double) {
    flatbuffers::WriteScalar(at, real);
    return true;
  }
  if (std::abs(real) > static_cast<double>(std::numeric_limits<float>::max())) return false;
  flatbuffers::WriteScalar(at, static_cast<float>(real));
  return true;
}

double real_of(Number number) {
  return std::visit([](auto value) { return static_cast<double>(value); }, number);
}

// As enums keep their numbers: those of a ulong by their bits.
std::int64_t bits_of(Number integer) {
  const auto* is_unsigned = std::get_if<std::uint64_t>(&integer);
  return is_unsigned != nullptr ? static_cast<std::int64_t>(*is_unsigned) : std::get<std::int64_t>(integer);
}

bool write_integer(const FieldInfo& field, Number integer, std::uint8_t* at) {
  if (field.enumeration != nullptr) {
    const bool is_beyond = std::holds_alternative<std::uint64_t>(integer) && field.scalar != reflection::ULong;
    if (is_beyond || !field.enumeration->has(bits_of(integer))) return false;
  }
  switch (field.scalar) {
    case reflection::Bool:
      return (integer == Number(std::int64_t{0}) || integer == Number(std::int64_t{1})) &&
             write_as<std::uint8_t>(integer, at);
    case reflection::Byte:
      return write_as<std::int8_t>(integer, at);
    case reflection::UByte:
      return write_as<std::uint8_t>(integer, at);
    case reflection::Short:
      return write_as<std::int16_t>(integer, at);
    case reflection::UShort:
      return write_as<std::uint16_t>(integer, at);
    case reflection::Int:
      return write_as<std::int32_t>(integer, at);
    case reflection::UInt:
      return write_as<std::uint32_t>(integer, at);
    case reflection::Long:
      return write_as<std::int64_t>(integer, at);
    case reflection::ULong:
      return write_as<std::uint64_t>(integer, at);
    default:
      return false;
  }
}

Number integer_of(const FieldInfo& field, std::int64_t bits) {
  if (field.scalar == reflection::ULong && bits < 0) return static_cast<std::uint64_t>(bits);
  return field.scalar == reflection::Bool ? std::int64_t{bits != 0} : bits;
}

}  // namespace

Number read_number(const FieldInfo& field, const std::uint8_t* at) {
  if (field.is_float()) return read_real(field.scalar, at);
  return integer_of(field, read_integer(field.scalar, at));
}

Number default_number(const FieldInfo& field) {
  if (field.is_float()) return field.default_real;
  return integer_of(field, field.default_integer);
}

Number blank_number(const FieldInfo& field) {
  if (field.is_float()) return 0.0;
  const bool is_none = field.enumeration != nullptr && !field.enumeration->has(0) && !field.enumeration->names.empty();
  return integer_of(field, is_none ? field.enumeration->names.begin()->first : 0);
}

bool write_number(const FieldInfo& field, Number number, std::uint8_t* at) {
  if (field.is_float()) return write_real(field, real_of(number), at);
  if (const auto* real = std::get_if<double>(&number)) {
    const auto whole = rounded(*real);
    return whole && write_integer(field, *whole, at);
  }
  return write_integer(field, number, at);
}

}  // namespace netcode
