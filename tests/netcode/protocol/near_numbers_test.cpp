#include "protocol/near_numbers.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>

#include "engine/core/rng.hpp"

namespace netcode::protocol {
namespace {

constexpr std::uint64_t kLargest = UINT64_MAX >> 24;  // of 40 bits

TEST(NearNumbers, take_few_bytes_where_they_are_near) {
  EXPECT_EQ(steps_to(7U, 7U), 0U);
  EXPECT_EQ(steps_to(6U, 7U), 1U);
  EXPECT_EQ(steps_to(8U, 7U), 2U);
  EXPECT_EQ(steps_to(0U, UINT32_MAX), 2U) << "round the end";
  Bytes out;
  put_number(out, 127);
  EXPECT_EQ(out.size(), 1U);
  put_pair(out, 14, 14);
  EXPECT_EQ(out.size(), 2U);
  put_pair(out, 15, 0);
  EXPECT_EQ(out.size(), 4U);
}

TEST(NearNumbers, are_read_as_they_were_written) {
  engine::Rng rng(3);
  for (int i = 0; i < 10'000; ++i) {
    const std::uint64_t wide = (std::uint64_t{rng.next()} << 8 | rng.below(256)) >> rng.below(40);
    const std::uint32_t value = rng.next() >> rng.below(32);
    const std::uint32_t guess = rng.next() >> rng.below(32);
    Bytes bytes;
    put_number(bytes, steps_to(wide, guess, 40));
    put_pair(bytes, steps_to(value, guess), value);
    bytes.push_back(9);
    NumberReader in(bytes, "a number");
    EXPECT_EQ(value_at(in.number(40), guess, 40), wide) << "seed 3, " << i;
    const auto [steps, second] = in.pair();
    EXPECT_EQ(value_at(steps, guess), value) << "seed 3, " << i;
    EXPECT_EQ(second, value);
    EXPECT_EQ(in.bytes(1).front(), 9);
    EXPECT_TRUE(in.is_good());
    EXPECT_EQ(in.problem(), "");
  }
}

TEST(NearNumbers, that_are_cut_off_or_too_large_are_told_of_and_nothing_is_read_behind_them) {
  Bytes bytes;
  put_number(bytes, kLargest);
  NumberReader large(bytes, "a thing");
  EXPECT_EQ(large.number(39), 0U);
  EXPECT_EQ(large.problem(), "a thing with a number that is too large");
  EXPECT_EQ(large.byte(), 0U);
  NumberReader fits(bytes, "a thing");
  EXPECT_EQ(fits.number(40), kLargest);
  bytes.pop_back();
  NumberReader cut(bytes, "a thing");
  EXPECT_EQ(cut.number(40), 0U);
  EXPECT_EQ(cut.problem(), "a thing that is cut off");
  NumberReader few(bytes, "a thing");
  EXPECT_TRUE(few.bytes(bytes.size() + 1).empty());
  EXPECT_FALSE(few.is_good());
  NumberReader many(bytes, "a thing");
  EXPECT_TRUE(many.bytes(UINT64_MAX).empty());
  EXPECT_FALSE(many.is_good());
}

}  // namespace
}  // namespace netcode::protocol
