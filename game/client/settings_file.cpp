// Settings as a TOML file. It comes from a person's hands: read leniently, written over with care.
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>
#include <utility>

#include "engine/app/input.hpp"
#include "engine/app/replace_file.hpp"
#include "engine/core/utf8.hpp"
#include "game/client/settings.hpp"
#include "game/client/settings_fields.hpp"
#include "game/client/toml_lines.hpp"

namespace game::client {
namespace {

namespace fs = std::filesystem;
using namespace fields;

/// A hand-written file of settings has a few dozen lines.
constexpr std::size_t kFileBytesMax = 256 * 1024;
constexpr std::size_t kComplaintsMax = 20;
constexpr std::size_t kKeysMax = 128;

using Problem = std::optional<std::string>;  // what a value is not, in words

// --- One value -------------------------------------------------------------------------------------------------------

Problem check(const std::string& value, Text text) {
  if (value.size() < text.bytes_min) return "is empty";
  if (value.size() > text.bytes_max) return fmt::format("is longer than {} bytes", text.bytes_max);
  if (engine::printable_utf8(value) != value) return "holds letters that cannot be shown";
  return std::nullopt;
}

Problem read(const TomlValue& value, std::string& out, Text text) {
  const auto* found = std::get_if<std::string>(&value);
  if (!found) return "is a text in quotes";
  if (Problem problem = check(*found, text)) return problem;
  out = *found;
  return std::nullopt;
}

Problem read(const TomlValue& value, std::vector<std::string>& out, Texts texts) {
  const auto* found = std::get_if<std::vector<std::string>>(&value);
  if (!found) return "is a list of texts in quotes";
  if (found->size() > texts.count_max) return fmt::format("holds more than {} texts", texts.count_max);
  for (const std::string& text : *found) {
    if (Problem problem = check(text, {1, texts.bytes_max})) return problem;
  }
  out = *found;
  return std::nullopt;
}

template <class T>
Problem read(const TomlValue& value, T& out, Range<T> range) {
  const auto* found = std::get_if<TomlNumber>(&value);
  if (!found || (std::is_integral_v<T> && !found->is_whole)) {
    return std::is_integral_v<T> ? "is a whole number" : "is a number";
  }
  if (!(found->value >= static_cast<double>(range.min) && found->value <= static_cast<double>(range.max))) {
    return fmt::format("is {} to {}", range.min, range.max);
  }
  out = static_cast<T>(found->value);
  return std::nullopt;
}

Problem read(const TomlValue& value, bool& out, Flag) {
  const auto* found = std::get_if<bool>(&value);
  if (!found) return "is true or false";
  out = *found;
  return std::nullopt;
}

template <class E, std::size_t N>
Problem read(const TomlValue& value, E& out, const Words<N>& words) {
  const auto* found = std::get_if<std::string>(&value);
  for (std::size_t i = 0; found && i < N; ++i) {
    if (words.words[i] != *found) continue;
    out = static_cast<E>(i);
    return std::nullopt;
  }
  return fmt::format("is one of: {}", fmt::join(words.words, ", "));
}

Problem read_buttons(const TomlValue& value, std::vector<std::string>& out) {
  if (Problem problem = read(value, out, Texts{Settings::kButtonsPerControlMax, 64})) return problem;
  for (const std::string& name : out) {
    if (!engine::app::Button::from_name(name)) return fmt::format("names no button: \"{}\"", name);
  }
  return std::nullopt;
}

// --- All of them -----------------------------------------------------------------------------------------------------

struct Reader {
  const TomlFile& file;
  std::vector<std::pair<std::size_t, std::string>>& problems;

  void complain(const TomlLine& line, std::string_view problem) const {
    problems.emplace_back(line.number, fmt::format("{} {}", engine::printable_utf8(line.key), problem));
  }

  template <class T, class Bounds>
  void operator()(std::string_view key, T& value, const Bounds& bounds) const {
    const TomlLine* line = file.find(key);
    if (!line) return;
    if (const Problem problem = read(line->value, value, bounds)) complain(*line, *problem);
  }

  void operator()(std::string_view table, decltype(Settings::keys)& keys, Buttons) const {
    for (const TomlLine& line : file.lines) {
      if (line.key.size() <= table.size() || !line.key.starts_with(table) || line.key[table.size()] != '.') continue;
      std::vector<std::string> names;
      const Problem problem =
          keys.size() == kKeysMax ? Problem("is one key too many") : read_buttons(line.value, names);
      if (problem) {
        complain(line, *problem);
      } else {
        keys[line.key.substr(table.size() + 1)] = std::move(names);
      }
    }
  }
};

struct Writer {
  TomlFile& file;

  void put(std::string_view key, const std::string& value) const {
    const auto dot = key.find('.');
    const bool has_table = dot != std::string_view::npos;
    file.set(std::string(has_table ? key.substr(0, dot) : ""), std::string(key.substr(has_table ? dot + 1 : 0)), value);
  }

  void operator()(std::string_view key, const std::string& value, Text) const { put(key, toml_text(value)); }
  void operator()(std::string_view key, const std::vector<std::string>& value, Texts) const {
    put(key, toml_list(value));
  }
  void operator()(std::string_view key, float value, Range<float>) const { put(key, fmt::format("{:.3g}", value)); }
  void operator()(std::string_view key, int value, Range<int>) const { put(key, std::to_string(value)); }
  void operator()(std::string_view key, bool value, Flag) const { put(key, value ? "true" : "false"); }
  template <class E, std::size_t N>
  void operator()(std::string_view key, E value, const Words<N>& words) const {
    put(key, toml_text(words.words[static_cast<std::size_t>(value)]));
  }
  void operator()(std::string_view table, const decltype(Settings::keys)& keys, Buttons) const {
    file.erase_table(table);
    for (const auto& [control, buttons] : keys) file.set(std::string(table), control, toml_list(buttons));
  }
};

// --- The file --------------------------------------------------------------------------------------------------------

struct Loaded {
  TomlFile file{};
  LoadedSettings settings{};
};

Loaded load(const std::string& path) {
  Loaded loaded;
  std::vector<std::string>& complaints = loaded.settings.complaints;
  const std::string name = fs::path(path).filename().string();
  std::error_code error;
  // A link that leads nowhere yet is no fault; a folder that may not be looked into is one.
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) return loaded;
  std::ifstream stream(path, std::ios::binary);
  std::string text(kFileBytesMax + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (!stream.is_open() || stream.bad() || fs::is_directory(path, error)) {
    complaints.push_back(fmt::format("{}: cannot be read", name));
    return loaded;
  }
  if (text.size() > kFileBytesMax) {
    complaints.push_back(fmt::format("{}: larger than {} KiB", name, kFileBytesMax / 1024));
    return loaded;
  }
  loaded.file = read_toml(text);
  auto problems = loaded.file.problems;
  visit_settings(loaded.settings.settings, Reader{loaded.file, problems});
  std::stable_sort(problems.begin(), problems.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [line, problem] : problems) {
    if (complaints.size() == kComplaintsMax) {
      complaints.push_back(fmt::format("{}: and {} more lines", name, problems.size() - kComplaintsMax));
      break;
    }
    complaints.push_back(fmt::format("{}:{}: {}", name, line, problem));
  }
  return loaded;
}

}  // namespace

LoadedSettings load_settings(const std::string& path) { return load(path).settings; }

engine::Result<void> save_settings(const Settings& settings, const std::string& path) {
  Loaded before = load(path);
  if (!before.settings.complaints.empty()) {
    std::error_code problem;
    fs::copy_file(path, path + ".broken", fs::copy_options::overwrite_existing, problem);
    if (problem) return engine::error("{}: cannot be kept as {}.broken: {}", path, path, problem.message());
  }
  visit_settings(settings, Writer{before.file});
  return engine::app::replace_file(path, before.file.text());
}

}  // namespace game::client
