// Whom an event of the rules goes to, and whether it may be missed: what Context::to and its neighbours make, and what
// a recording keeps of it. A plain value.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "netcode/ids.hpp"

namespace netcode {

/// An element of one of World's vectors: which vector (its field's name) and the element's key.
struct EntityRef {
  std::string_view vector;
  std::uint32_t key = 0;
};

struct Recipients {
  enum class Who : std::uint8_t {
    kEveryone = 0,  // players and spectators
    kPlayers = 1,   // these; nobody if there are none
    kViewers = 2,   // players who are shown one of these entities, and all spectators
  };
  struct Entity {
    std::string vector;
    std::uint32_t key = 0;

    friend bool operator==(const Entity&, const Entity&) = default;
  };

  Who who = Who::kEveryone;
  std::vector<PlayerId> players{};  // kPlayers: by rising id, each once, and no kNoPlayer
  std::vector<Entity> entities{};   // kViewers
  bool is_volatile = false;         // who cannot take it now goes without

  static Recipients of(std::span<const PlayerId> players) {
    Recipients out{.who = Who::kPlayers, .players = {players.begin(), players.end()}};
    std::erase(out.players, kNoPlayer);
    std::sort(out.players.begin(), out.players.end());
    out.players.erase(std::unique(out.players.begin(), out.players.end()), out.players.end());
    return out;
  }
  static Recipients player(PlayerId player) { return of({&player, 1}); }
  static Recipients viewers_of(std::span<const EntityRef> entities) {
    Recipients out{.who = Who::kViewers};
    for (const EntityRef& entity : entities)
      out.entities.push_back({.vector = std::string(entity.vector), .key = entity.key});
    return out;
  }

  friend bool operator==(const Recipients&, const Recipients&) = default;
};

}  // namespace netcode
