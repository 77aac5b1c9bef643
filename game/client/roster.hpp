// Who plays, as the newest snapshot tells: names and scores. Plain values.
#pragma once

#include <cstdint>
#include <string>
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

class Roster {
 public:
  void update(const arena::World& world);
  /// The best first; of equals, the one with fewer deaths.
  const std::vector<PlayerRow>& by_rank() const { return rows_; }
  const PlayerRow* find(sim::PlayerId id) const;
  /// "somebody" for a player who has left.
  const std::string& name(sim::PlayerId id) const;
  /// 1 for the best; 0 for who does not play. Equal scores share a rank.
  int rank(sim::PlayerId id) const;
  std::uint16_t frag_limit() const { return frag_limit_; }

 private:
  std::vector<PlayerRow> rows_;
  std::uint16_t frag_limit_ = 0;
};

}  // namespace game::client
