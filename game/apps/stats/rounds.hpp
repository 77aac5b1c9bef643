// Rounds of bots without a server, as fast as they can be computed.
//
// Threading: play_rounds shares them out among as many threads as there are cores; its result depends on what it is
// asked for alone.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "game/apps/stats/tally.hpp"
#include "game/bots/nav_grid.hpp"
#include "game/sim/state.hpp"

namespace game::stats {

struct RoundsAsked {
  std::shared_ptr<const bots::NavGrid> grid;
  sim::Mode mode = sim::Mode::kFreeForAll;
  std::uint32_t rounds = 50;
  std::uint32_t bots = 8;
  int level = 0;  // 1 to 5; 0: of every level in turn
  std::uint64_t seed = 1;
};

// A round is a match of its own, whose seed is a function of the seed asked for and the round's number.
Tally play_round(const RoundsAsked& asked, std::uint32_t number);
Tally play_rounds(const RoundsAsked& asked);

// Of the bots of a round. In turn they go on from round to round; fewer bots than levels are neighbours, as players who
// are matched are: 1 and 2, then 2 and 3 ... then 4 and 5.
std::vector<int> levels_of(const RoundsAsked& asked, std::uint32_t round);

}  // namespace game::stats
