#include "recording/format/varint.hpp"

#include <gtest/gtest.h>

namespace netcode::recording {
namespace {

TEST(Varint, refuses_varints_that_do_not_end_or_are_too_large) {
  for (const Bytes& bad : {Bytes{}, Bytes{0x80}, Bytes(11, 0x80),
                           Bytes{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02}, Bytes{0x81, 0x01}}) {
    VarintReader reader(bad);
    EXPECT_EQ(reader.varint(128), 0U);
    EXPECT_FALSE(reader.ok());
  }
  const Bytes largest{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01};
  VarintReader reader(largest);
  EXPECT_EQ(reader.varint(~std::uint64_t{0}), ~std::uint64_t{0});
}

}  // namespace
}  // namespace netcode::recording
