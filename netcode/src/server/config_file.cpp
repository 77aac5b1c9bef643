#include "server/config_file.hpp"

#include <toml++/toml.h>
#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <numeric>

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

using Problem = std::optional<std::string>;  // what is wrong with a value, in words
using Reader = std::function<Problem(const toml::node&)>;

template <class T>
Reader number(T& out, std::int64_t min, std::int64_t max) {
  return [&out, min, max](const toml::node& node) -> Problem {
    const auto value = node.value_exact<std::int64_t>();
    if (!value) return "is a whole number";
    if (*value < min || *value > max) return "is " + std::to_string(min) + " to " + std::to_string(max);
    out = static_cast<T>(*value);
    return std::nullopt;
  };
}

Reader text(std::string& out) {
  return [&out](const toml::node& node) -> Problem {
    const auto value = node.value_exact<std::string>();
    if (!value) return "is a string";
    out = *value;
    return std::nullopt;
  };
}

Reader flag(bool& out) {
  return [&out](const toml::node& node) -> Problem {
    const auto value = node.value_exact<bool>();
    if (!value) return "is true or false";
    out = *value;
    return std::nullopt;
  };
}

Reader texts(std::vector<std::string>& out) {
  return [&out](const toml::node& node) -> Problem {
    std::vector<std::string> values;
    if (const auto one = node.value_exact<std::string>()) {
      values.push_back(*one);
    } else if (const toml::array* many = node.as_array()) {
      for (const toml::node& element : *many) {
        const auto value = element.value_exact<std::string>();
        if (!value) return "is a list of strings";
        values.push_back(*value);
      }
    } else {
      return "is a string or a list of strings";
    }
    out = std::move(values);
    return std::nullopt;
  };
}

Reader fields(Fields& out) {
  return [&out](const toml::node& node) -> Problem {
    const toml::table* table = node.as_table();
    if (!table) return "is a table: [options]";
    for (const auto& [key, value] : *table) {
      const auto as_text = value.value<std::string>();
      if (as_text) {
        out[std::string(key.str())] = *as_text;
      } else if (const auto as_number = value.value_exact<std::int64_t>()) {
        out[std::string(key.str())] = std::to_string(*as_number);
      } else {
        return "holds strings and whole numbers only";
      }
    }
    return std::nullopt;
  };
}

std::map<std::string, Reader, std::less<>> readers_of(ServerConfig& config, std::int64_t& duration_s,
                                                      std::int64_t& resume_window_ms) {
  constexpr std::int64_t kMax = std::numeric_limits<std::int32_t>::max();
  return {{"listen", texts(config.listen)},
          {"threads", number(config.threads, 1, 256)},
          {"record", text(config.record_dir)},
          {"duration", number(duration_s, 0, kMax)},
          {"tick_rate", number(config.tick_hz, 1, limits::kTickHzMax)},
          {"snapshot_rate", number(config.snapshot_hz, 1, limits::kTickHzMax)},
          {"rewind_ms",
           [&config](const toml::node& node) {
             std::uint32_t rewind_ms = 0;
             Problem problem = number(rewind_ms, 0, limits::kRewindMax.count())(node);
             if (!problem) config.rewind_ms_max = rewind_ms;
             return problem;
           }},
          {"bots",
           [&config](const toml::node& node) {
             std::uint32_t bots = 0;
             Problem problem = number(bots, 0, static_cast<std::int64_t>(limits::kPlayersPerMatchMax))(node);
             if (!problem) config.bots = bots;
             return problem;
           }},
          {"json", flag(config.json)},
          {"quiet", flag(config.quiet)},
          {"log_json", flag(config.log_json)},
          {"sessions_max", number(config.sessions_max, 1, 1'000'000)},
          {"matches_max", number(config.matches_max, 1, 1'000'000)},
          {"matches_created_per_minute", number(config.matches_created_per_minute, 1, 1'000'000)},
          {"create_by_url", flag(config.create_by_url)},
          {"twin_links", flag(config.twin_links)},
          {"origins", texts(config.origins)},
          {"resume_window_ms", number(resume_window_ms, 0, 3'600'000)},
          {"seed", number(config.seed, 0, std::numeric_limits<std::int64_t>::max())},
          {"options", fields(config.options)}};
}

}  // namespace

engine::Result<void> read_config_file(const std::string& path, ServerConfig& config,
                                      const std::vector<ExtraFlag>& extra) {
  toml::table file;
  try {
    file = toml::parse_file(path);
  } catch (const toml::parse_error& error) {
    const auto line = error.source().begin.line;
    if (line == 0) return engine::error("--config {}: cannot be read", path);
    return engine::error("--config {}:{}: {}", path, line, error.description());
  }
  std::int64_t duration_s = config.duration.count();
  std::int64_t resume_window_ms = config.resume_window.count();
  auto readers = readers_of(config, duration_s, resume_window_ms);
  for (const ExtraFlag& flag : extra) readers[flag.name] = text(*flag.value);
  for (const auto& entry : file) {
    const toml::key& key = entry.first;
    const toml::node& node = entry.second;
    const auto reader = readers.find(key.str());
    if (reader == readers.end()) {
      const auto nearest = std::min_element(readers.begin(), readers.end(), [&](const auto& a, const auto& b) {
        return distance(a.first, key.str()) < distance(b.first, key.str());
      });
      return engine::error("--config {}:{}: unknown key {}, did you mean {}?", path, key.source().begin.line, key.str(),
                           nearest->first);
    }
    if (const Problem problem = reader->second(node))
      return engine::error("--config {}:{}: {} {}", path, key.source().begin.line, key.str(), *problem);
  }
  config.duration = std::chrono::seconds(duration_s);
  config.resume_window = std::chrono::milliseconds(resume_window_ms);
  return {};
}

}  // namespace netcode
