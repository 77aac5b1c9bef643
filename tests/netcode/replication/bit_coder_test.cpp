// Bits in as few bytes as their probabilities allow, and back.
#include "replication/packed/bit_coder.hpp"

#include <gtest/gtest.h>
#include <engine/core/rng.hpp>

#include <utility>
#include <vector>

namespace netcode::packed {
namespace {

using engine::Rng;
using Decisions = std::vector<std::pair<bool, Probability>>;

/// Bits that are as likely as they say.
Decisions random_decisions(std::uint64_t seed, std::size_t count) {
  Rng rng(seed);
  Decisions decisions;
  for (std::size_t i = 0; i < count; ++i) {
    const Probability p = rng.below(4) == 0 ? (rng.below(2) == 0 ? 1 : 65535) : 1 + rng.below(65535);
    decisions.emplace_back(rng.below(65536) < p, p);
  }
  return decisions;
}

Bytes written(const Decisions& decisions) {
  Bytes bytes;
  BitWriter bits(bytes);
  for (const auto& [bit, p] : decisions) bits.bit(bit, p);
  bits.end();
  return bytes;
}

}  // namespace

TEST(BitCoder, gives_back_10_000_bits_of_any_probability) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Decisions decisions = random_decisions(seed, 10'000);
    const Bytes bytes = written(decisions);
    BitReader bits(bytes);
    for (const auto& [bit, p] : decisions) ASSERT_EQ(bits.bit(false, p), bit) << "seed " << seed;
    EXPECT_FALSE(bits.is_overrun());
  }
}

TEST(BitCoder, gives_back_bits_that_are_not_as_likely_as_they_say) {
  Rng rng(7);
  Decisions decisions;
  for (int i = 0; i < 2000; ++i) decisions.emplace_back(rng.below(2) == 0, rng.below(2) == 0 ? 1 : 65535);
  decisions.emplace_back(false, 32768);
  const Bytes bytes = written(decisions);
  BitReader bits(bytes);
  for (const auto& [bit, p] : decisions) ASSERT_EQ(bits.bit(true, p), bit);
  EXPECT_FALSE(bits.is_overrun());
}

TEST(BitCoder, takes_as_many_bytes_as_the_probabilities_say) {
  const Decisions decisions = random_decisions(3, 10'000);
  std::vector<BitCounter::Field> fields(1);
  BitCounter counter(fields);
  for (const auto& [bit, p] : decisions) counter.bit(bit, p);
  const double bytes = fields[0].bits / 8;
  EXPECT_EQ(fields[0].decisions, 10'000U);
  EXPECT_GT(bytes, 500);
  EXPECT_LT(static_cast<double>(written(decisions).size()), bytes * 1.001 + 5);
}

TEST(BitCoder, takes_next_to_nothing_for_what_is_next_to_certain) {
  EXPECT_LE(written(Decisions(10'000, {true, 65535})).size(), 1U);
  EXPECT_LE(written(Decisions(10'000, {false, 1})).size(), 1U);
  EXPECT_EQ(written({{true, 65535}}).size(), 0U);
}

TEST(BitCoder, writes_nothing_where_there_is_nothing_to_say) {
  EXPECT_TRUE(written({}).empty());
  BitReader bits(BytesView{});
  EXPECT_FALSE(bits.is_overrun());
}

TEST(BitCoder, appends_and_leaves_alone_what_was_there_before) {
  Bytes bytes = {1, 0, 0};
  BitWriter bits(bytes);
  bits.bit(true, 32768);
  bits.end();
  EXPECT_EQ(bytes, (Bytes{1, 0, 0}));
}

TEST(BitCoder, notices_that_more_is_read_than_was_written) {
  const Bytes bytes = written({{false, 32768}});
  BitReader bits(bytes);
  for (int i = 0; i < 40; ++i) bits.bit(false, 32768);
  EXPECT_TRUE(bits.is_overrun());
}

TEST(BitCoder, gives_back_ones_without_end) {
  const Decisions ones(100, {true, 32768});
  const Bytes bytes = written(ones);
  BitReader bits(bytes);
  for (const auto& [bit, p] : ones) ASSERT_EQ(bits.bit(false, p), bit);
  EXPECT_FALSE(bits.is_overrun()) << "a sound stream";
}

TEST(BitCoder, never_stops_on_random_bytes) {
  Rng rng(5);
  for (int i = 0; i < 200; ++i) {
    Bytes bytes(rng.below(40));
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(rng.next());
    BitReader bits(bytes);
    for (int bit = 0; bit < 1000; ++bit) bits.bit(false, 1 + rng.below(65535));
  }
}

}  // namespace netcode::packed
