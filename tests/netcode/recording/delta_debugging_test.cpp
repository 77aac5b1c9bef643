#include "recording/edit/delta_debugging.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "engine/core/rng.hpp"

namespace netcode::recording {
namespace {

std::vector<int> numbers(int count) {
  std::vector<int> out(static_cast<std::size_t>(count));
  std::iota(out.begin(), out.end(), 0);
  return out;
}

constexpr auto kForEver = [] { return true; };

TEST(DeltaDebugging, finds_exactly_those_without_which_it_does_not_fail) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    engine::Rng rng(seed);
    const int count = rng.between(1, 120);
    std::vector<int> culprits;
    for (const int one : numbers(count))
      if (rng.between(0, 20) == 0) culprits.push_back(one);
    const auto found = fewest_that_fail(
        numbers(count),
        [&](const std::vector<int>& kept) {
          return std::includes(kept.begin(), kept.end(), culprits.begin(), culprits.end());
        },
        kForEver);
    EXPECT_EQ(found, culprits) << "seed " << seed;
  }
}

TEST(DeltaDebugging, leaves_nothing_that_could_go_alone_where_what_fails_is_one_of_many) {
  int tried = 0;
  const auto found = fewest_that_fail(
      numbers(1000),
      [&](const std::vector<int>& kept) {
        ++tried;
        return std::any_of(kept.begin(), kept.end(), [](int one) { return one % 100 == 7; });
      },
      kForEver);
  EXPECT_EQ(found.size(), 1U);
  EXPECT_LT(tried, 40);
}

TEST(DeltaDebugging, ends_with_what_it_has_when_it_is_told_to) {
  int tried = 0;
  const auto found = fewest_that_fail(
      numbers(64), [](const std::vector<int>& kept) { return kept.size() >= 3; }, [&] { return ++tried < 5; });
  EXPECT_LT(found.size(), 64U);
  EXPECT_GT(found.size(), 3U);
}

}  // namespace
}  // namespace netcode::recording
