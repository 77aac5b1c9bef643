#include "engine/core/hash.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <span>
#include <string_view>

namespace {

std::uint64_t hash_of(std::string_view text) {
  engine::Hasher hasher;
  hasher.add(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
  return hasher.value();
}

template <class... Numbers>
constexpr std::uint64_t hash_of_numbers(Numbers... numbers) {
  engine::Hasher hasher;
  (hasher.add(numbers), ...);
  return hasher.value();
}

// From the FNV authors' test_fnv.c (fnv_test_str and fnv1a_64_vector).
TEST(Hasher, gives_the_published_values_of_fnv_1a) {
  EXPECT_EQ(hash_of(""), 0xCBF29CE484222325ULL);
  EXPECT_EQ(hash_of("a"), 0xAF63DC4C8601EC8CULL);
  EXPECT_EQ(hash_of("b"), 0xAF63DF4C8601F1A5ULL);
  EXPECT_EQ(hash_of("foo"), 0xDCB27518FED9D577ULL);
  EXPECT_EQ(hash_of("foobar"), 0x85944171F73967E8ULL);
  EXPECT_EQ(hash_of("chongo was here!\n"), 0x46810940EFF5F915ULL);
}

TEST(Hasher, takes_numbers_as_little_endian_bytes) {
  EXPECT_EQ(hash_of_numbers(std::uint8_t{'a'}), hash_of("a"));
  EXPECT_EQ(hash_of_numbers(std::uint16_t{0x6261}), hash_of("ab"));
  EXPECT_EQ(hash_of_numbers(std::uint32_t{0x64636261}), hash_of("abcd"));
  EXPECT_EQ(hash_of_numbers(std::uint64_t{0x6867666564636261}), hash_of("abcdefgh"));
}

TEST(Hasher, takes_signed_numbers_as_twos_complement) {
  EXPECT_EQ(hash_of_numbers(std::int8_t{-1}), hash_of_numbers(std::uint8_t{0xFF}));
  EXPECT_EQ(hash_of_numbers(std::int16_t{-2}), hash_of_numbers(std::uint16_t{0xFFFE}));
  EXPECT_EQ(hash_of_numbers(std::int32_t{-3}), hash_of_numbers(std::uint32_t{0xFFFFFFFD}));
  EXPECT_EQ(hash_of_numbers(std::int64_t{-4}), hash_of_numbers(std::uint64_t{0xFFFFFFFFFFFFFFFC}));
}

TEST(Hasher, tells_numbers_of_different_width_and_order_apart) {
  EXPECT_NE(hash_of_numbers(std::uint16_t{1}), hash_of_numbers(std::uint32_t{1}));
  EXPECT_NE(hash_of_numbers(1, 2), hash_of_numbers(2, 1));
}

TEST(Hasher, works_at_compile_time) { static_assert(hash_of_numbers(std::uint8_t{'a'}) == 0xAF63DC4C8601EC8CULL); }

}  // namespace
