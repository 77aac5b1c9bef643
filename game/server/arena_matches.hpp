// What a match of the arena is made of, from the options that somebody asked for: mode, map, seats, the maps that are
// voted on.
//
// Threading: immutable; asked by all shards.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/result.hpp"
#include "game/server/map_shelf.hpp"
#include "netcode/server.hpp"

namespace game::server {

class ArenaMatches {
 public:
  struct Defaults {
    std::string mode;
    std::vector<std::string> maps;  // on the shelf; the first is played first, more than one are voted on
    std::uint32_t players_max = 16;
  };
  ArenaMatches(MapShelf shelf, Defaults defaults) : shelf_(std::move(shelf)), defaults_(std::move(defaults)) {}

  /// netcode's MatchPreparer. An error names the option, and what it may be.
  engine::Result<void> prepare(netcode::MatchOptions& options) const;

  const MapShelf& shelf() const { return shelf_; }

 private:
  std::string rotation_for(sim::Mode mode, const std::string& map) const;

  MapShelf shelf_;
  Defaults defaults_;
};

}  // namespace game::server
