// What a server can be told: one table of {flag, key, bounds, default, help}, from which the command line, the TOML
// file, --help and docs/hosting.md are made. Whatever a value comes from, it is checked against the same bounds.
//
// Threading: plain values, used before the server runs. Ownership: an option refers to the config it was made for.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/core/result.hpp"
#include "netcode/server_config.hpp"

namespace netcode {

/// Whole numbers only: what is unset has no value.
struct NumberOption {
  std::int64_t min = 0;
  std::int64_t max = 0;
  std::function<std::optional<std::int64_t>()> get;
  std::function<void(std::int64_t)> set;
};
struct TextOption {
  std::string* out = nullptr;
  std::vector<std::string> choices;  // empty: any
};
struct TextsOption {
  std::vector<std::string>* out = nullptr;
};
struct SwitchOption {
  bool* out = nullptr;
};
/// KEY=VALUE on the command line, a table in the file.
struct FieldsOption {
  Fields* out = nullptr;
};
using OptionTarget = std::variant<NumberOption, TextOption, TextsOption, SwitchOption, FieldsOption>;

struct Option {
  std::string flag;   // "tick-rate", as --tick-rate
  std::string key;    // "tick_rate"; empty: the command line only
  std::string value;  // what stands for its value: "HZ"; empty for a switch
  std::string usual;  // in words, what is without it; empty: what the config holds
  std::string help;
  OptionTarget target;
};

/// netcode's own, then the game's.
std::vector<Option> server_options(ServerConfig& config, const std::vector<ExtraFlag>& extra = {});
/// Those that a file cannot hold: --config, --check-config.
std::vector<Option> command_line_options(std::string& config_file, bool& check_only);

/// "a whole number, 1 to 240"; what an error says was expected.
std::string expected(const Option& option);
/// What stands in the config now, in words.
std::string usual(const Option& option);

/// From the command line: the words that were given to the flag, one for each time. An error says what was expected.
engine::Result<void> set(const Option& option, std::span<const std::string> words);
/// From a file.
engine::Result<void> set_number(const Option& option, std::int64_t value);

/// Is every number within its bounds? Also for configs that a program has made itself.
std::optional<std::string> bounds_problem(const std::vector<Option>& options);

/// All of `text` as a whole number from min to max; nothing else.
std::optional<std::int64_t> whole_number(std::string_view text, std::int64_t min, std::int64_t max);

}  // namespace netcode
