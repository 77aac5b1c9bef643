// What a match of the arena is made of, from the options that somebody asked for:
//
//   mode       the id of one of sim::kModeNames
//   map, maps  the one that it begins on; those that are voted on
//   seats      at most so many players; never more than its mode and map take
//   bots       bots fill it up to so many players; none with 0, whatever the server does elsewhere
//   bot_level  1 to 5; 0: of every level in turn
//   visibility all, or screen: what players are told of the others
//
// All others are for ArenaRules.
//
// Threading: immutable; asked by all shards.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/result.hpp"
#include "game/server/map_catalog.hpp"
#include "netcode/server.hpp"

namespace game::server {

/// None: the match does not say. What is no level was refused when the match was made.
std::optional<int> bot_level_of(const netcode::Fields& options);

class ArenaMatches {
 public:
  struct Defaults {
    std::string mode;
    std::vector<std::string> maps;  // in the catalog; the first is played first, more than one are voted on
    std::uint32_t players_max = 16;
    std::string visibility = "all";
  };
  ArenaMatches(MapCatalog catalog, Defaults defaults) : catalog_(std::move(catalog)), defaults_(std::move(defaults)) {}

  /// netcode's MatchPreparer. An error names the option, and what it may be.
  engine::Result<void> prepare(netcode::MatchOptions& options) const;

  const MapCatalog& catalog() const { return catalog_; }

 private:
  std::string rotation_for(sim::Mode mode, const std::string& map) const;

  MapCatalog catalog_;
  Defaults defaults_;
};

}  // namespace game::server
