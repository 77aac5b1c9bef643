// Guesses of a lane's next value, and which of them has been the best.
//
// Threading: pure functions. Values wrap round within their lane, so that any input has a result.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "netcode/ids.hpp"
#include "replication/lane_layout.hpp"
#include "replication/packed/packed_state.hpp"

namespace netcode::packed {

/// `value` modulo the lane's width.
inline std::int64_t fit(const Lane& lane, std::uint64_t value) {
  const int unused = 64 - lane.bits;
  const std::uint64_t up = value << unused;
  return lane.is_signed ? static_cast<std::int64_t>(up) >> unused : static_cast<std::int64_t>(up >> unused);
}

/// The shortest way from one value to the other.
inline std::int64_t difference(const Lane& lane, std::int64_t to, std::int64_t from) {
  const int unused = 64 - lane.bits;
  return static_cast<std::int64_t>((static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from)) << unused) >> unused;
}

struct GuessInput {
  std::int64_t value;        // in the snapshot before
  std::int64_t step;         // its change up to there
  std::int64_t rate_before;  // of the lane's rate; 0 if it has none
  std::int64_t rate;
  std::int64_t tick_offset;
  Tick tick;
  std::uint32_t ticks;          // from the snapshot before
  std::uint32_t ticks_before;   // from the one before that
  std::int64_t learned;         // its change as the learner predicts it
  std::int64_t alike_step;      // its change when its entity was most like now
};

inline std::int64_t guess_of(const Lane& lane, Guess guess, const GuessInput& in) {
  const auto u = [](std::int64_t value) { return static_cast<std::uint64_t>(value); };
  const auto scaled = [&](std::uint64_t rate) {
    return lane.rate_q16 == 65536 ? rate : u(static_cast<std::int64_t>(rate * u(lane.rate_q16)) >> 16);
  };
  switch (guess) {
    case Guess::kOnward: {
      if (in.ticks == in.ticks_before) return fit(lane, u(in.value) + u(in.step));
      return fit(lane, u(in.value) + u(static_cast<std::int64_t>(u(in.step) * in.ticks) / std::int64_t{in.ticks_before}));
    }
    case Guess::kRateAfter:
      return fit(lane, u(in.value) + scaled(u(in.rate) * in.ticks));
    case Guess::kRateEuler: {
      const std::uint64_t change = u(in.rate) - u(in.rate_before);
      return fit(lane, u(in.value) + scaled(u(in.rate_before) * in.ticks +
                                            u(static_cast<std::int64_t>(change * (in.ticks + 1)) >> 1)));
    }
    case Guess::kRateMean:
      return fit(lane, u(in.value) + scaled(u(static_cast<std::int64_t>((u(in.rate) + u(in.rate_before)) * in.ticks) >> 1)));
    case Guess::kTick:
      return fit(lane, u(in.tick_offset) + in.tick);
    case Guess::kLearned:
      return fit(lane, u(in.value) + u(in.learned));
    case Guess::kAlike:
      return fit(lane, u(in.value) + u(in.alike_step));
    default:
      return in.value;
  }
}

/// Does it make sense for this lane?
inline bool is_open(const Lane& lane, Guess guess) {
  switch (guess) {
    case Guess::kRateAfter:
    case Guess::kRateEuler:
    case Guess::kRateMean:
      return lane.rate >= 0;
    case Guess::kTick:
      return !lane.is_float() && lane.bits >= 16;
    case Guess::kLearned:
      return lane.is_signed;
    case Guess::kAlike:
      return false;  // chosen by entity
    default:
      return true;
  }
}

/// About how many 4096ths of a bit a residual costs.
inline std::uint32_t cost_of(std::int64_t residual) {
  return residual == 0 ? 0 : 4096 * static_cast<std::uint32_t>(width_of(residual) + 1);
}

inline void note_cost(std::uint32_t& average, std::uint32_t cost) {
  average = static_cast<std::uint32_t>(static_cast<std::int32_t>(average) +
                                       (static_cast<std::int32_t>(cost) - static_cast<std::int32_t>(average)) / 16);
}

/// The cheapest, of equals the first.
template <std::size_t N, class IsOpen>
std::size_t cheapest(const std::array<std::uint32_t, N>& costs, IsOpen&& is_open_at) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < N; ++i)
    if (is_open_at(i) && costs[i] < costs[best]) best = i;
  return best;
}

}  // namespace netcode::packed
