#include "engine/core/utf8.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace {

using namespace std::string_view_literals;
using engine::is_utf8;
using engine::printable_utf8;
using engine::utf8_prefix;
using engine::visible_name;

// The encoding without any of its rules, so that the tests can also write what the rules forbid.
std::string encode(char32_t c, int bytes) {
  const auto byte = [](char32_t value) { return static_cast<char>(static_cast<unsigned char>(value)); };
  switch (bytes) {
    case 1:
      return {byte(c)};
    case 2:
      return {byte(0xC0U | c >> 6U), byte(0x80U | (c & 0x3FU))};
    case 3:
      return {byte(0xE0U | c >> 12U), byte(0x80U | (c >> 6U & 0x3FU)), byte(0x80U | (c & 0x3FU))};
    default:
      return {byte(0xF0U | c >> 18U), byte(0x80U | (c >> 12U & 0x3FU)), byte(0x80U | (c >> 6U & 0x3FU)),
              byte(0x80U | (c & 0x3FU))};
  }
}

int bytes_needed(char32_t c) { return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4; }

TEST(Utf8, takes_every_code_point_in_its_shortest_form_but_surrogates) {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    const bool surrogate = c >= 0xD800 && c <= 0xDFFF;
    ASSERT_EQ(is_utf8(encode(c, bytes_needed(c))), !surrogate) << std::hex << static_cast<unsigned>(c);
  }
}

TEST(Utf8, refuses_every_overlong_form) {
  for (char32_t c = 0; c < 0x10000; ++c) {
    for (int bytes = bytes_needed(c) + 1; bytes <= 4; ++bytes) {
      ASSERT_FALSE(is_utf8(encode(c, bytes))) << std::hex << static_cast<unsigned>(c) << " in " << bytes;
    }
  }
}

TEST(Utf8, refuses_code_points_beyond_unicode) {
  EXPECT_TRUE(is_utf8("\xF4\x8F\xBF\xBF"));   // U+10FFFF
  EXPECT_FALSE(is_utf8("\xF4\x90\x80\x80"));  // U+110000
  EXPECT_FALSE(is_utf8("\xF5\x80\x80\x80"));
  EXPECT_FALSE(is_utf8("\xF8\x88\x80\x80\x80"));  // five bytes
  EXPECT_FALSE(is_utf8("\xFE"));
  EXPECT_FALSE(is_utf8("\xFF"));
}

TEST(Utf8, refuses_every_truncated_sequence) {
  for (const std::string_view whole : {"\xC3\xBC"sv, "\xE2\x82\xAC"sv, "\xF0\x9F\x9A\x80"sv}) {
    ASSERT_TRUE(is_utf8(whole));
    for (std::size_t cut = 1; cut < whole.size(); ++cut) {
      EXPECT_FALSE(is_utf8(whole.substr(0, cut)));
      EXPECT_FALSE(is_utf8(std::string(whole.substr(0, cut)) + "a"));
      EXPECT_FALSE(is_utf8(whole.substr(cut)));
    }
  }
}

TEST(Utf8, takes_text_of_many_lengths) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("gr\xC3\xBC\xC3\x9F \xE2\x82\xAC \xF0\x9F\x9A\x80"));
  EXPECT_TRUE(is_utf8("nul \0 inside"sv));
  EXPECT_FALSE(is_utf8("gr\xFC\xDF"));
}

TEST(Utf8, prefix_never_cuts_a_code_point) {
  const std::string_view text = "a\xC3\xBC\xE2\x82\xAC\xF0\x9F\x9A\x80z";  // 1 + 2 + 3 + 4 + 1 bytes
  const std::size_t kept[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11};
  for (std::size_t bytes_max = 0; bytes_max < std::size(kept); ++bytes_max) {
    EXPECT_EQ(utf8_prefix(text, bytes_max), text.substr(0, kept[bytes_max])) << bytes_max;
  }
}

TEST(Utf8, prefix_of_bytes_that_are_no_text_stays_in_bounds) {
  EXPECT_EQ(utf8_prefix("\x80\x80\x80\x80", 3), "");
  EXPECT_EQ(utf8_prefix("", 3), "");
}

TEST(Utf8, printable_removes_control_characters) {
  EXPECT_EQ(printable_utf8("a\tb\nc\x1B[31md\x7F"), "abc[31md");
  EXPECT_EQ(printable_utf8("nul\0l"sv), "null");
  EXPECT_EQ(printable_utf8("c1 \xC2\x85\xC2\x9B end"), "c1  end");
}

TEST(Utf8, printable_removes_what_rearranges_the_text_around_it) {
  EXPECT_EQ(printable_utf8("a\xE2\x80\xAE"
                           "b"),
            "ab");  // U+202E right-to-left override
  EXPECT_EQ(printable_utf8("a\xE2\x81\xA6"
                           "b"),
            "ab");  // U+2066 left-to-right isolate
  EXPECT_EQ(printable_utf8("a\xE2\x80\xA8"
                           "b"),
            "ab");  // U+2028 line separator
}

TEST(Utf8, printable_keeps_all_other_text) {
  const std::string_view text = "gr\xC3\xBC\xC3\x9F \xE2\x82\xAC \xF0\x9F\x9A\x80 ~";
  EXPECT_EQ(printable_utf8(text), text);
}

TEST(Utf8, printable_is_utf8_whatever_it_is_given) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(static_cast<unsigned char>(i));
  EXPECT_TRUE(is_utf8(printable_utf8(bytes)));
  EXPECT_EQ(printable_utf8("a\xFF\xC3z"), "a\xEF\xBF\xBD\xEF\xBF\xBDz");
}

TEST(Utf8, a_name_that_shows_nothing_is_empty) {
  const char32_t blank[] = {0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x180E, 0x200B, 0x200C,  0x200D,  0x200E,
                            0x202E, 0x2060, 0x2066, 0x2800, 0x3164, 0xFE0F, 0xFEFF, 0xFFA0, 0xFFFC,  0xE000,  0xFDD0,
                            0x0301, 0x0378, 0x20,   0xA0,   0x2003, 0x3000, 0x7,    0x9B,   0x1D159, 0xE0041, 0x10FFFF};
  for (const char32_t c : blank) {
    const std::string one = encode(c, bytes_needed(c));
    EXPECT_EQ(visible_name(one), "") << std::hex << static_cast<unsigned>(c);
    EXPECT_EQ(visible_name(one + one), "") << std::hex << static_cast<unsigned>(c);
  }
  std::string all;
  for (const char32_t c : blank) all += encode(c, bytes_needed(c));
  EXPECT_EQ(visible_name(all), "");
}

TEST(Utf8, a_name_has_no_part_that_cannot_be_seen) {
  EXPECT_EQ(visible_name("a\u200bd\u00ada\u2060"), "ada");
  EXPECT_EQ(visible_name("\u202eada"), "ada");
  EXPECT_EQ(visible_name("  a \u00a0\u3000 b\u2800 "), "a b");
  EXPECT_EQ(visible_name("\U0001F468\u200d\U0001F680\ufe0f"), "\U0001F468\U0001F680");
  EXPECT_EQ(visible_name("ada\xff\xc3"), "ada");
}

TEST(Utf8, a_name_keeps_letters_of_every_script_and_the_marks_on_them) {
  for (const std::string_view name :
       {"Ada_9 [x]"sv, "\u0410\u0434\u0430"sv, "\u0391\u03B4\u03B1"sv, "\u963F\u8FBE"sv, "\u3042\u3060"sv,
        "\uC544\uB2E4"sv, "\u0639\u062F\u0627"sv, "\u0928\u093F"sv, "e\u0301"sv, "\U0001F680"sv, "~\u20ac"sv})
    EXPECT_EQ(visible_name(name), name);
  EXPECT_EQ(visible_name("\u0301a\u0301\u0301\u0301\u0301b"), "a\u0301\u0301b") << "no more than two on each";
}

}  // namespace
