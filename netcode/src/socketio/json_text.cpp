#include "socketio/json_text.hpp"

#include <array>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace netcode::socketio {
namespace {

namespace json = boost::json;

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

/// The unit of UTF-16 that \uXXXX at `at` stands for, or -1.
int unit_at(std::string_view text, std::size_t at) {
  if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') return -1;
  int unit = 0;
  for (std::size_t i = at + 2; i < at + 6; ++i) {
    if (!is_hex(text[i])) return -1;
    unit = unit * 16 + (text[i] <= '9' ? text[i] - '0' : (text[i] | 0x20) - 'a' + 10);
  }
  return unit;
}
bool is_high(int unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
bool is_low(int unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

/// With \ufffd in place of each escaped surrogate that has no other beside it.
std::string without_lone_surrogates(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const int unit = unit_at(text, i);
    if (is_high(unit) && is_low(unit_at(text, i + 6))) {
      out += text.substr(i, 12);
      i += 12;
    } else if (is_high(unit) || is_low(unit)) {
      out += "\\ufffd";
      i += 6;
    } else {
      const std::size_t length = text[i] == '\\' && i + 1 < text.size() ? 2 : 1;
      out += text.substr(i, length);
      i += length;
    }
  }
  return out;
}

/// Builds the value of what Boost.JSON parses, but for numbers with a fraction or an exponent: of those it rounds one
/// in ten to a neighbour, where std::from_chars finds the nearest, as JavaScript does.
struct Builder {
  using Error = boost::system::error_code;
  // Boost.JSON looks for these names.
  // NOLINTBEGIN(readability-identifier-naming)
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  // NOLINTEND(readability-identifier-naming)

  bool on_document_begin(Error&) {
    stack.reset();
    return true;
  }
  bool on_document_end(Error&) { return true; }
  bool on_object_begin(Error&) { return true; }
  bool on_object_end(std::size_t size, Error&) {
    stack.push_object(size);
    return true;
  }
  bool on_array_begin(Error&) { return true; }
  bool on_array_end(std::size_t size, Error&) {
    stack.push_array(size);
    return true;
  }
  bool on_key_part(json::string_view text, std::size_t, Error&) {
    stack.push_chars(text);
    return true;
  }
  bool on_key(json::string_view text, std::size_t, Error&) {
    stack.push_key(text);
    return true;
  }
  bool on_string_part(json::string_view text, std::size_t, Error&) {
    stack.push_chars(text);
    return true;
  }
  bool on_string(json::string_view text, std::size_t, Error&) {
    stack.push_string(text);
    return true;
  }
  bool on_number_part(json::string_view text, Error&) {
    number.append(text.data(), text.size());
    return true;
  }
  bool on_int64(std::int64_t value, json::string_view, Error&) {
    number.clear();
    stack.push_int64(value);
    return true;
  }
  bool on_uint64(std::uint64_t value, json::string_view, Error&) {
    number.clear();
    stack.push_uint64(value);
    return true;
  }
  bool on_double(double value, json::string_view text, Error&) {
    number.append(text.data(), text.size());
    double nearest = 0;
    const auto read = std::from_chars(number.data(), number.data() + number.size(), nearest);
    stack.push_double(read.ec == std::errc() ? nearest : value);  // else it is beyond what there is
    number.clear();
    return true;
  }
  bool on_bool(bool value, Error&) {
    stack.push_bool(value);
    return true;
  }
  bool on_null(Error&) {
    stack.push_null();
    return true;
  }
  bool on_comment_part(json::string_view, Error&) { return true; }
  bool on_comment(json::string_view, Error&) { return true; }

  json::value_stack stack{};
  std::string number{};  // of one that came in parts
};

void append_text(std::string_view text, std::string& to) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  to += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        to += "\\\"";
        break;
      case '\\':
        to += "\\\\";
        break;
      case '\b':
        to += "\\b";
        break;
      case '\f':
        to += "\\f";
        break;
      case '\n':
        to += "\\n";
        break;
      case '\r':
        to += "\\r";
        break;
      case '\t':
        to += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          to += "\\u00";
          to += kHex[static_cast<unsigned char>(c) >> 4];
          to += kHex[static_cast<unsigned char>(c) & 15U];
        } else {
          to += c;
        }
    }
  }
  to += '"';
}

void append_value(const json::value& value, std::string& to) {
  switch (value.kind()) {
    case json::kind::null:
      to += "null";
      return;
    case json::kind::bool_:
      to += value.get_bool() ? "true" : "false";
      return;
    case json::kind::int64:
      return append_number(static_cast<double>(value.get_int64()), to);
    case json::kind::uint64:
      return append_number(static_cast<double>(value.get_uint64()), to);
    case json::kind::double_:
      return append_number(value.get_double(), to);
    case json::kind::string:
      return append_text(value.get_string(), to);
    case json::kind::array: {
      to += '[';
      for (const json::value& element : value.get_array()) {
        if (&element != value.get_array().data()) to += ',';
        append_value(element, to);
      }
      to += ']';
      return;
    }
    case json::kind::object: {
      to += '{';
      bool is_first = true;
      for (const auto& [key, member] : value.get_object()) {
        if (!std::exchange(is_first, false)) to += ',';
        append_text(key, to);
        to += ':';
        append_value(member, to);
      }
      to += '}';
      return;
    }
  }
}

}  // namespace

engine::Result<json::value> parse_json(std::string_view text) {
  std::string mended;
  if (text.find("\\u") != std::string_view::npos) {
    mended = without_lone_surrogates(text);
    text = mended;
  }
  json::parse_options options;
  options.max_depth = kJsonDepthMax;
  boost::system::error_code error;
  json::basic_parser<Builder> parser(options);
  const std::size_t taken = parser.write_some(false, text.data(), text.size(), error);
  if (!error && taken < text.size()) error = json::error::extra_data;
  if (error) return engine::error("no JSON: {}", error.message());
  return parser.handler().stack.release();
}

// ECMAScript, Number::toString: the shortest digits that read back as the same number, the point where it lies within
// 21 digits before and 6 after, else an exponent.
void append_number(double number, std::string& to) {
  if (!std::isfinite(number)) {
    to += "null";
    return;
  }
  if (number == 0) {  // and -0
    to += '0';
    return;
  }
  std::array<char, 32> buffer;
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::abs(number), std::chars_format::scientific);
  const std::string_view text(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data()));
  const std::size_t exponent_at = text.find('e');
  std::string digits(1, text[0]);
  if (exponent_at > 1) digits += text.substr(2, exponent_at - 2);
  int exponent = 0;
  const std::size_t sign = text[exponent_at + 1] == '+' ? 1 : 0;  // from_chars knows none
  std::from_chars(text.data() + exponent_at + 1 + sign, end.ptr, exponent);
  const int point = exponent + 1;  // so many digits stand before it
  const int count = static_cast<int>(digits.size());
  if (number < 0) to += '-';
  if (point > 21 || point <= -6) {
    to += digits[0];
    if (count > 1) to.append(".").append(digits, 1);
    to += exponent < 0 ? "e-" : "e+";
    to += std::to_string(std::abs(exponent));
  } else if (point <= 0) {
    to.append("0.").append(static_cast<std::size_t>(-point), '0').append(digits);
  } else if (point >= count) {
    to.append(digits).append(static_cast<std::size_t>(point - count), '0');
  } else {
    to.append(digits, 0, static_cast<std::size_t>(point)).append(".").append(digits, static_cast<std::size_t>(point));
  }
}

std::string json_text(const json::value& value) {
  std::string text;
  append_value(value, text);
  return text;
}

}  // namespace netcode::socketio
