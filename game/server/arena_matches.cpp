#include "game/server/arena_matches.hpp"

#include <algorithm>

#include "game/bots/skill.hpp"
#include "game/server/arena_rules.hpp"
#include "game/sim/mode_names.hpp"
#include "netcode/limits.hpp"

namespace game::server {
namespace {

constexpr std::uint32_t kDuelSeats = 2;
constexpr std::uint32_t kTeamSeats = 8;

// Twice what a map is made for is a brawl, more is a crush.
std::uint32_t seats_for(sim::Mode mode, const sim::Map& map, std::uint32_t players_max) {
  if (mode == sim::Mode::kDuel) return kDuelSeats;
  if (mode == sim::Mode::kTeams) return kTeamSeats;
  return std::min(players_max, 2U * map.players_max());
}

// Two do not find each other on a map for many, nor is there room for many on one for two.
bool suits(sim::Mode mode, const sim::Map& map) {
  return mode == sim::Mode::kDuel ? map.players_max() <= kTeamSeats : map.players_max() >= kTeamSeats;
}

engine::Result<std::optional<std::uint32_t>> asked(const netcode::Fields& options, const std::string& key,
                                                   std::uint32_t min, std::uint32_t max) {
  const auto found = options.find(key);
  if (found == options.end()) return std::optional<std::uint32_t>();
  const auto value = whole_number(key, found->second, min, max);
  if (!value) return value.error();
  return std::optional(*value);
}

}  // namespace

std::optional<int> bot_level_of(const netcode::Fields& options) {
  const auto level = asked(options, kBotLevelOption, 0, bots::kLevelMax);
  if (!level || !*level) return std::nullopt;
  return static_cast<int>(**level);
}

engine::Result<void> ArenaMatches::prepare(netcode::MatchOptions& options) const {
  std::string& mode_name = options.options.try_emplace("mode", defaults_.mode).first->second;
  const auto mode = sim::mode_named(mode_name);
  if (!mode) return engine::error("there is no mode {}: {}", mode_name, sim::mode_ids());

  const std::string& visibility = options.options.try_emplace(kVisibilityOption, defaults_.visibility).first->second;
  if (!visibility_named(visibility))
    return engine::error("option {}={}: {}", kVisibilityOption, visibility, kVisibilityIds);

  const auto first = std::find_if(defaults_.maps.begin(), defaults_.maps.end(), [&](const std::string& name) {
    return suits(*mode, catalog_.find(name)->grid->map());
  });
  const std::string& usual = first == defaults_.maps.end() ? defaults_.maps.front() : *first;
  std::string& map_name = options.options.try_emplace("map", usual).first->second;
  const MapCatalog::Entry* entry = catalog_.find(map_name);
  if (entry == nullptr) return engine::error("there is no map {}: {}", map_name, catalog_.names());
  const sim::Map& map = entry->grid->map();

  if (const auto asked = options.options.find("maps"); asked != options.options.end()) {
    for (const std::string& name : split_list(asked->second))
      if (catalog_.find(name) == nullptr) return engine::error("there is no map {}: {}", name, catalog_.names());
  } else {
    options.options["maps"] = rotation_for(*mode, map_name);
  }
  options.map = entry->bytes;
  const auto seats = asked(options.options, kSeatsOption, 1, netcode::limits::kPlayersPerMatchMax);
  if (!seats) return seats.error();
  const std::uint32_t seats_max = seats_for(*mode, map, defaults_.players_max);
  options.players_max = std::min(seats->value_or(seats_max), seats_max);
  // Nobody else can come: there is nobody to wait for.
  if (options.players_max == 1) options.options.try_emplace("players_to_start", "1");
  const auto bots = asked(options.options, kBotsOption, 0, netcode::limits::kPlayersPerMatchMax);
  if (!bots) return bots.error();
  if (*bots) options.bots = std::min(**bots, options.players_max);
  if (const auto level = asked(options.options, kBotLevelOption, 0, bots::kLevelMax); !level) return level.error();
  options.metadata["map"] = map_name;
  options.metadata["mode"] = mode_name;
  return {};
}

// The server's maps that suit the mode, if this is one of them; else the match stays where it is.
std::string ArenaMatches::rotation_for(sim::Mode mode, const std::string& map) const {
  std::string out;
  bool is_in = false;
  for (const std::string& name : defaults_.maps) {
    if (!suits(mode, catalog_.find(name)->grid->map())) continue;
    out += (out.empty() ? "" : ",") + name;
    is_in = is_in || name == map;
  }
  return is_in ? out : std::string();
}

}  // namespace game::server
