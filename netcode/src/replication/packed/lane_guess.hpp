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

/// Wraps round.
inline std::int64_t minus(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

/// The shortest way from one value to the other.
inline std::int64_t difference(const Lane& lane, std::int64_t to, std::int64_t from) {
  const int unused = 64 - lane.bits;
  return static_cast<std::int64_t>((static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from)) << unused) >>
         unused;
}

inline std::int64_t moved(const Lane& lane, std::int64_t from, std::int64_t by) {
  return fit(lane, static_cast<std::uint64_t>(from) + static_cast<std::uint64_t>(by));
}

/// Is the lane before it of the same kind, so that the two may be one vector's?
inline bool has_neighbour(const LaneGroup& group, std::size_t lane) {
  if (lane == 0) return false;
  const Lane& at = group.lanes[lane];
  const Lane& before = group.lanes[lane - 1];
  return at.is_signed && before.is_signed && at.bits == before.bits && at.bits <= 16 && at.rate < 0 && before.rate < 0;
}

/// The side that makes `square`, 16ths, with the other; 0 if that is too long.
inline std::int64_t beside(std::int64_t square, std::int64_t other) {
  const std::int64_t rest = square / 16 - other * other;
  if (rest <= 0) return 0;
  std::uint64_t left = 4 * static_cast<std::uint64_t>(rest);  // so that the root comes in halves
  std::uint64_t root = 0;
  for (std::uint64_t bit = std::uint64_t{1} << ((std::bit_width(left) - 1) / 2 * 2); bit != 0; bit >>= 2) {
    if (left >= root + bit) {
      left -= root + bit;
      root = (root >> 1) + bit;
    } else {
      root >>= 1;
    }
  }
  return static_cast<std::int64_t>((root + 1) / 2);
}
inline void note_square(std::int64_t& square, std::int64_t a, std::int64_t b) {
  const std::int64_t now = 16 * (a * a + b * b);
  square = square == 0 ? now : square + (now - square) / 16;
}

struct GuessInput {
  const Lane& lane;
  std::int64_t value;        // in the snapshot before
  std::int64_t step;         // its change up to there
  std::int64_t rate_before;  // of the lane's rate; 0 if it has none
  std::int64_t rate;
  Tick ticks;         // from the snapshot before
  Tick ticks_before;  // from the one before that
};

/// All but those that need more: kTick, kLearned, kAlike and kRound.
inline std::int64_t guess_of(Guess guess, const GuessInput& in) {
  const auto u = [](std::int64_t value) { return static_cast<std::uint64_t>(value); };
  const auto scaled = [&](std::uint64_t rate) {
    return in.lane.rate_q16 == 65536 ? rate : u(static_cast<std::int64_t>(rate * u(in.lane.rate_q16)) >> 16);
  };
  switch (guess) {
    case Guess::kOnward: {
      if (in.ticks == in.ticks_before) return fit(in.lane, u(in.value) + u(in.step));
      return fit(in.lane,
                 u(in.value) + u(static_cast<std::int64_t>(u(in.step) * in.ticks) / std::int64_t{in.ticks_before}));
    }
    case Guess::kRateAfter:
      return fit(in.lane, u(in.value) + scaled(u(in.rate) * in.ticks));
    case Guess::kRateEuler: {
      const std::uint64_t change = u(in.rate) - u(in.rate_before);
      return fit(in.lane, u(in.value) + scaled(u(in.rate_before) * in.ticks +
                                               u(static_cast<std::int64_t>(change * (in.ticks + 1)) >> 1)));
    }
    case Guess::kRateMean:
      return fit(in.lane,
                 u(in.value) + scaled(u(static_cast<std::int64_t>((u(in.rate) + u(in.rate_before)) * in.ticks) >> 1)));
    default:
      return in.value;
  }
}

/// Does it make sense for this lane?
inline bool is_open(const LaneGroup& group, std::size_t at, Guess guess) {
  const Lane& lane = group.lanes[at];
  if (lane.jumps) return guess == Guess::kSame || (guess == Guess::kTick && !lane.is_float() && lane.bits >= 16);
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
    case Guess::kRound:
      return has_neighbour(group, at);
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
                                       (static_cast<std::int32_t>(cost) - static_cast<std::int32_t>(average)) / 32);
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
