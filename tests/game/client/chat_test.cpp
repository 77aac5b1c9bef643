#include "game/client/chat.hpp"

#include <gtest/gtest.h>

#include "client_support.hpp"

namespace game::client {
namespace {

struct Typist {
  Typist() { chat.open(); }
  std::optional<std::string> type(std::string_view text) {
    keys.type(text);
    return chat.take(keys.frame());
  }
  std::optional<std::string> press(std::string_view button) {
    keys.down(button);
    keys.up(button);
    return chat.take(keys.frame());
  }
  test::Keys keys;
  Chat chat;
};

TEST(Chat, gives_the_line_that_was_typed_at_enter) {
  Typist typist;
  EXPECT_FALSE(typist.type("gr\xC3\xBC\xC3\x9F"));
  EXPECT_FALSE(typist.type(" dich \xF0\x9F\x9A\x80"));
  EXPECT_EQ(typist.press("Return"), "gr\xC3\xBC\xC3\x9F dich \xF0\x9F\x9A\x80");
  EXPECT_FALSE(typist.chat.is_open());
  typist.chat.open();
  EXPECT_FALSE(typist.press("Keypad Enter")) << "an empty line is none";
  EXPECT_FALSE(typist.chat.is_open());
}

TEST(Chat, takes_back_whole_letters) {
  Typist typist;
  typist.type("a\xC3\xBC\xF0\x9F\x9A\x80");
  typist.press("Backspace");
  EXPECT_EQ(typist.press("Return"), "a\xC3\xBC");
  typist.chat.open();
  typist.type("\xC3\xBC");
  typist.press("Backspace");
  typist.press("Backspace");
  typist.type("x");
  EXPECT_EQ(typist.press("Return"), "x");
}

TEST(Chat, holds_200_bytes_and_cuts_no_letter) {
  Typist typist;
  for (int i = 0; i < 300; ++i) typist.type(i == 0 ? "x" : "\xC3\xBC");
  const auto line = typist.press("Return");
  ASSERT_TRUE(line);
  EXPECT_EQ(line->size(), 199U) << "99 letters of two bytes after one of one";
  typist.chat.open();
  typist.type(std::string(5000, 'y'));
  EXPECT_EQ(typist.press("Return")->size(), Chat::kLineBytesMax);
}

TEST(Chat, ends_at_escape_without_a_line) {
  Typist typist;
  typist.type("never mind");
  EXPECT_FALSE(typist.press("Escape"));
  EXPECT_FALSE(typist.chat.is_open());
  typist.chat.open();
  EXPECT_FALSE(typist.press("Return")) << "and nothing of it is left";
}

TEST(Chat, takes_no_control_characters) {
  Typist typist;
  typist.type("a\x1B[0m\nb\xFF");
  EXPECT_EQ(typist.press("Return"), "a[0mb\xEF\xBF\xBD");
}

TEST(Chat, shows_six_lines_at_most_and_none_after_a_while) {
  Chat chat;
  const Art art = test::art();
  test::Sheet six;
  for (int i = 0; i < 6; ++i) chat.heard("Ada", art.colors.own, "hello");
  chat.draw(six.canvas, art);
  const int of_six = six.lit();
  EXPECT_GT(of_six, 0);
  for (int i = 0; i < 500; ++i) chat.heard("Ada", art.colors.own, "hello");
  test::Sheet many;
  chat.draw(many.canvas, art);
  EXPECT_EQ(many.lit(), of_six);

  for (int i = 0; i < 600; ++i) chat.update(1.0F / 60);
  test::Sheet later;
  chat.draw(later.canvas, art);
  EXPECT_EQ(later.lit(), 0);
  chat.open();
  chat.draw(later.canvas, art);
  EXPECT_GT(later.lit(), of_six) << "who writes sees what was said";
}

TEST(Chat, fades_its_lines) {
  Chat chat;
  chat.heard("Ada", test::art().colors.own, "hello");
  chat.update(8.5F);
  test::Sheet sheet;
  chat.draw(sheet.canvas, test::art());
  EXPECT_GT(sheet.lit(), 0);
  EXPECT_EQ(sheet.count({0, 0, 1280, 720}, palette::kText, 30), 0) << "half faded";
}

}  // namespace
}  // namespace game::client
