#include "socketio/json_text.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "engine/core/rng.hpp"

namespace netcode::socketio {
namespace {

std::string number(double value) {
  std::string text;
  append_number(value, text);
  return text;
}

std::string again(std::string_view text) {
  const auto value = parse_json(text);
  return value ? json_text(*value) : "error: " + value.error().reason;
}

}  // namespace

TEST(JsonText, writes_numbers_as_javascript_does) {
  const std::pair<double, std::string_view> numbers[] = {{0, "0"},
                                                         {-0.0, "0"},
                                                         {1, "1"},
                                                         {-1.5, "-1.5"},
                                                         {100, "100"},
                                                         {0.1, "0.1"},
                                                         {1e20, "100000000000000000000"},
                                                         {1e21, "1e+21"},
                                                         {1.25e21, "1.25e+21"},
                                                         {1e-6, "0.000001"},
                                                         {1e-7, "1e-7"},
                                                         {1.5e-7, "1.5e-7"},
                                                         {123456789012345680000.0, "123456789012345680000"},
                                                         {0.1 + 0.2, "0.30000000000000004"},
                                                         {5e-324, "5e-324"},
                                                         {1.7976931348623157e308, "1.7976931348623157e+308"},
                                                         {123.456, "123.456"},
                                                         {9007199254740993.0, "9007199254740992"},
                                                         {0.00012, "0.00012"},
                                                         {-1e-7, "-1e-7"}};
  for (const auto& [value, text] : numbers) EXPECT_EQ(number(value), text);
  EXPECT_EQ(number(std::numeric_limits<double>::infinity()), "null");
  EXPECT_EQ(number(std::nan("")), "null");
}

TEST(JsonText, writes_numbers_that_read_back_as_the_same) {
  engine::Rng rng(2);
  for (int i = 0; i < 100'000; ++i) {
    const auto value = std::bit_cast<double>((std::uint64_t{rng.below(UINT32_MAX)} << 32) | rng.below(UINT32_MAX));
    if (std::isfinite(value)) {
      ASSERT_EQ(std::strtod(number(value).c_str(), nullptr), value) << "seed 2, " << i;
    }
  }
}

TEST(JsonText, gives_back_what_came) {
  for (const std::string_view text :
       {R"(["message",1,"2",{"3":[true]}])", R"({"a":null,"b":[],"c":{},"d":""})", R"(["\"\\\b\f\n\r\t\u0001/"])",
        "[\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"]", "0", "\"x\"", "[[[[1]]]]"})
    EXPECT_EQ(again(text), text);
}

TEST(JsonText, has_the_numbers_that_javascript_has) {
  EXPECT_EQ(again("[1e3,1.0,-0,1E21,9007199254740993,18446744073709551615,-9223372036854775808]"),
            "[1000,1,0,1e+21,9007199254740992,18446744073709552000,-9223372036854776000]");
  EXPECT_EQ(again("1.5E0"), "1.5");
  EXPECT_EQ(again("123456789012345678901234567890"), "1.2345678901234568e+29");
}

TEST(JsonText, of_a_name_that_comes_twice_has_the_last) {
  EXPECT_EQ(again(R"({"a":1,"b":2,"a":3})"), R"({"a":3,"b":2})");
}

TEST(JsonText, has_a_replacement_character_for_a_lone_surrogate) {
  EXPECT_EQ(again(R"("\ud800")"), "\"\xef\xbf\xbd\"");
  EXPECT_EQ(again(R"("\uDC00\ud800")"), "\"\xef\xbf\xbd\xef\xbf\xbd\"");
  EXPECT_EQ(again(R"("\ud83d\ude00")"), "\"\xf0\x9f\x98\x80\"") << "a pair is one character";
  EXPECT_EQ(again(R"("\ud83d\ud83d\ude00")"), "\"\xef\xbf\xbd\xf0\x9f\x98\x80\"");
  EXPECT_EQ(again(R"("\\ud800")"), R"("\\ud800")") << "that is a backslash and five letters";
}

TEST(JsonText, refuses_what_is_none) {
  for (const std::string_view text : {"", "{", "[1,]", "NaN", "Infinity", "'a'", "[1] 2", "{\"a\":1", "\"\\u12\"", "01",
                                      "\"\x01\"", "\"\xff\"", "nul", "// a\n1"})
    EXPECT_FALSE(parse_json(text)) << text;
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(parse_json(nested(kJsonDepthMax)));
  EXPECT_FALSE(parse_json(nested(kJsonDepthMax + 1)));
  EXPECT_FALSE(parse_json(std::string(1'000'000, '[')));
}

TEST(JsonText, of_any_bytes_is_read_without_harm) {
  engine::Rng rng(4);
  for (int i = 0; i < 50'000; ++i) {
    std::string text(rng.below(30), '\0');
    for (char& c : text) c = "[]{},:\"\\ud8c0f1eE+-.tn\x01\xc3"[rng.below(25)];
    const auto value = parse_json(text);
    if (value) {
      EXPECT_EQ(again(json_text(*value)), json_text(*value)) << "seed 4, " << i << ": " << text;
    }
  }
}

TEST(JsonText, reads_the_number_that_is_nearest) {
  EXPECT_EQ(again("123.42857142857143"), "123.42857142857143");
  EXPECT_EQ(again("[1e-7,-0.30000000000000004,5e-324]"), "[1e-7,-0.30000000000000004,5e-324]");
  engine::Rng rng(3);
  for (int i = 0; i < 100'000; ++i) {
    const auto value = std::bit_cast<double>((std::uint64_t{rng.below(UINT32_MAX)} << 32) | rng.below(UINT32_MAX));
    if (!std::isfinite(value)) continue;
    ASSERT_EQ(again(number(value)), number(value)) << "seed 3, " << i;
  }
}

TEST(JsonText, takes_one_value_and_no_more) {
  EXPECT_TRUE(again("1 2").starts_with("error"));
  EXPECT_TRUE(again("").starts_with("error"));
  EXPECT_TRUE(again("[1").starts_with("error"));
  EXPECT_TRUE(again("12e").starts_with("error"));
  EXPECT_EQ(again(" [1] "), "[1]");
}

}  // namespace netcode::socketio
