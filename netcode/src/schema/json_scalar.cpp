#include "schema/json_scalar.hpp"

#include <flatbuffers/flatbuffers.h>
#include <spdlog/fmt/fmt.h>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

#include "engine/core/utf8.hpp"
#include "schema/number.hpp"

namespace netcode {

namespace {

namespace json = boost::json;

/// Beyond it JavaScript's numbers are not all the whole numbers.
constexpr std::uint64_t kExactMax = (std::uint64_t{1} << 53) - 1;
constexpr double kBeyondInt64 = 9223372036854775808.0;
constexpr std::size_t kShownBytesMax = 64;

/// None: it is no number, not whole, or more than 64 bits have room for.
std::optional<Number> whole_number(const json::value& value) {
  if (const auto* integer = value.if_int64()) return *integer;
  if (const auto* integer = value.if_uint64()) return *integer;
  const double* real = value.if_double();
  if (real == nullptr || std::trunc(*real) != *real) return std::nullopt;
  if (*real >= -kBeyondInt64 && *real < kBeyondInt64) return static_cast<std::int64_t>(*real);
  if (*real >= kBeyondInt64 && *real < 2 * kBeyondInt64) return static_cast<std::uint64_t>(*real);
  return std::nullopt;
}

bool is_exact(Number whole) {
  if (const auto* integer = std::get_if<std::int64_t>(&whole))
    return *integer >= -static_cast<std::int64_t>(kExactMax) && *integer <= static_cast<std::int64_t>(kExactMax);
  const auto* integer = std::get_if<std::uint64_t>(&whole);
  return integer != nullptr && *integer <= kExactMax;
}

/// Digits as JavaScript's BigInt prints them: no sign but a minus, no zeros in front.
std::optional<Number> decimal(std::string_view text) {
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  const bool is_zero = text == "0";
  if (!is_zero && (digits.empty() || digits.front() < '1' || digits.front() > '9')) return std::nullopt;
  const auto read = [text](auto& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size();
  };
  std::int64_t integer = 0;
  if (read(integer)) return integer;
  std::uint64_t large = 0;
  if (!text.starts_with('-') && read(large)) return large;
  return std::nullopt;
}

bool is_wide(const FieldInfo& field) { return field.scalar == reflection::Long || field.scalar == reflection::ULong; }

std::string range_of(reflection::BaseType scalar) {
  const auto range = [](auto of_type) {
    using Limits = std::numeric_limits<decltype(of_type)>;
    return fmt::format("a whole number from {} to {}", Limits::min(), Limits::max());
  };
  const auto wide = [&range](auto of_type) {
    return fmt::format("{}, as a string of digits beyond {}", range(of_type), kExactMax);
  };
  switch (scalar) {
    case reflection::Bool:
      return "0 or 1";
    case reflection::Byte:
      return range(std::int8_t{});
    case reflection::UByte:
      return range(std::uint8_t{});
    case reflection::Short:
      return range(std::int16_t{});
    case reflection::UShort:
      return range(std::uint16_t{});
    case reflection::Int:
      return range(std::int32_t{});
    case reflection::UInt:
      return range(std::uint32_t{});
    case reflection::Long:
      return wide(std::int64_t{});
    default:
      return wide(std::uint64_t{});
  }
}

std::string expected_of(const FieldInfo& field) {
  if (field.enumeration == nullptr) return range_of(field.scalar);
  return fmt::format(
      "{} of {}{}", field.enumeration->is_flags ? "the sum of flags" : "the name or the number of a value",
      field.enumeration->name, is_wide(field) ? ", as a string of digits beyond " + std::to_string(kExactMax) : "");
}

bool write_real(const FieldInfo& field, const json::value& value, std::uint8_t* at, FaultTrail& trail) {
  double real = 0;
  if (const auto* integer = value.if_int64()) {
    real = static_cast<double>(*integer);
  } else if (const auto* large = value.if_uint64()) {
    real = static_cast<double>(*large);
  } else if (const double* given = value.if_double()) {
    real = *given;
  } else {
    return trail.fault(JsonFault::kWrongType, expected("a number", value));
  }
  // Narrowed before it is looked at: the shortest text of the largest float is a little more than that.
  if (field.scalar == reflection::Float) {
    const auto narrow = static_cast<float>(real);
    if (std::isfinite(narrow)) flatbuffers::WriteScalar(at, narrow);
    if (std::isfinite(narrow)) return true;
  } else if (std::isfinite(real)) {
    flatbuffers::WriteScalar(at, real);
    return true;
  }
  return trail.fault(JsonFault::kOutOfRange, fmt::format("{} is not finite in {} bits", real, field.scalar_bytes * 8));
}

bool write_integer(const FieldInfo& field, const json::value& value, std::uint8_t* at, FaultTrail& trail) {
  std::optional<Number> number;
  if (const json::string* text = value.if_string()) {
    const std::string_view given(text->data(), text->size());
    if (field.enumeration != nullptr && !field.enumeration->is_flags) {
      const auto named = field.enumeration->values.find(given);
      if (named != field.enumeration->values.end())
        number = field.scalar == reflection::ULong && named->second < 0
                     ? Number(static_cast<std::uint64_t>(named->second))
                     : Number(named->second);
    }
    if (!number && is_wide(field)) number = decimal(given);
    if (!number)
      return trail.fault(JsonFault::kWrongType,
                         fmt::format("expected {}, found \"{}\"", expected_of(field), shown(given)));
  } else {
    number = whole_number(value);
    if (!number) return trail.fault(JsonFault::kWrongType, expected(expected_of(field), value));
    if (is_wide(field) && !is_exact(*number))
      return trail.fault(JsonFault::kOutOfRange, expected(expected_of(field), value));
  }
  if (write_number(field, *number, at)) return true;
  return trail.fault(JsonFault::kOutOfRange, expected(expected_of(field), value));
}

}  // namespace

bool write_json_scalar(const FieldInfo& field, const json::value& value, std::uint8_t* at, FaultTrail& trail) {
  if (field.is_float()) return write_real(field, value, at, trail);
  if (field.scalar != reflection::Bool || field.enumeration != nullptr) return write_integer(field, value, at, trail);
  const bool* given = value.if_bool();
  if (given == nullptr) return trail.fault(JsonFault::kWrongType, expected("true or false", value));
  flatbuffers::WriteScalar(at, static_cast<std::uint8_t>(*given));
  return true;
}

std::string_view kind_of(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      return "null";
    case json::kind::bool_:
      return value.get_bool() ? "true" : "false";
    case json::kind::string:
      return "a string";
    case json::kind::array:
      return "an array";
    case json::kind::object:
      return "an object";
    default:
      return "a number";
  }
}

std::string expected(std::string_view what, const json::value& found) {
  if (const auto* integer = found.if_int64()) return fmt::format("expected {}, found {}", what, *integer);
  if (const auto* integer = found.if_uint64()) return fmt::format("expected {}, found {}", what, *integer);
  if (const double* real = found.if_double()) return fmt::format("expected {}, found {}", what, *real);
  return fmt::format("expected {}, found {}", what, kind_of(found));
}

std::string shown(std::string_view text) {
  if (text.size() <= kShownBytesMax) return engine::printable_utf8(text);
  std::size_t end = kShownBytesMax;
  while (end > kShownBytesMax - 4 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80) --end;
  return engine::printable_utf8(text.substr(0, end)) + "...";
}

}  // namespace netcode
