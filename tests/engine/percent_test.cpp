#include "engine/core/percent.hpp"

#include <gtest/gtest.h>
#include <spdlog/fmt/fmt.h>

#include <string>

namespace {

using engine::percent_decode;
using engine::percent_encode;

std::string problem(const std::string& text) {
  const auto decoded = percent_decode(text);
  return decoded ? "" : decoded.error().reason;
}

TEST(Percent, survives_the_round_trip_for_every_printable_byte) {
  std::string text = "ÄÖÜ 日本語 ";
  for (char c = ' '; c < 0x7f; ++c) text += c;
  const auto encoded = percent_encode(text);
  EXPECT_EQ(encoded.find_first_of(" &=+?#/\""), std::string::npos);
  EXPECT_EQ(*percent_decode(encoded), text);
}

TEST(Percent, leaves_alone_what_may_stand_as_it_is) {
  EXPECT_EQ(percent_encode("AZaz09-._~"), "AZaz09-._~");
  EXPECT_EQ(percent_encode("\xff/"), "%FF%2F");
  EXPECT_EQ(*percent_decode("a+b%2b%2B"), "a+b++");
}

TEST(Percent, refuses_what_is_cut_and_what_is_no_printable_utf8) {
  for (const char* const cut : {"%", "a%4", "%zz", "%4"})
    EXPECT_EQ(problem(cut), fmt::format("\"%\" without two hexadecimal digits in \"{}\"", cut));
  EXPECT_EQ(problem("%ff"), "\"%ff\" does not decode to UTF-8");
  for (const char* const control : {"%00", "%0a", "%7f", "a%1Bb"})
    EXPECT_EQ(problem(control), fmt::format("\"{}\" has control characters", control));
}

}  // namespace
