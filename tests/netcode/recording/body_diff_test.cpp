#include "recording/format/body_diff.hpp"

#include <gtest/gtest.h>

#include "engine/core/rng.hpp"

namespace netcode::recording {
namespace {

TEST(BodyDiff, gives_back_any_bytes_from_any_base) {
  engine::Rng rng(5);
  for (int round = 0; round < 3000; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    Bytes base(rng.below(40));
    for (std::uint8_t& byte : base) byte = static_cast<std::uint8_t>(rng.next());
    Bytes bytes = base;
    if (rng.below(4) == 0) bytes.resize(rng.below(40));
    for (std::uint32_t i = 0; i < rng.below(6) && !bytes.empty(); ++i) {
      bytes[rng.below(static_cast<std::uint32_t>(bytes.size()))] = static_cast<std::uint8_t>(rng.next());
    }
    Bytes out;
    VarintWriter writer(out);
    Bytes encoder_base = base;
    encode_diff(writer, bytes, encoder_base);
    EXPECT_EQ(encoder_base, bytes);
    EXPECT_LE(out.size(), bytes.size() + 2);
    VarintReader reader(out);
    ASSERT_TRUE(decode_diff(reader, base, 40));
    EXPECT_EQ(base, bytes);
    EXPECT_TRUE(reader.at_end());
  }
}

TEST(BodyDiff, refuses_more_bytes_than_it_may_give) {
  Bytes out;
  VarintWriter writer(out);
  Bytes base;
  encode_diff(writer, Bytes(41, 1), base);
  VarintReader reader(out);
  base.clear();
  EXPECT_FALSE(decode_diff(reader, base, 40));
  EXPECT_TRUE(base.empty());
}

}  // namespace
}  // namespace netcode::recording
