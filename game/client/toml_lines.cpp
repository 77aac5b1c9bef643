#include "game/client/toml_lines.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <limits>
#include <set>
#include <utility>

#include "engine/core/utf8.hpp"

namespace game::client {
namespace {

constexpr std::string_view kSpace = " \t\r";
constexpr std::size_t kListLinesMax = 64;
constexpr std::string_view kNobodys = "[]";

bool is_bare(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-'; }

void append_utf8(std::string& out, std::uint32_t point) {
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (point < 0x80) return put(point);
  if (point < 0x800) {
    put(0xC0 | point >> 6U);
  } else if (point < 0x10000) {
    put(0xE0 | point >> 12U);
    put(0x80 | (point >> 6U & 0x3FU));
  } else {
    put(0xF0 | point >> 18U);
    put(0x80 | (point >> 12U & 0x3FU));
    put(0x80 | (point >> 6U & 0x3FU));
  }
  put(0x80 | (point & 0x3FU));
}

/// Reads from the beginning of what is left; `problem` is set by the first thing that cannot be.
struct Cursor {
  std::string_view left;
  std::string problem{};

  bool fail(std::string_view why) {
    if (problem.empty()) problem = why;
    return false;
  }
  bool take(char c) {
    if (!left.starts_with(c)) return false;
    left.remove_prefix(1);
    return true;
  }
  void skip_space() { left.remove_prefix(std::min(left.find_first_not_of(kSpace), left.size())); }
  /// Also comments and line ends: within a list.
  void skip_lines() {
    for (;;) {
      left.remove_prefix(std::min(left.find_first_not_of(" \t\r\n"), left.size()));
      if (!left.starts_with('#')) return;
      left.remove_prefix(std::min(left.find('\n'), left.size()));
    }
  }
  bool is_at_end() {
    skip_space();
    return left.empty() || left.front() == '#';
  }

  bool escape(std::string& out) {
    if (left.empty()) return fail("the quote is not closed");
    const char c = left.front();
    left.remove_prefix(1);
    static constexpr std::string_view kNames = "btnfr\"\\";
    static constexpr std::string_view kMeant = "\b\t\n\f\r\"\\";
    if (const auto at = kNames.find(c); at != std::string_view::npos) {
      out += kMeant[at];
      return true;
    }
    const std::size_t digits = c == 'u' ? 4 : c == 'U' ? 8 : 0;
    std::uint32_t point = 0;
    const char* end = left.data() + std::min(digits, left.size());
    const auto [stop, error] = std::from_chars(left.data(), end, point, 16);
    if (digits == 0 || error != std::errc() || stop != left.data() + digits) return fail("no such escape");
    if (point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) return fail("no such escape");
    left.remove_prefix(digits);
    append_utf8(out, point);
    return true;
  }

  bool text(std::string& out) {
    const char quote = left.front();
    if (left.size() >= 3 && left[1] == quote && left[2] == quote)
      return fail("texts of several lines are not for here");
    left.remove_prefix(1);
    while (!left.empty() && left.front() != '\n') {
      const char c = left.front();
      left.remove_prefix(1);
      if (c == quote) return true;
      if (c == '\\' && quote == '"') {
        if (!escape(out)) return false;
      } else {
        out += c;
      }
    }
    return fail("the quote is not closed");
  }

  /// "a.b" or "a . 'b c'", as one name with dots.
  bool key(std::string& out) {
    do {
      skip_space();
      if (!out.empty()) out += '.';
      if (left.starts_with('"') || left.starts_with('\'')) {
        if (!text(out)) return false;
      } else {
        const auto end = std::find_if_not(left.begin(), left.end(), is_bare);
        if (end == left.begin()) return fail("a name is expected");
        out.append(left.begin(), end);
        left.remove_prefix(static_cast<std::size_t>(end - left.begin()));
      }
      skip_space();
    } while (take('.'));
    return true;
  }

  /// A list of texts; of anything else, nested too, it only finds the end.
  bool list(TomlValue& out) {
    std::vector<std::string> texts;
    bool is_of_texts = true;
    std::string open;  // the brackets that are
    do {
      skip_lines();
      if (left.empty()) return fail("the list is not closed");
      const char c = left.front();
      if (c == '"' || c == '\'') {
        if (!text(texts.emplace_back())) return false;
      } else if (c == '[' || c == '{') {
        is_of_texts = is_of_texts && open.empty() && c == '[';
        open += c == '[' ? ']' : '}';
        left.remove_prefix(1);
      } else if (c == ']' || c == '}') {
        if (open.back() != c) return fail("brackets do not match");
        open.pop_back();
        left.remove_prefix(1);
      } else {
        is_of_texts = is_of_texts && c == ',';
        left.remove_prefix(1);
      }
    } while (!open.empty());
    if (is_of_texts) out = std::move(texts);
    return true;
  }

  bool word(TomlValue& out) {
    const std::string_view all = left.substr(0, std::min(left.find_first_of("# \t\r\n,"), left.size()));
    left.remove_prefix(all.size());
    if (all == "true" || all == "false") {
      out = all == "true";
      return true;
    }
    std::string digits;
    std::copy_if(all.begin(), all.end(), std::back_inserter(digits), [](char c) { return c != '_'; });
    if (digits.starts_with('+')) digits.erase(0, 1);
    TomlNumber number;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number.value);
    number.is_whole = digits.find_first_of(".eEin") == std::string::npos;
    if (error == std::errc() && end == digits.data() + digits.size()) {
      out = number;
      return true;
    }
    // Dates, hexadecimal numbers: of another build, if at all.
    return (!all.empty() && std::isdigit(static_cast<unsigned char>(all.front())) != 0) || fail("no value");
  }

  bool value(TomlValue& out) {
    skip_space();
    if (left.starts_with('"') || left.starts_with('\'')) return text(out.emplace<std::string>());
    if (left.starts_with('[') || left.starts_with('{')) return list(out);
    return word(out);
  }
};

/// Reads one line, or a list of several: `rest` begins with it. Returns how much of it that was.
std::size_t read_line(std::string_view rest, TomlLine& line, std::string& table, std::string& problem) {
  const std::size_t first_end = std::min(rest.find('\n'), rest.size());
  // A list may go on, but not through the whole file: its bracket may be missing.
  std::size_t reach = first_end;
  for (std::size_t i = 1; i < kListLinesMax && reach < rest.size(); ++i)
    reach = std::min(rest.find('\n', reach + 1), rest.size());
  Cursor cursor{rest.substr(0, first_end)};
  if (!engine::is_utf8(cursor.left)) {
    problem = "not UTF-8";
    return first_end;
  }
  if (cursor.is_at_end()) return first_end;
  if (cursor.take('[')) {
    const bool is_one_of_many = cursor.take('[');
    std::string name;
    if (cursor.key(name) && (!cursor.take(']') || (is_one_of_many && !cursor.take(']')))) {
      cursor.fail("the bracket is not closed");
    }
    if (cursor.problem.empty() && !cursor.is_at_end()) cursor.fail("something follows the bracket");
    problem = cursor.problem;
    line.is_header = true;
    // Tables of a list have the same keys over and over, and what follows a broken header is nobody's.
    table = !problem.empty() ? std::string(kNobodys) : is_one_of_many ? name + "[]" : name;
    return first_end;
  }
  if (cursor.key(line.key) && !cursor.take('=')) cursor.fail("\"=\" is expected");
  if (cursor.problem.empty()) {
    line.written = std::string(rest.substr(0, first_end - cursor.left.size() - 1));
    const std::size_t before = first_end - cursor.left.size();
    cursor.left = rest.substr(before, reach - before);
    cursor.value(line.value);
  }
  if (cursor.problem.empty()) {
    cursor.skip_space();
    if (!cursor.left.empty() && cursor.left.front() != '#' && cursor.left.front() != '\n') {
      cursor.fail("something follows the value");
    }
  }
  problem = cursor.problem;
  if (!problem.empty()) return first_end;
  const std::size_t used = reach - cursor.left.size();
  const std::size_t end = std::min(rest.find('\n', used), rest.size());
  if (!engine::is_utf8(rest.substr(0, end))) problem = "not UTF-8";
  return problem.empty() ? end : first_end;
}

std::string trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kSpace), text.size()));
  while (!text.empty() && kSpace.find(text.back()) != std::string_view::npos) text.remove_suffix(1);
  return std::string(text);
}

}  // namespace

TomlFile read_toml(std::string_view text) {
  TomlFile file;
  std::string table;
  std::set<std::string> seen;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // a byte-order mark
  for (std::size_t number = 1; !text.empty();) {
    TomlLine line;
    std::string problem;
    const std::size_t length = read_line(text, line, table, problem);
    line.text = std::string(text.substr(0, length));
    line.number = number;
    line.table = table;
    number += 1 + static_cast<std::size_t>(std::count(line.text.begin(), line.text.end(), '\n'));
    text.remove_prefix(std::min(length + 1, text.size()));
    if (problem.empty() && !line.key.empty()) {
      line.written = trimmed(line.written);
      if (!table.empty()) line.key.insert(0, table + ".");
      const bool is_ours = !table.ends_with("[]");
      if (is_ours && !seen.insert(line.key).second) problem = "the key is there already";
    }
    if (problem.empty() && table == kNobodys && !line.key.empty()) problem = "in no table";
    if (problem.empty()) {
      file.lines.push_back(std::move(line));
    } else {
      file.problems.emplace_back(line.number, std::move(problem));
    }
  }
  return file;
}

const TomlLine* TomlFile::find(std::string_view key) const {
  const auto found = std::find_if(lines.begin(), lines.end(), [&](const TomlLine& l) { return l.key == key; });
  return found == lines.end() ? nullptr : &*found;
}

void TomlFile::set(const std::string& table, const std::string& name, const std::string& value) {
  const std::string key = table.empty() ? name : table + "." + name;
  for (TomlLine& line : lines) {
    if (line.key != key) continue;
    line.text = line.written + " = " + value;
    return;
  }
  TomlLine line;
  line.text = toml_key(name) + " = " + value;
  line.table = table;
  line.key = key;
  line.written = toml_key(name);
  // After the last line of its table that says something.
  auto after = lines.end();
  for (auto at = lines.begin(); at != lines.end(); ++at) {
    if (at->table == table && !at->text.empty()) after = at;
  }
  if (after != lines.end()) {
    lines.insert(after + 1, std::move(line));
  } else if (table.empty()) {
    lines.insert(lines.begin(), std::move(line));
  } else {
    TomlLine header;
    header.text = "[" + toml_key(table) + "]";
    header.table = table;
    header.is_header = true;
    if (!lines.empty() && !lines.back().text.empty()) {
      TomlLine gap;
      gap.table = lines.back().table;
      lines.push_back(std::move(gap));
    }
    lines.push_back(std::move(header));
    lines.push_back(std::move(line));
  }
}

void TomlFile::erase_table(std::string_view table) {
  const std::string prefix = std::string(table) + ".";
  std::erase_if(lines, [&](const TomlLine& l) { return l.key == table || l.key.starts_with(prefix); });
}

std::string TomlFile::text() const {
  std::string all;
  for (const TomlLine& line : lines) all += line.text + "\n";
  return all;
}

std::string toml_text(std::string_view text) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.append({'\\', c});
    } else if (byte < 0x20 || byte == 0x7F) {
      out.append("\\u00").append({kDigits[byte >> 4U], kDigits[byte & 15U]});
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string toml_list(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) out.append(out.size() == 1 ? "" : ", ").append(toml_text(text));
  return out + "]";
}

std::string toml_key(std::string_view name) {
  const bool is_plain = !name.empty() && std::all_of(name.begin(), name.end(), is_bare);
  return is_plain ? std::string(name) : toml_text(name);
}

}  // namespace game::client
