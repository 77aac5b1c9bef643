#include "engine/core/utf8.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "utf8_decode.hpp"
#include "visible_ranges.hpp"

namespace engine {
namespace {

bool is_unprintable(char32_t c) {
  const bool control = c < 0x20 || (c >= 0x7F && c <= 0x9F);
  const bool line_or_paragraph = c == 0x2028 || c == 0x2029;
  const bool direction =
      c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
  return control || line_or_paragraph || direction;
}

bool is_in(std::span<const detail::CodePointRange> ranges, char32_t c) {
  const auto after =
      std::upper_bound(ranges.begin(), ranges.end(), c,
                       [](char32_t value, const detail::CodePointRange& range) { return value < range.first; });
  return after != ranges.begin() && c <= std::prev(after)->last;
}

// General category Zs.
bool is_space(char32_t c) {
  return c == 0x20 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t bytes = detail::decode_utf8(text).bytes;
    if (bytes == 0) return false;
    text.remove_prefix(bytes);
  }
  return true;
}

std::string_view utf8_prefix(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<std::uint8_t>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end);
}

std::string printable_utf8(std::string_view text) {
  std::string printable;
  printable.reserve(text.size());
  while (!text.empty()) {
    const detail::CodePoint code_point = detail::decode_utf8(text);
    if (code_point.bytes == 0) {
      printable += detail::kReplacementCharacter;
      text.remove_prefix(1);
      continue;
    }
    if (!is_unprintable(code_point.value)) printable += text.substr(0, code_point.bytes);
    text.remove_prefix(code_point.bytes);
  }
  return printable;
}

std::string visible_name(std::string_view text) {
  constexpr int kMarksMax = 2;
  std::string name;
  bool wants_space = false;
  int marks_left = 0;
  for (; !text.empty(); text.remove_prefix(std::max<std::size_t>(detail::decode_utf8(text).bytes, 1))) {
    const detail::CodePoint code_point = detail::decode_utf8(text);
    if (code_point.bytes == 0) continue;
    if (is_space(code_point.value)) {
      wants_space = !name.empty();
      marks_left = 0;
    } else if (is_in(detail::kVisible, code_point.value)) {
      if (std::exchange(wants_space, false)) name += ' ';
      name += text.substr(0, code_point.bytes);
      marks_left = kMarksMax;
    } else if (marks_left > 0 && is_in(detail::kMarks, code_point.value)) {
      name += text.substr(0, code_point.bytes);
      --marks_left;
    }
  }
  return name;
}

}  // namespace engine
