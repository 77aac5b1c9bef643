// Settings as TOML. The file comes from a person's hands: read leniently, line by line where need be.
#include <spdlog/fmt/fmt.h>
#include <toml++/toml.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <system_error>

#include "engine/app/input.hpp"
#include "engine/core/utf8.hpp"
#include "game/client/settings.hpp"
#include "game/client/settings_fields.hpp"

namespace game::client {
namespace {

namespace fs = std::filesystem;
using namespace fields;

/// A hand-written file of settings has a few dozen lines.
constexpr std::size_t kFileBytesMax = 256 * 1024;
/// Lines that are left out one by one before the rest of the file is given up.
constexpr int kBadLinesMax = 20;
constexpr std::size_t kKeysMax = 128;

using Problem = std::optional<std::string>;  // what a value is not, in words

// --- One value -------------------------------------------------------------------------------------------------------

Problem read(const toml::node& node, std::string& out, Text text) {
  const auto value = node.value_exact<std::string>();
  if (!value) return "is a text in quotes";
  if (value->size() < text.bytes_min) return "is empty";
  if (value->size() > text.bytes_max) return fmt::format("is longer than {} bytes", text.bytes_max);
  if (engine::printable_utf8(*value) != *value) return "holds letters that cannot be shown";
  out = *value;
  return std::nullopt;
}

Problem read(const toml::node& node, std::vector<std::string>& out, Texts texts) {
  const toml::array* values = node.as_array();
  if (!values) return "is a list of texts in quotes";
  std::vector<std::string> read_so_far;
  for (const toml::node& value : *values) {
    if (read_so_far.size() == texts.count_max) return fmt::format("holds more than {} texts", texts.count_max);
    if (Problem problem = read(value, read_so_far.emplace_back(), Text{1, texts.bytes_max})) return problem;
  }
  out = std::move(read_so_far);
  return std::nullopt;
}

template <class T>
Problem read(const toml::node& node, T& out, Range<T> range) {
  const auto value = node.value<double>();
  const bool is_whole = node.is_integer() || !std::is_integral_v<T>;
  if (!node.is_number() || !value || !is_whole) return std::is_integral_v<T> ? "is a whole number" : "is a number";
  if (!(*value >= static_cast<double>(range.min) && *value <= static_cast<double>(range.max))) {
    return fmt::format("is {} to {}", range.min, range.max);
  }
  out = static_cast<T>(*value);
  return std::nullopt;
}

Problem read(const toml::node& node, bool& out, Flag) {
  const auto value = node.value_exact<bool>();
  if (!value) return "is true or false";
  out = *value;
  return std::nullopt;
}

template <class E, std::size_t N>
Problem read(const toml::node& node, E& out, const Words<N>& words) {
  const auto value = node.value_exact<std::string>();
  for (std::size_t i = 0; value && i < N; ++i) {
    if (words.words[i] != *value) continue;
    out = static_cast<E>(i);
    return std::nullopt;
  }
  return fmt::format("is one of: {}", fmt::join(words.words, ", "));
}

Problem read_buttons(const toml::node& node, std::vector<std::string>& out) {
  if (Problem problem = read(node, out, Texts{Settings::kButtonsPerControlMax, 64})) return problem;
  for (const std::string& name : out) {
    if (!engine::app::Button::from_name(name)) return fmt::format("names no button: \"{}\"", name);
  }
  return std::nullopt;
}

double two_digits(float value) { return std::round(static_cast<double>(value) * 100) / 100; }

// --- All of them -----------------------------------------------------------------------------------------------------

struct Reader {
  const toml::table& file;
  const std::string& name;
  std::vector<std::string>& complaints;

  void complain(const toml::node& node, std::string_view key, std::string_view problem) const {
    complaints.push_back(fmt::format("{}:{}: {} {}", name, node.source().begin.line, key, problem));
  }

  template <class T, class Bounds>
  void operator()(std::string_view key, T& value, const Bounds& bounds) const {
    const auto node = file.at_path(key);
    if (!node) return complain_of_parent(key);
    if (const Problem problem = read(*node.node(), value, bounds)) complain(*node.node(), key, *problem);
  }

  void operator()(std::string_view key, decltype(Settings::keys)& keys, Buttons) const {
    const auto node = file.at_path(key);
    if (!node) return;
    if (!node.is_table()) return complain(*node.node(), key, "is a table: [keys]");
    for (const auto& [control, buttons] : *node.as_table()) {
      std::vector<std::string> names;
      const Problem problem = keys.size() == kKeysMax ? Problem("is one key too many") : read_buttons(buttons, names);
      if (problem) {
        complain(buttons, fmt::format("{}.{}", key, control.str()), *problem);
      } else {
        keys[std::string(control.str())] = std::move(names);
      }
    }
  }

  /// `sound = 3` hides sound.volume: said once for each key that it hides.
  void complain_of_parent(std::string_view key) const {
    const auto dot = key.find('.');
    if (dot == std::string_view::npos) return;
    const auto parent = file[key.substr(0, dot)];
    if (parent && !parent.is_table()) complain(*parent.node(), key, "is in a table");
  }
};

struct Writer {
  toml::table& file;

  toml::table& table_of(std::string_view name) const {
    if (!file[name].is_table()) file.insert_or_assign(name, toml::table{});
    return *file[name].as_table();
  }
  template <class V>
  void put(std::string_view key, V&& value) const {
    const auto dot = key.find('.');
    if (dot == std::string_view::npos) {
      file.insert_or_assign(key, std::forward<V>(value));
    } else {
      table_of(key.substr(0, dot)).insert_or_assign(key.substr(dot + 1), std::forward<V>(value));
    }
  }
  static toml::array array_of(const std::vector<std::string>& texts) {
    toml::array array;
    for (const std::string& text : texts) array.push_back(text);
    return array;
  }

  void operator()(std::string_view key, const std::string& value, Text) const { put(key, value); }
  void operator()(std::string_view key, const std::vector<std::string>& value, Texts) const {
    put(key, array_of(value));
  }
  void operator()(std::string_view key, float value, Range<float>) const { put(key, two_digits(value)); }
  void operator()(std::string_view key, int value, Range<int>) const { put(key, static_cast<std::int64_t>(value)); }
  void operator()(std::string_view key, bool value, Flag) const { put(key, value); }
  template <class E, std::size_t N>
  void operator()(std::string_view key, E value, const Words<N>& words) const {
    put(key, std::string(words.words[static_cast<std::size_t>(value)]));
  }
  void operator()(std::string_view key, const decltype(Settings::keys)& keys, Buttons) const {
    toml::table table;
    for (const auto& [control, buttons] : keys) table.insert_or_assign(control, array_of(buttons));
    put(key, std::move(table));
  }
};

// --- The file --------------------------------------------------------------------------------------------------------

struct ParsedFile {
  toml::table table{};
  std::vector<std::string> complaints{};
};

/// Empties line `number`, the first being 1. False if there is none, or it is empty already.
bool empty_line(std::string& text, std::size_t number) {
  std::size_t begin = 0;
  for (std::size_t line = 1; line < number; ++line) {
    begin = text.find('\n', begin);
    if (begin == std::string::npos) return false;
    ++begin;
  }
  const std::size_t end = std::min(text.find('\n', begin), text.size());
  if (begin >= end) return false;
  text.erase(begin, end - begin);
  return true;
}

ParsedFile parse_file(const std::string& path) {
  ParsedFile parsed;
  const std::string name = fs::path(path).filename().string();
  std::error_code problem;
  if (!fs::exists(path, problem)) return parsed;
  std::ifstream file(path, std::ios::binary);
  std::string text(kFileBytesMax + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (!file.is_open() || file.bad() || fs::is_directory(path, problem)) {
    parsed.complaints.push_back(fmt::format("{}: cannot be read", name));
    return parsed;
  }
  if (text.size() > kFileBytesMax) {
    parsed.complaints.push_back(fmt::format("{}: larger than {} KiB", name, kFileBytesMax / 1024));
    return parsed;
  }
  // toml++ stops at the first error. The line that it stops at is left out, and the rest gets another chance.
  for (int attempt = 0; attempt <= kBadLinesMax; ++attempt) {
    try {
      parsed.table = toml::parse(text, path);
      return parsed;
    } catch (const toml::parse_error& error) {
      const auto line = error.source().begin.line;
      parsed.complaints.push_back(
          fmt::format("{}:{}: {}", name, line, engine::printable_utf8(std::string(error.description()))));
      if (!empty_line(text, line)) break;
    }
  }
  parsed.complaints.push_back(fmt::format("{}: given up; all is as by default", name));
  return parsed;
}

}  // namespace

LoadedSettings load_settings(const std::string& path) {
  LoadedSettings loaded;
  ParsedFile parsed = parse_file(path);
  loaded.complaints = std::move(parsed.complaints);
  const std::string name = fs::path(path).filename().string();
  visit_settings(loaded.settings, Reader{parsed.table, name, loaded.complaints});
  return loaded;
}

engine::Result<void> save_settings(const Settings& settings, const std::string& path) {
  std::error_code problem;
  if (const fs::path folder = fs::path(path).parent_path(); !folder.empty()) fs::create_directories(folder, problem);
  if (!load_settings(path).complaints.empty()) {
    fs::copy_file(path, path + ".broken", fs::copy_options::overwrite_existing, problem);
    if (problem) return engine::error("{}: cannot be kept as {}.broken: {}", path, path, problem.message());
  }
  toml::table table = parse_file(path).table;
  visit_settings(settings, Writer{table});

  const std::string draft = path + ".new";
  std::ofstream file(draft, std::ios::binary | std::ios::trunc);
  file << table << '\n';
  file.close();
  if (!file) return engine::error("{}: cannot be written", draft);
  fs::rename(draft, path, problem);
  if (problem) return engine::error("{}: cannot be replaced: {}", path, problem.message());
  return {};
}

}  // namespace game::client
