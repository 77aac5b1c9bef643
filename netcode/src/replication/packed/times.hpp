// When the snapshots before were, seen from one: how far they are apart, and which two are as far apart as it and the
// last one, so that what followed then may follow now.
//
// Threading: a value.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "netcode/ids.hpp"
#include "replication/packed/packed_state.hpp"

namespace netcode::packed {

struct Times {
  /// Of state.past, two that are as far apart as this snapshot and the last.
  struct Pair {
    std::uint8_t before, after;
  };
  static constexpr std::size_t kPairsMax = 7;

  Times(const State& state, Tick now);
  /// So many Worlds are worth keeping, this snapshot's among them: where the next one is as far away, it has as many
  /// pairs.
  std::size_t worlds_kept() const { return pair_count < kPairsMax ? kPastMax : pairs.back().before + std::size_t{1}; }

  Tick tick;
  Tick ticks;                           // from the snapshot before
  Tick ticks_before;                    // from the one before that
  std::array<Pair, kPairsMax> pairs{};  // the newest first
  std::size_t pair_count = 0;
  std::size_t far = 0;  // of state.past, the oldest that is no farther from the last than that from now; 0: none
};

inline Times::Times(const State& state, Tick now)
    : tick(now),
      ticks(state.tick() == 0 || now <= state.tick() ? 1 : now - state.tick()),
      ticks_before(state.past.size() > 1 ? std::max<Tick>(state.tick() - state.past[1].tick, 1) : 1) {
  while (far + 1 < state.past.size() && state.tick() - state.past[far + 1].tick <= ticks) ++far;
  for (std::size_t i = 1; i < state.past.size() && pair_count < kPairsMax; ++i)
    for (std::size_t j = 0; j < i && pair_count < kPairsMax; ++j)
      if (state.past[j].tick == state.past[i].tick + ticks)
        pairs[pair_count++] = {static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(j)};
}

}  // namespace netcode::packed
