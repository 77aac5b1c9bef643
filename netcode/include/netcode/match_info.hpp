// A match as others see it: what `list` returns, and what one asks for to create one.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace netcode {

using Fields = std::map<std::string, std::string>;

struct MatchInfo {
  std::string id;
  std::string kind;
  std::uint32_t players = 0;  // seats taken, bots included
  std::uint32_t bots = 0;
  std::uint32_t spectators = 0;
  std::uint32_t players_max = 0;
  bool is_locked = false;
  bool has_password = false;
  Fields metadata;  // for people: "map" -> "foundry"
};

/// A client's wish for a match of its own.
struct MatchRequest {
  std::string kind{};
  std::string id{};         // [A-Za-z0-9_-]{1,32}; empty: the server picks one
  std::string password{};   // empty: none
  bool is_private = false;  // not in the list, never the target of a quick join
  Fields options{};         // the game's own, given to its rules
  Fields metadata{};
};

}  // namespace netcode
