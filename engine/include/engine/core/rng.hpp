// PCG32, the seeded generator of everything that has to come out the same again: 16 bytes of state that a keyframe can
// hold, equal on every compiler. Not for secrets: tokens come from OpenSSL.
//
// Source: M. O'Neill, "PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms for Random Number
// Generation", 2014, pcg32 (XSH-RR 64/32), as in pcg_basic.c at pcg-random.org. Plain value; one owner, one thread.
#pragma once

#include <bit>
#include <cstdint>

#include "engine/core/assert.hpp"

namespace engine {

class Rng {
 public:
  // All that the generator is, to be stored and put back.
  struct State {
    std::uint64_t state = 0;
    std::uint64_t increment = 1;  // odd; each stream has its own

    friend constexpr bool operator==(const State&, const State&) = default;
  };

  // Two streams of one seed do not overlap.
  constexpr explicit Rng(std::uint64_t seed, std::uint64_t stream = 54) : state_{0, (stream << 1U) | 1U} {
    next();
    state_.state += seed;
    next();
  }

  // An even increment is made odd: an even one would not visit every state.
  static constexpr Rng from_state(State state) {
    Rng rng(0);
    rng.state_ = {state.state, state.increment | 1U};
    return rng;
  }

  [[nodiscard]] constexpr State state() const { return state_; }

  // Uniform over all 32 bits.
  constexpr std::uint32_t next() {
    const std::uint64_t old = state_.state;
    state_.state = old * 6364136223846793005ULL + state_.increment;
    const auto shifted = static_cast<std::uint32_t>(((old >> 18U) ^ old) >> 27U);
    return std::rotr(shifted, static_cast<int>(old >> 59U));
  }

  // Uniform over [0, bound), without modulo bias. `bound` must not be 0.
  constexpr std::uint32_t below(std::uint32_t bound) {
    ENGINE_ASSERT(bound > 0);
    const std::uint32_t threshold = (0U - bound) % bound;  // 2^32 mod bound: that many values are too many
    for (;;) {
      const std::uint32_t value = next();
      if (value >= threshold) return value % bound;
    }
  }

  // Uniform over [lo, hi], both included. `lo` must not exceed `hi`.
  constexpr std::int32_t between(std::int32_t lo, std::int32_t hi) {
    ENGINE_ASSERT(lo <= hi);
    const std::uint32_t count = static_cast<std::uint32_t>(hi) - static_cast<std::uint32_t>(lo) + 1U;
    const std::uint32_t offset = count == 0 ? next() : below(count);  // 0: the range is all 2^32 values
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(lo) + offset);
  }

  friend constexpr bool operator==(const Rng&, const Rng&) = default;

 private:
  State state_;
};

}  // namespace engine
