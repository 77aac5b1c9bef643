#include "protocol/base64url.hpp"

#include <gtest/gtest.h>

#include <string>

namespace netcode::protocol {
namespace {

Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

TEST(Base64url, is_that_of_the_rfc_without_padding) {
  EXPECT_EQ(encode_base64url(bytes_of("")), "");
  EXPECT_EQ(encode_base64url(bytes_of("f")), "Zg");
  EXPECT_EQ(encode_base64url(bytes_of("fo")), "Zm8");
  EXPECT_EQ(encode_base64url(bytes_of("foo")), "Zm9v");
  EXPECT_EQ(encode_base64url(bytes_of("foobar")), "Zm9vYmFy");
  EXPECT_EQ(encode_base64url(Bytes{0xFB, 0xFF}), "-_8");
}

TEST(Base64url, comes_out_as_it_went_in) {
  Bytes bytes;
  for (std::uint32_t size = 0; size < 300; ++size) {
    const auto decoded = decode_base64url(encode_base64url(bytes));
    ASSERT_TRUE(decoded) << size << ": " << decoded.error().reason;
    ASSERT_EQ(*decoded, bytes);
    bytes.push_back(static_cast<std::uint8_t>(size * 37 + 11));
  }
}

TEST(Base64url, takes_one_text_for_some_bytes_and_no_other) {
  for (const char* bad : {"Z", "Zm9vY", "Zg==", "Zm9v\n", "Zm 9v", "+/8", "Zm9.", "Zh", "Zm9"})
    EXPECT_FALSE(decode_base64url(bad)) << bad;
  EXPECT_EQ(decode_base64url("se cret").error().reason.find("se cret"), std::string::npos);
}

}  // namespace
}  // namespace netcode::protocol
