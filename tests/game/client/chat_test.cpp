#include "game/client/chat.hpp"

#include <gtest/gtest.h>
#include <spdlog/fmt/fmt.h>

#include "client_support.hpp"

namespace game::client {
namespace {

using engine::app::Box;

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

TEST(Chat, has_a_caret_that_blinks_after_days_too) {
  Typist typist;
  for (int i = 0; i < 30'000'000; ++i) typist.chat.update(1.0F / 60);
  const auto drawn = [&] {
    test::Sheet sheet;
    typist.chat.draw(sheet.canvas, test::art());
    return sheet.count({28, 568, 520, 28}, palette::kText, 60);
  };
  const int before = drawn();
  for (int i = 0; i < 30; ++i) typist.chat.update(1.0F / 60);  // half a second
  EXPECT_NE(drawn(), before);
}

TEST(Chat, keeps_a_long_name_short_enough_for_what_is_said) {
  Chat chat;
  chat.heard(std::string(32, 'W'), rgb(0xFF0000), "hello");
  test::Sheet sheet;
  chat.draw(sheet.canvas, test::art());
  EXPECT_GT(sheet.count({28, 540, 200, 30}, rgb(0xFF0000), 60), 30);
  EXPECT_EQ(sheet.count({240, 540, 1040, 30}, rgb(0xFF0000), 60), 0);
  EXPECT_GT(sheet.count({220, 540, 200, 30}, palette::kText, 60), 20);
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

TEST(Chat, takes_nothing_of_what_comes_after_its_end) {
  Typist typist;
  typist.keys.type("hi");
  typist.keys.down("Return");
  typist.keys.up("Return");
  engine::app::Input input = typist.keys.frame();
  input.text += " there";
  input.buttons[0].text_before = 2;
  input.buttons.push_back({engine::app::Button::from_name("Escape").value(), true, 1, false});
  EXPECT_EQ(typist.chat.take(input), "hi");
}

TEST(Chat, is_not_ended_by_the_repetition_of_the_key_that_opened_it) {
  Typist typist;
  for (const char* key : {"Return", "Escape"}) {
    engine::app::Input input;
    input.buttons = {{engine::app::Button::from_name(key).value(), true, 1, true}};
    typist.chat.take(input);
    EXPECT_TRUE(typist.chat.is_open()) << key;
  }
}

TEST(Chat, is_ended_by_a_gamepad_too) {
  for (const char* button : {"Pad B", "Pad Start"}) {
    Typist typist;
    typist.type("never mind");
    EXPECT_FALSE(typist.press(button));
    EXPECT_FALSE(typist.chat.is_open()) << button;
  }
}

TEST(Chat, moves_its_caret_and_copies) {
  Typist typist;
  typist.type("helo");
  typist.press("Left");
  typist.type("l");
  engine::app::Input copy;
  copy.buttons = {{.button = engine::app::Button::from_name("C").value(), .down = true, .value = 1}};
  copy.buttons[0].shortcut = engine::app::Shortcut::kCopy;
  typist.chat.take(copy);
  EXPECT_EQ(typist.chat.take_copied(), "hello");
  EXPECT_FALSE(typist.chat.take_copied());
  EXPECT_EQ(typist.press("Return"), "hello");
}

/// What is drawn right of the chat's column, and what is drawn at all.
class ChatPicture : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Long, ChatPicture,
                         testing::Values("W", "lorem ", "\xE6\xBC\xA2", "\xD0\xB6", "i", "\xD7\xA9 ",
                                         "\xED\x95\x9C\xEA\xB8\x80 "));

TEST_P(ChatPicture, keeps_a_long_line_in_its_column) {
  std::string text;
  while (text.size() + std::string_view(GetParam()).size() <= Chat::kLineBytesMax) text += GetParam();
  const Art art = test::art();
  for (const auto& [width, height] : {std::pair{1280, 720}, {1920, 1080}, {640, 360}}) {
    Chat chat;
    chat.heard("Ada", art.colors.own, text);
    test::Sheet heard(width, height);
    chat.draw(heard.canvas, art);
    EXPECT_GT(heard.lit(), 400);
    EXPECT_EQ(heard.lit({28 + 510, 0, 1280 - 538, 720}), 0) << "heard, at " << width;

    Chat writing;
    writing.open();
    engine::app::Input input;
    input.text = text;
    writing.take(input);
    test::Sheet typed(width, height);
    writing.draw(typed.canvas, art);
    EXPECT_GT(typed.count({20, 0, 520, 720}, palette::kText, 60), 100);
    EXPECT_EQ(typed.count({28 + 510, 0, 1280 - 538, 720}, palette::kText, 60), 0) << "while typing, at " << width;
    EXPECT_EQ(typed.lit({0, 598, 1280, 122}), 0) << "it grows upwards: below it is the ship's health";
  }
}

TEST(Chat, keeps_long_names_in_its_column_too) {
  const Art art = test::art();
  for (const char* text : {"hello", "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW"}) {
    Chat chat;
    chat.heard(std::string(32, 'W'), art.colors.own, text);
    test::Sheet sheet;
    chat.draw(sheet.canvas, art);
    EXPECT_EQ(sheet.lit({28 + 510, 0, 1280 - 538, 720}), 0);
  }
}

TEST(Chat, leaves_the_upper_half_to_the_match_however_much_is_said) {
  const Art art = test::art();
  Chat chat;
  for (int i = 0; i < 6; ++i) chat.heard("Ada", art.colors.own, std::string(200, 'W'));
  test::Sheet sheet;
  chat.draw(sheet.canvas, art);
  EXPECT_EQ(sheet.lit({0, 0, 1280, 280}), 0);
  EXPECT_GT(sheet.lit({0, 390, 540, 180}), 1000) << "the newest is there whole";
}

TEST(Chat, shows_its_caret_where_it_is) {
  const Art art = test::art();
  Chat chat;
  chat.open();
  engine::app::Input input;
  input.text = fmt::format("{:n<150} end", "");
  chat.take(input);
  const auto picture = [&] {
    test::Sheet sheet;
    chat.draw(sheet.canvas, art);
    return sheet;
  };
  const test::Sheet with_caret = picture();
  Chat blinked = chat;
  blinked.update(0.7F);
  test::Sheet without;
  blinked.draw(without.canvas, art);
  const auto lit = [](const test::Sheet& sheet, const Box& box) { return sheet.count(box, palette::kText, 60); };
  const Box last_row = {20, 570, 520, 26};
  EXPECT_GT(lit(with_caret, last_row), lit(without, last_row)) << "at the end of the last row";
  input = {};
  input.buttons = {{engine::app::Button::from_name("Home").value(), true, 1, false}};
  chat.take(input);
  const test::Sheet at_home = picture();
  EXPECT_EQ(lit(at_home, last_row), lit(without, last_row));
  EXPECT_GT(lit(at_home, {20, 500, 520, 70}), lit(without, {20, 500, 520, 70})) << "at the beginning of the first";
}

TEST(Chat, shows_what_an_input_method_composes_and_does_not_send_it) {
  const Art art = test::art();
  Chat chat;
  chat.open();
  engine::app::Input input;
  input.text = "a";
  chat.take(input);
  test::Sheet before;
  chat.draw(before.canvas, art);
  input = {};
  input.composing = "nihon";
  chat.take(input);
  test::Sheet during;
  chat.draw(during.canvas, art);
  EXPECT_GT(during.count({20, 560, 520, 40}, palette::kText, 60), before.count({20, 560, 520, 40}, palette::kText, 60));
  input = {};
  input.buttons = {{engine::app::Button::from_name("Return").value(), true, 1, false}};
  EXPECT_EQ(chat.take(input), "a");
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
