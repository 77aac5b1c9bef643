#include "socketio/base64.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "engine/core/rng.hpp"

namespace netcode::socketio {
namespace {

Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

}  // namespace

TEST(Base64, is_as_the_standard_shows) {
  for (const auto& [bytes, text] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
           {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"foobar", "Zm9vYmFy"}}) {
    EXPECT_EQ(encode_base64(bytes_of(bytes)), text);
    EXPECT_EQ(*decode_base64(text), bytes_of(bytes));
  }
}

TEST(Base64, gives_any_bytes_back) {
  engine::Rng rng(1);
  for (std::size_t size = 0; size < 200; ++size) {
    Bytes bytes(size);
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(rng.below(256));
    EXPECT_EQ(*decode_base64(encode_base64(bytes)), bytes) << "seed 1, size " << size;
  }
}

TEST(Base64, refuses_what_encode_does_not_make) {
  for (const std::string_view text : {"Zg", "Zg=", "Z===", "====", "Zh==", "Zm9v\n", "Zm 9", " Zm9", "Zm9v!", "Zm-_",
                                      "Zg==Zg==", "Zm9=", "=", "\xff\xff\xff\xff"})
    EXPECT_FALSE(decode_base64(text)) << text;
}

}  // namespace netcode::socketio
