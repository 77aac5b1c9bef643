#include "recording/format/crc32c.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <string_view>

#include "engine/core/rng.hpp"

namespace netcode {
namespace {

Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

TEST(Crc32c, gives_the_published_sums) {
  EXPECT_EQ(crc32c(bytes_of("123456789")), 0xE3069283U);  // the check value of CRC-32C in every catalogue
  // RFC 3720, appendix B.4.
  Bytes bytes(32, 0);
  EXPECT_EQ(crc32c(bytes), 0x8A9136AAU);
  bytes.assign(32, 0xFF);
  EXPECT_EQ(crc32c(bytes), 0x62A8AB43U);
  std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
  EXPECT_EQ(crc32c(bytes), 0x46DD794EU);
  std::reverse(bytes.begin(), bytes.end());
  EXPECT_EQ(crc32c(bytes), 0x113FDB5CU);
}

TEST(Crc32c, is_the_same_by_instruction_and_by_table_whatever_the_length) {
  engine::Rng rng(1);
  Bytes bytes;
  for (int length = 0; length < 100; ++length) {
    EXPECT_EQ(crc32c(bytes), detail::crc32c_by_table(bytes, 0)) << length;
    bytes.push_back(static_cast<std::uint8_t>(rng.next()));
  }
}

TEST(Crc32c, goes_on_from_an_earlier_sum) {
  const Bytes all = bytes_of("the whole of it");
  EXPECT_EQ(crc32c(BytesView(all).subspan(4), crc32c(BytesView(all).first(4))), crc32c(all));
}

}  // namespace
}  // namespace netcode
