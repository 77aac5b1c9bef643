#include "engine/app/text_wrap.hpp"

#include <gtest/gtest.h>

#include <string>

#include "engine/core/rng.hpp"
#include "engine/core/utf8.hpp"
#include "fight_scene.hpp"

namespace engine::app::test {
namespace {

constexpr float kSize = 16;

std::vector<std::string> wrapped(std::string_view text, float width, float first = 0) {
  Typeface face = font("B612-Regular.otf");
  std::vector<std::string> lines;
  for (const std::string_view line : wrap_text(face, text, kSize, width, first)) lines.emplace_back(line);
  return lines;
}
using Lines = std::vector<std::string>;

float width_of(std::string_view text) {
  Typeface face = font("B612-Regular.otf");
  return face.width_px(text, kSize);
}

TEST(WrapText, leaves_alone_what_fits) {
  EXPECT_EQ(wrapped("", 100), Lines{""});
  EXPECT_EQ(wrapped("one two", 1000), Lines{"one two"});
  EXPECT_EQ(wrapped("one\n\ntwo", 1000), (Lines{"one", "", "two"}));
}

TEST(WrapText, breaks_at_spaces_and_leaves_them_out) {
  EXPECT_EQ(wrapped("one two   three", width_of("one two") + 1), (Lines{"one two", "three"}));
  EXPECT_EQ(wrapped("one two   ", width_of("one two") + 1), Lines{"one two"});
  EXPECT_EQ(wrapped("one two \nthree", width_of("one two") + 1), (Lines{"one two", "three"}));
}

TEST(WrapText, cuts_a_word_that_is_wider_than_the_column) {
  EXPECT_EQ(wrapped("a HHHHHHH", width_of("HHH") + 1), (Lines{"a", "HHH", "HHH", "H"}));
  EXPECT_EQ(wrapped("HH", 1), (Lines{"H", "H"})) << "one letter a line, where not even that fits";
}

TEST(WrapText, breaks_scripts_without_spaces_but_not_before_closing_marks) {
  const float three = width_of("\xE6\xBC\xA2\xE6\xBC\xA2\xE6\xBC\xA2") + 1;
  EXPECT_EQ(wrapped("\xE6\xBC\xA2\xE5\xAD\x97\xE6\xBC\xA2\xE5\xAD\x97", three),
            (Lines{"\xE6\xBC\xA2\xE5\xAD\x97\xE6\xBC\xA2", "\xE5\xAD\x97"}));
  EXPECT_EQ(wrapped("\xE6\xBC\xA2\xE5\xAD\x97\xE6\xBC\xA2\xE3\x80\x82", three),
            (Lines{"\xE6\xBC\xA2\xE5\xAD\x97", "\xE6\xBC\xA2\xE3\x80\x82"}));
}

TEST(WrapText, goes_on_beside_what_stands_in_the_first_line) {
  const float width = width_of("one two") + 1;
  EXPECT_EQ(wrapped("one two", width, width_of("two ")), (Lines{"one", "two"}));
  EXPECT_EQ(wrapped("HHHHHHHHH", width_of("HHH") + 1, width_of("HH")), (Lines{"", "HHH", "HHH", "HHH"}));
  EXPECT_EQ(wrapped("one", width_of("one") + 1, 10 * width_of("one")), (Lines{"", "one"}));
}

TEST(WrapText, loses_no_letter_and_keeps_to_its_width_whatever_is_written) {
  Typeface face = font("B612-Regular.otf");
  const char* letters[] = {
      "a", "W", " ", "  ", "\n", "\xC3\xA9", "\xE6\xBC\xA2", "\xE3\x80\x82", "\xF0\x9F\x9A\x80", "e\xCC\x81"};
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    engine::Rng rng(seed);
    std::string text;
    for (std::uint64_t i = rng.below(60); i > 0; --i) text += letters[rng.below(10)];
    const float width = static_cast<float>(20 + rng.below(200));
    const float first = static_cast<float>(rng.below(2) * rng.below(100));
    std::size_t at = 0;
    bool is_first = true;
    for (const std::string_view line : wrap_text(face, text, kSize, width, first)) {
      const auto begin = static_cast<std::size_t>(line.data() - text.data());
      ASSERT_GE(begin, at) << "in order";
      ASSERT_EQ(text.substr(at, begin - at).find_first_not_of(" \n"), std::string::npos) << "only spaces are left out";
      ASSERT_TRUE(engine::is_utf8(line));
      ASSERT_LE(face.width_px(line, kSize), std::max(0.0F, width - (is_first ? first : 0))) << line;
      at = begin + line.size();
      is_first = false;
    }
    ASSERT_EQ(text.substr(at).find_first_not_of(" \n"), std::string::npos);
  }
}

TEST(WrapText, ends_with_bytes_that_are_no_text) {
  EXPECT_FALSE(wrapped("\xFF\xFE\xC3 abc \xE6\xBC", 20).empty());
  EXPECT_FALSE(wrapped(std::string(500, '\xFF'), 20, 10).empty());
}

}  // namespace
}  // namespace engine::app::test
