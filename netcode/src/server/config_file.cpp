#include "server/config_file.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <numeric>
#include <set>

namespace netcode {
namespace {

// Levenshtein's distance: how many letters apart.
std::size_t distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < left.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < right.size(); ++j) {
      const std::size_t replaced = diagonal + (left[i] == right[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

using Problem = std::optional<std::string>;  // what was expected instead

// Each type of the file's own: a number is no text in quotes, and the other way round.
Problem take(const Option& option, const NumberOption&, const toml::node& node) {
  const auto value = node.value_exact<std::int64_t>();
  if (value && set_number(option, *value)) return std::nullopt;
  return expected(option);
}

Problem take(const Option& option, const TextOption&, const toml::node& node) {
  const auto value = node.value_exact<std::string>();
  const std::vector<std::string> words{value.value_or("")};
  if (value && set(option, words)) return std::nullopt;
  return expected(option) + ", in quotes";
}

Problem take(const Option&, const SwitchOption& toggle, const toml::node& node) {
  const auto value = node.value_exact<bool>();
  if (!value) return "true or false, without quotes";
  *toggle.out = *value;
  return std::nullopt;
}

Problem take(const Option&, const TextsOption& texts, const toml::node& node) {
  static const std::string kExpected = "text in quotes, or a list of it";
  std::vector<std::string> values;
  if (const auto one = node.value_exact<std::string>()) values.push_back(*one);
  const toml::array* many = node.as_array();
  if (values.empty() && !many) return kExpected;
  for (std::size_t i = 0; many && i < many->size(); ++i) {
    const auto value = (*many)[i].value_exact<std::string>();
    if (!value) return kExpected;
    values.push_back(*value);
  }
  *texts.out = std::move(values);
  return std::nullopt;
}

Problem take(const Option&, const FieldsOption& fields, const toml::node& node) {
  const toml::table* table = node.as_table();
  if (!table) return "a table: [options]";
  for (const auto& [key, value] : *table) {
    if (const auto text = value.value_exact<std::string>()) {
      (*fields.out)[std::string(key.str())] = *text;
    } else if (const auto number = value.value_exact<std::int64_t>()) {
      (*fields.out)[std::string(key.str())] = std::to_string(*number);
    } else {
      return "text in quotes or a whole number for " + std::string(key.str());
    }
  }
  return std::nullopt;
}

// As the table has it, or in the flag's spelling: bot_level and bot-level.
const Option* find(const std::vector<Option>& options, std::string_view key) {
  const auto named = [key](const Option& option) { return option.key == key || option.flag == key; };
  const auto found = std::ranges::find_if(options, named);
  return found == options.end() ? nullptr : &*found;
}

const Option& nearest(const std::vector<Option>& options, std::string_view key) {
  return *std::ranges::min_element(options, {}, [key](const Option& option) { return distance(option.key, key); });
}

}  // namespace

engine::Result<void> read_config_file(const std::string& path, const std::vector<Option>& options) {
  toml::table file;
  try {
    file = toml::parse_file(path);
  } catch (const toml::parse_error& error) {
    const auto line = error.source().begin.line;
    if (line == 0) return engine::error("--config {}: cannot be read", path);
    return engine::error("--config {}:{}: {}", path, line, error.description());
  }
  std::set<const Option*> given;
  for (const auto& entry : file) {
    const toml::key& key = entry.first;
    const toml::node& node = entry.second;
    const std::string where = fmt::format("--config {}:{}", path, key.source().begin.line);
    const Option* option = find(options, key.str());
    if (!option)
      return engine::error("{}: unknown key {}, did you mean {}?", where, key.str(), nearest(options, key.str()).key);
    if (!given.insert(option).second) return engine::error("{}: {} is given twice", where, option->key);
    const Problem problem = std::visit([&](const auto& target) { return take(*option, target, node); }, option->target);
    if (problem) return engine::error("{}: {}: expected {}", where, key.str(), *problem);
  }
  return {};
}

}  // namespace netcode
