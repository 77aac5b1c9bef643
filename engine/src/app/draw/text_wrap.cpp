#include "engine/app/text_wrap.hpp"

#include <algorithm>

#include "code_points.hpp"

namespace engine::app {
namespace {

/// Scripts written without spaces, whose lines are broken between any two letters. (Korean has spaces, and is broken
/// between syllables where they do not help.)
bool breaks_anywhere(char32_t c) {
  return (c >= 0x2E80 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) ||
         (c >= 0xFF00 && c <= 0xFFEF) || (c >= 0x20000 && c <= 0x3FFFF);
}

/// Closing marks, which no line begins with: Unicode's line breaking classes CL, EX and NS, the common ones of them.
bool begins_no_line(char32_t c) {
  constexpr std::u32string_view kClosing = U"。、，．！？：；）」』】〉》ー々.,!?:;)]}";
  return kClosing.find(c) != std::u32string_view::npos;
}

/// What stands on the letter before it.
bool is_mark(char32_t c) {
  return (c >= 0x300 && c <= 0x36F) || c == 0x200D || (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0x3099 && c <= 0x309A);
}

/// Where to break a line of which `fits` bytes fit; 0 if no place is good.
std::size_t good_break(std::string_view line, std::size_t fits) {
  if (line[fits] == ' ') return fits;
  std::size_t best = 0;
  char32_t before = 0;
  for (std::size_t at = 0; at <= fits;) {
    const CodePoint next = first_code_point(line.substr(at));
    const bool is_free = breaks_anywhere(before) || breaks_anywhere(next.value);
    if (at > 0 && (next.value == U' ' || (is_free && !begins_no_line(next.value) && !is_mark(next.value)))) best = at;
    before = next.value;
    at += next.bytes;
  }
  return best;
}

}  // namespace

std::vector<std::string_view> wrap_text(Typeface& face, std::string_view text, float size_px, float width_px,
                                        float first_px) {
  std::vector<std::string_view> lines;
  float room = width_px - first_px;
  bool is_short = first_px > 0;
  while (true) {
    const std::string_view line = text.substr(0, text.find('\n'));
    std::size_t end = face.fitting(line, size_px, room);
    std::size_t next = end;
    if (end == line.size()) {
      lines.push_back(line);
      if (line.size() == text.size()) return lines;
      next = end + 1;
    } else {
      const std::size_t good = good_break(line, end);
      // Beside what stands there a word is not cut: the next line may hold it.
      if (good != 0 || is_short) end = good;
      if (end == 0 && !is_short) end = first_code_point(line).bytes;  // not even one letter fits
      lines.push_back(line.substr(0, end));
      next = end;
      if (end != 0) next = std::min(line.find_first_not_of(' ', end), line.size());
      // Spaces alone were left: the line is over.
      if (next == line.size() && line.size() == text.size()) return lines;
      if (next == line.size()) ++next;
    }
    text.remove_prefix(next);
    room = width_px;
    is_short = false;
  }
}

}  // namespace engine::app
