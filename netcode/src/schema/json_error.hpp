// Why a table is no JSON, or JSON no table: what for programs, where, and in words for people.
//
// Threading: values.
#pragma once

#include <boost/system/result.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace netcode {

enum class JsonFault : std::uint8_t {
  kUnknownTable,  // the schema has none of that name
  kUnsupported,   // a vector of unions or a nested buffer: JSON has no form for it
  kUnknownField,  // or a deprecated one
  kMissing,       // required, or a struct's
  kWrongType,     // a string in place of a number, 1.5 in place of an integer, an array of another length ...
  kOutOfRange,    // a number that there is no room for, or none of its enum's
  kNotUtf8,
  kDuplicateKey,
  kTooLarge,  // bytes, tables, depth or attachments
  kNotValid,  // bytes that are not of the table
};

/// For programs: "unknown_field".
constexpr std::string_view code_of(JsonFault fault) {
  switch (fault) {
    case JsonFault::kUnknownTable:
      return "unknown_table";
    case JsonFault::kUnsupported:
      return "unsupported";
    case JsonFault::kUnknownField:
      return "unknown_field";
    case JsonFault::kMissing:
      return "missing";
    case JsonFault::kWrongType:
      return "wrong_type";
    case JsonFault::kOutOfRange:
      return "out_of_range";
    case JsonFault::kNotUtf8:
      return "not_utf8";
    case JsonFault::kDuplicateKey:
      return "duplicate_key";
    case JsonFault::kTooLarge:
      return "too_large";
    case JsonFault::kNotValid:
      break;
  }
  return "not_valid";
}

struct JsonError {
  JsonFault fault = JsonFault::kNotValid;
  std::string field{};    // "kids[3].u8"; empty: the table itself
  std::string message{};  // "expected a whole number from 0 to 255, found a string"

  bool operator==(const JsonError&) const = default;
};

/// Test it with `if (!result)`, then read `*result` or `result.error()`.
template <class T>
using JsonResult = boost::system::result<T, JsonError>;

/// The first fault that a walk runs into. Its path is put together on the way back, so that it costs nothing while all
/// is well; each step returns false, for its caller to return.
class FaultTrail {
 public:
  bool fault(JsonFault fault, std::string message) {
    error_.fault = fault;
    error_.message = std::move(message);
    return false;
  }
  bool in(std::string_view field) {
    std::string& path = error_.field;
    if (!path.empty() && path.front() != '[') path.insert(0, 1, '.');
    path.insert(0, field);
    return false;
  }
  bool in_element(std::size_t index) { return in(std::string("[").append(std::to_string(index)).append("]")); }

  JsonError take() { return std::move(error_); }

 private:
  JsonError error_;
};

}  // namespace netcode
