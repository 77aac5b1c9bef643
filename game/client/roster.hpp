// Who plays what, as the newest snapshot tells: names, scores, the mode, the vote. Plain values.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "arena_generated.h"
#include "game/sim/state.hpp"

namespace game::client {

struct PlayerRow {
  sim::PlayerId id = sim::kNobody;
  std::string name{};
  std::uint8_t team = 0;
  std::int16_t score = 0;
  std::uint16_t deaths = 0;
  std::uint16_t streak = 0;
};

struct MapChoice {
  std::string map{};
  std::uint16_t votes = 0;
};

struct MatchFacts {
  sim::Mode mode{};
  std::string map{};
  std::uint16_t frag_limit = 0;
  std::array<int, 2> team_scores{};
  std::vector<MapChoice> candidates{};  // to vote on, during the podium

  bool has_teams() const { return sim::has_teams(mode); }
};

class Roster {
 public:
  void update(const arena::World& world);
  /// The best first; of equals, the one with fewer deaths.
  const std::vector<PlayerRow>& by_rank() const { return rows_; }
  const PlayerRow* find(sim::PlayerId id) const;
  /// "somebody" for a player who has left.
  const std::string& name(sim::PlayerId id) const;
  /// The name, and that it is ours: "Ada (you)". Two may bear one name, and teams share a colour.
  std::string label(sim::PlayerId id, sim::PlayerId self) const;
  /// 1 for the best; 0 for who does not play. Equal scores share a rank.
  int rank(sim::PlayerId id) const;
  /// 1 or 2; 0 for who has none.
  std::uint8_t team(sim::PlayerId id) const;
  const MatchFacts& match() const { return match_; }

 private:
  std::vector<PlayerRow> rows_;
  MatchFacts match_;
};

}  // namespace game::client
