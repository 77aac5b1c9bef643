// The arena as something a server offers: one kind of match, its map, its bots, its chat.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/core/result.hpp"
#include "netcode/rules.hpp"
#include "netcode/server.hpp"

namespace game::server {

inline constexpr std::string_view kArenaKind = "arena";

/// A compiled map's bytes. An error names the file.
engine::Result<netcode::SharedBytes> read_map_file(const std::string& path);
/// Where the maps are: share/scrim/maps beside the program's own folder, in a build as in an installation.
std::string maps_dir();

struct ArenaConfig {
  // A name in maps_dir(), or a path with a '/' in it; or more than one, with commas between. The first is played first,
  // and more than one are voted on.
  std::string map = "foundry";
  std::string mode = "ffa";  // the id of one of sim::kModeNames
  int bot_level = 0;         // 1 to 5; 0: of every level in turn
  std::uint32_t players_max = 16;
  std::string visibility = "all";  // what players are told of the others; or all
};
/// The command line's and the config file's part of it.
std::vector<netcode::ExtraFlag> arena_flags(ArenaConfig& config);
/// Defines the kind, whose matches may be of every mode and on every map there is (options mode=... and map=...), fills
/// it with as many bots as the server's configuration says, and passes chat on.
engine::Result<void> define_arena(netcode::Server& server, const ArenaConfig& config);

/// For tools that play recordings.
std::map<std::string, netcode::RulesType> arena_rules_types();

}  // namespace game::server
