// What TCP alone makes of a game's two streams, by the network's model and nothing else: actions at 60 a second up,
// snapshots at 30 down, over one connection or two that carry the same. What no clock and no buffer can do better
// than, at the slack and the delay that they have chosen.
#pragma once

#include <cstdint>

#include "tests/bench/feel/figures.hpp"
#include "tests/bench/feel/options.hpp"

namespace game::feel {

struct Model {
  double missing_actions = 0;  // shares, from 0 to 1
  double starved_frames = 0;
};

/// For the slack (of an action on the fastest way), the delay, the size of snapshots and the number of connections that
/// were measured; ten minutes of it.
Model model_of(const Options& options, const Figures& measured);

}  // namespace game::feel
