#include "engine/core/rng.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <limits>
#include <set>

namespace {

using engine::Rng;

// "pcg32_demo" of the reference implementation (pcg-c-basic), round 1: seed 42, stream 54.
TEST(Rng, gives_the_published_values_of_pcg32) {
  Rng rng(42, 54);
  const std::uint32_t published[] = {0xa15c02b7, 0x7b47f409, 0xba1d3330, 0x83d2f293, 0xbfa4784b, 0xcbed606e};
  for (const std::uint32_t value : published) EXPECT_EQ(rng.next(), value);
}

TEST(Rng, has_streams_that_differ) {
  Rng a(42, 1);
  Rng b(42, 2);
  int equal = 0;
  for (int i = 0; i < 1000; ++i) equal += a.next() == b.next() ? 1 : 0;
  EXPECT_LE(equal, 1);
}

TEST(Rng, goes_on_from_its_state) {
  Rng rng(7);
  for (int i = 0; i < 10; ++i) rng.next();
  Rng restored = Rng::from_state(rng.state());
  EXPECT_EQ(restored, rng);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(restored.next(), rng.next());
  rng.next();
  EXPECT_NE(restored, rng);
}

TEST(Rng, makes_a_foreign_states_increment_odd) {
  EXPECT_EQ(Rng::from_state({.state = 1, .increment = 4}).state().increment, 5U);
}

TEST(Rng, below_is_uniform_and_within_its_bound) {
  Rng rng(5);
  std::array<int, 6> rolls{};
  for (int i = 0; i < 60'000; ++i) ++rolls.at(rng.below(6));
  for (const int count : rolls) EXPECT_NEAR(count, 10'000, 400);  // four standard deviations
  EXPECT_EQ(rng.below(1), 0U);
}

TEST(Rng, below_has_no_modulo_bias) {
  // 3 * 2^30: of 2^32 values taken modulo the bound, the low third would come up twice as often.
  const std::uint32_t bound = 3U << 30U;
  Rng rng(9);
  int low = 0;
  for (int i = 0; i < 30'000; ++i) low += rng.below(bound) < (1U << 30U) ? 1 : 0;
  EXPECT_NEAR(low, 10'000, 400);
}

TEST(Rng, between_includes_both_ends) {
  Rng rng(1);
  std::set<std::int32_t> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(rng.between(-2, 2));
  EXPECT_EQ(seen, (std::set<std::int32_t>{-2, -1, 0, 1, 2}));
  EXPECT_EQ(rng.between(7, 7), 7);
}

TEST(Rng, between_spans_all_integers) {
  Rng rng(1);
  int negative = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::int32_t value =
        rng.between(std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max());
    negative += value < 0 ? 1 : 0;
  }
  EXPECT_NEAR(negative, 500, 65);
}

TEST(Rng, works_at_compile_time) {
  static_assert([] {
    Rng rng(42);
    return rng.next();
  }() == 0xa15c02b7);
}

TEST(RngDeathTest, refuses_empty_ranges) {
  Rng rng(1);
  EXPECT_DEATH(rng.below(0), "bound > 0");
  EXPECT_DEATH(rng.between(1, 0), "lo <= hi");
}

}  // namespace
