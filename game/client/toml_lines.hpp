// The part of TOML that a file of settings needs, read line by line, so that one broken line costs one line, and what a
// person wrote (comments, order, keys of another build) is still there after a value was changed.
//
// Tables, dotted and quoted keys, texts of one line, whole numbers, numbers, true and false, and lists of texts, over
// several lines if need be, are understood; other values are kept as they stand. toml++, which reads the server's file,
// stops at the first error, and asserts on some (3.3: "[[[", "x = [}").
//
// Source: TOML v1.0.0. Plain values; bytes of any kind are read without harm.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace game::client {

struct TomlNumber {
  double value = 0;
  bool is_whole = false;
};
/// monostate: a value of another sort.
using TomlValue = std::variant<std::monostate, std::string, TomlNumber, bool, std::vector<std::string>>;

struct TomlLine {
  std::string text{};  // as it stands, without its end; a list may hold several lines
  std::size_t number = 0;
  std::string table{};    // that it is in
  std::string key{};      // with its tables, "sound.volume"; empty: a comment, a header, nothing
  std::string written{};  // the key as it stands
  bool is_header = false;
  TomlValue value{};
};

struct TomlFile {
  std::vector<TomlLine> lines{};
  /// Lines that were left out, and why: {3, "no value"}.
  std::vector<std::pair<std::size_t, std::string>> problems{};

  const TomlLine* find(std::string_view key) const;
  /// Changes the key's line, or adds one to its table. `table` is empty for a key of none; `value` is TOML.
  void set(const std::string& table, const std::string& name, const std::string& value);
  void erase_table(std::string_view table);
  std::string text() const;
};

TomlFile read_toml(std::string_view text);

/// In quotes, escaped.
std::string toml_text(std::string_view text);
std::string toml_list(const std::vector<std::string>& texts);
/// Without quotes where it may be.
std::string toml_key(std::string_view name);

}  // namespace game::client
