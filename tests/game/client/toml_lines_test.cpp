#include "game/client/toml_lines.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/core/rng.hpp"

namespace game::client {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TomlValue value_of(const std::string& written) {
  const TomlFile file = read_toml("key = " + written + "\n");
  const TomlLine* line = file.find("key");
  return line && file.problems.empty() ? line->value : TomlValue(std::string("broken"));
}
std::string text_of(const std::string& written) { return std::get<std::string>(value_of(written)); }
double number_of(const std::string& written) { return std::get<TomlNumber>(value_of(written)).value; }

TEST(TomlLines, read_texts) {
  EXPECT_EQ(text_of(R"("a \"b\" \\ \t é")"), "a \"b\" \\ \t é");
  EXPECT_EQ(text_of(R"("\u00e9\U0001F600\u20AC")"), "é😀€");
  EXPECT_EQ(text_of(R"('C:\no "escapes"')"), "C:\\no \"escapes\"");
  EXPECT_EQ(text_of("\"# no comment\"  # one"), "# no comment");
  EXPECT_EQ(text_of("''"), "");
}

TEST(TomlLines, read_numbers_flags_and_lists) {
  EXPECT_EQ(number_of("42"), 42);
  EXPECT_EQ(number_of("+1_000"), 1000);
  EXPECT_EQ(number_of("-0.25"), -0.25);
  EXPECT_EQ(number_of("1e3"), 1000);
  EXPECT_TRUE(std::get<TomlNumber>(value_of("42")).is_whole);
  EXPECT_FALSE(std::get<TomlNumber>(value_of("42.0")).is_whole);
  EXPECT_TRUE(std::get<bool>(value_of("true # yes")));
  EXPECT_THAT(std::get<std::vector<std::string>>(value_of("['a', \"b\",\n # c\n 'd' ]")), ElementsAre("a", "b", "d"));
  EXPECT_THAT(std::get<std::vector<std::string>>(value_of("[]")), IsEmpty());
}

TEST(TomlLines, keep_values_of_other_sorts_as_they_stand) {
  for (const char* written : {"1979-05-27T07:32:00Z", "0xFF", "[[1, 2], ['a']]", "{ x = 1, y = [2] }", "[1, 2]"}) {
    SCOPED_TRACE(written);
    EXPECT_TRUE(std::holds_alternative<std::monostate>(value_of(written)));
    EXPECT_EQ(read_toml(std::string("key = ") + written).text(), std::string("key = ") + written + "\n");
  }
}

TEST(TomlLines, know_the_table_of_a_key) {
  const TomlFile file = read_toml("a = 1\n[t]\nb = 2\nc.d = 3\n[t.\"u v\"]\ne = 4\n[[many]]\na = 5\n[[many]]\na = 6\n");
  EXPECT_THAT(file.problems, IsEmpty());
  for (const char* key : {"a", "t.b", "t.c.d", "t.u v.e", "many[].a"}) EXPECT_NE(file.find(key), nullptr) << key;
}

TEST(TomlLines, say_why_a_line_is_left_out) {
  const TomlFile file = read_toml(
      "a = 1\nb = \nc\n= 3\nd = \"x\ne = 'y' z\na = 2\nf = \"\\q\"\ng = [ 'x' }\n[t\n[]\n[u] v\nh = bare\n"
      "i = \"\\uD800\"\nj = \"\xff\"\nk = \"\"\"x\"\"\"\n");
  EXPECT_THAT(
      file.problems,
      ElementsAre(Pair(2, "no value"), Pair(3, "\"=\" is expected"), Pair(4, "a name is expected"),
                  Pair(5, "the quote is not closed"), Pair(6, "something follows the value"),
                  Pair(7, "the key is there already"), Pair(8, "no such escape"), Pair(9, "brackets do not match"),
                  Pair(10, "the bracket is not closed"), Pair(11, "a name is expected"),
                  Pair(12, "something follows the bracket"), Pair(13, "no value"), Pair(14, "no such escape"),
                  Pair(15, "not UTF-8"), Pair(16, "texts of several lines are not for here")));
  EXPECT_EQ(file.text(), "a = 1\n");
}

TEST(TomlLines, lose_one_line_to_a_list_that_is_not_closed) {
  const TomlFile file = read_toml("a = ['x',\nb = 2\n");
  EXPECT_THAT(file.problems, ElementsAre(Pair(1, "the list is not closed")));
  EXPECT_NE(file.find("b"), nullptr);
}

TEST(TomlLines, are_changed_in_place_or_added_to_their_table) {
  TomlFile file = read_toml("# first\nold = 1  # one\n\n[t]\nx = 1\n\n[u]\ny = 1\n");
  file.set("", "old", "2");
  file.set("", "new", "3");
  file.set("t", "z", "4");
  file.set("v", "w w", "5");
  EXPECT_EQ(file.text(), "# first\nold = 2\nnew = 3\n\n[t]\nx = 1\nz = 4\n\n[u]\ny = 1\n\n[v]\n\"w w\" = 5\n");
  file.erase_table("u");
  EXPECT_EQ(file.find("u.y"), nullptr);
  TomlFile empty;
  empty.set("t", "x", "1");
  empty.set("", "y", "2");
  EXPECT_EQ(empty.text(), "y = 2\n[t]\nx = 1\n");
}

TEST(TomlLines, bring_back_what_they_quote) {
  for (const std::string text : {"", "plain", "a\"b\\c", "tab\tbell\a\x7f", "é😀", "'", "#"}) {
    EXPECT_EQ(text_of(toml_text(text)), text);
  }
}

TEST(TomlLines, read_any_bytes_and_then_their_own) {
  const std::string good =
      "name = 'Ada \"x\"'\n\n[keys]\nfire = [ 'Mouse 1',\n \"P\" ]\n[a.b]\nx = { y = 1, z = [1,2] }\nd = 1979-05-27\n";
  static constexpr std::string_view kBytes = "[]{}=,.'\"#\n \t\\abn019+-_~:\xc3\xa9\xff\r";
  for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    engine::Rng rng(seed);
    std::string bytes = good;
    for (int i = rng.between(1, 8); i > 0; --i) {
      const std::size_t at = rng.below(static_cast<std::uint32_t>(bytes.size()));
      const char byte = kBytes[rng.below(static_cast<std::uint32_t>(kBytes.size()))];
      if (rng.below(3) == 0) {
        bytes.erase(at, rng.below(8));
      } else if (rng.below(2) == 0) {
        bytes[at] = byte;
      } else {
        bytes.insert(at, 1, byte);
      }
      if (bytes.empty()) bytes = "x";
    }
    TomlFile file = read_toml(bytes);
    file.set("keys", "dash", "[\"Space\"]");
    const TomlFile again = read_toml(file.text());
    ASSERT_THAT(again.problems, IsEmpty()) << bytes << "\n--- became\n" << file.text();
    ASSERT_NE(again.find("keys.dash"), nullptr) << bytes << "\n--- became\n" << file.text();
  }
}

}  // namespace
}  // namespace game::client
