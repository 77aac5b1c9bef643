// How good a bot is: five levels, from one that a beginner beats to one that few do.
//
// Plain values; times in ticks, angles in 65536ths of a turn.
#pragma once

#include <cstdint>

namespace game::bots {

inline constexpr int kLevelMin = 1;
inline constexpr int kLevelMax = 5;

struct Skill {
  std::uint32_t reaction_ticks = 0;  // it acts on what it saw this long ago
  std::int32_t aim_sigma = 0;        // standard deviation of its aim
  std::int32_t turn_per_tick = 0;    // how fast its aim moves
  std::uint32_t dodge_percent = 0;   // of the shots that would hit it, those it tries to avoid
  bool dashes_from_shots = false;
  bool times_the_mega = false;  // goes there when it is called, not when it sees it
};

// Levels outside kLevelMin to kLevelMax count as the nearest.
Skill skill_of(int level);

}  // namespace game::bots
