// The arena comes out the same on every compiler and at every level of optimisation: each build of this test has to
// reproduce the numbers below. They change when the rules, the bots or foundry change, and then recordings made before
// do not verify any more: raise the rules' version with them.
#include <gtest/gtest.h>

#include <array>
#include <cinttypes>
#include <cstdio>

#include "crowd.hpp"

namespace game::sim {
namespace {

// After each 10 s of a minute of 8 bots, two of most levels.
constexpr std::array<std::uint64_t, 6> kGolden = {0xBA0E2F62A044C509, 0x836324E4F4204FA9, 0x11C284140ADA9C12,
                                                  0xE63CAF9E0EE94E00, 0x98A2CB8BF40D22A5, 0xBF1E5901CC0FE2AC};

TEST(Golden, a_minute_of_8_bots_has_the_hashes_it_always_had) {
  test::Crowd crowd({1, 2, 3, 4, 5, 2, 3, 4}, 2026);
  for (std::size_t part = 0; part < kGolden.size(); ++part) {
    for (int tick = 0; tick < 600; ++tick) crowd.step();
    char found[32];
    std::snprintf(found, sizeof found, "0x%016" PRIX64, hash(crowd.state));
    EXPECT_EQ(hash(crowd.state), kGolden[part]) << "at tick " << crowd.state.tick << ": " << found;
  }
}

}  // namespace
}  // namespace game::sim
