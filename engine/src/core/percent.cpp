#include "engine/core/percent.hpp"

#include <algorithm>
#include <cstddef>

#include "engine/core/utf8.hpp"

namespace engine {
namespace {

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

/// For messages: in printable letters.
std::string head_of(std::string_view text) { return printable_utf8(utf8_prefix(text, 64)); }

}  // namespace

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c)) {
      encoded += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      encoded += '%';
      encoded += kDigits[byte >> 4];
      encoded += kDigits[byte & 15];
    }
  }
  return encoded;
}

Result<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
    if (high < 0 || low < 0) return error("\"%\" without two hexadecimal digits in \"{}\"", head_of(text));
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  if (!is_utf8(decoded)) return error("\"{}\" does not decode to UTF-8", head_of(text));
  if (std::any_of(decoded.begin(), decoded.end(), is_control)) {
    return error("\"{}\" has control characters", head_of(text));
  }
  return decoded;
}

}  // namespace engine
