// Who leads, by how much, and what a round is remembered for. Pure functions; no allocation.
#pragma once

#include <array>

#include "game/sim/event.hpp"
#include "game/sim/state.hpp"

namespace game::sim {

struct Standing {
  PlayerId leader = kNobody;  // nobody while the lead is shared, and in a team match
  Team team = kNoTeam;        // in a team match: the one ahead
  std::int16_t best = 0;
  std::int16_t second = 0;  // of others than the leader

  bool is_led() const { return leader != kNobody || team != kNoTeam; }
};

Standing standing_of(const State& state);

// Has the limit been reached in the way that ends a round of this mode? Whether it is led is another question.
bool limit_reached(const State& state, const Standing& standing);

// Of the round that has just been led by state.flow; those that nobody has earned have no player.
std::array<Award, kAwardKinds> awards_of(const State& state);

}  // namespace game::sim
