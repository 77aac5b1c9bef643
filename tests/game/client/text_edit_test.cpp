#include "game/client/text_edit.hpp"

#include <gtest/gtest.h>

#include "engine/core/rng.hpp"
#include "engine/core/utf8.hpp"

namespace game::client {
namespace {

using engine::app::Button;
using engine::app::Input;

Input typed(std::string text) {
  Input input;
  input.text = std::move(text);
  return input;
}

Input pressed(std::string_view key) {
  Input input;
  input.buttons = {{Button::from_name(key).value(), true, 1, false}};
  return input;
}

TEST(TextEdit, writes_at_the_caret) {
  std::string text = "ad";
  TextEdit edit{1};
  EXPECT_TRUE(edit_text(text, edit, typed("bc"), 32));
  EXPECT_EQ(text, "abcd");
  EXPECT_EQ(edit.caret, 3U);
}

TEST(TextEdit, moves_and_deletes_whole_letters) {
  std::string text = "aé€😀";
  TextEdit edit{text.size()};
  edit_text(text, edit, pressed("Left"), 32);
  EXPECT_EQ(edit.caret, 6U);
  edit_text(text, edit, pressed("Backspace"), 32);
  EXPECT_EQ(text, "aé😀");
  edit_text(text, edit, pressed("Home"), 32);
  edit_text(text, edit, pressed("Right"), 32);
  edit_text(text, edit, pressed("Delete"), 32);
  EXPECT_EQ(text, "a😀");
  edit_text(text, edit, pressed("End"), 32);
  EXPECT_EQ(edit.caret, text.size());
  EXPECT_EQ(count_letters(text), 2U);
}

TEST(TextEdit, takes_what_fits_and_says_that_it_was_not_all) {
  std::string text;
  TextEdit edit;
  edit_text(text, edit, typed(std::string(40, 'x')), 32);
  EXPECT_EQ(text.size(), 32U);
  EXPECT_TRUE(edit.was_refused);
  edit_text(text, edit, pressed("Backspace"), 32);
  EXPECT_FALSE(edit.was_refused);
  edit_text(text, edit, typed("é"), 32);
  EXPECT_EQ(text.size(), 31U) << "half a letter is none";
  EXPECT_TRUE(edit.was_refused);
}

TEST(TextEdit, takes_no_control_characters) {
  std::string text;
  TextEdit edit;
  edit_text(text, edit, typed("a\n\x1b[2Jb\t"), 32);
  EXPECT_EQ(engine::printable_utf8(text), text);
}

Input shortcut(engine::app::Shortcut what, std::string pasted = {}) {
  Input input = pressed("V");
  input.buttons[0].shortcut = what;
  input.pasted = std::move(pasted);
  return input;
}

TEST(TextEdit, does_what_was_pressed_where_it_was_pressed) {
  std::string text;
  TextEdit edit;
  Input input = typed("abcd");
  input.buttons = {{.button = Button::from_name("Backspace").value(), .down = true, .value = 1, .text_before = 2},
                   {.button = Button::from_name("Left").value(), .down = true, .value = 1, .text_before = 3}};
  edit_text(text, edit, input, 32);
  EXPECT_EQ(text, "adc");
  EXPECT_EQ(edit.caret, 2U);
}

TEST(TextEdit, pastes_at_the_caret_what_fits_in_whole_letters) {
  std::string text = "ad";
  TextEdit edit{.caret = 1};
  EXPECT_TRUE(edit_text(text, edit, shortcut(engine::app::Shortcut::kPaste, "bc"), 32));
  EXPECT_EQ(text, "abcd");
  EXPECT_EQ(edit.caret, 3U);
  edit_text(text, edit, shortcut(engine::app::Shortcut::kPaste, "漢字漢字\x1b\n"), 12);
  EXPECT_EQ(text, "abc漢字d");
  EXPECT_TRUE(edit.was_refused);
  EXPECT_FALSE(edit_text(text, edit, shortcut(engine::app::Shortcut::kPaste), 32)) << "an empty clipboard";
}

TEST(TextEdit, copies_and_cuts_all_of_it_but_never_a_password) {
  std::string text = "all of it";
  TextEdit edit{.caret = 3};
  edit_text(text, edit, shortcut(engine::app::Shortcut::kCopy), 32);
  EXPECT_EQ(edit.copied, "all of it");
  EXPECT_EQ(text, "all of it");
  edit.copied.reset();
  edit_text(text, edit, shortcut(engine::app::Shortcut::kCut), 32);
  EXPECT_EQ(edit.copied, "all of it");
  EXPECT_EQ(text, "");
  EXPECT_EQ(edit.caret, 0U);
  edit.copied.reset();
  edit_text(text, edit, shortcut(engine::app::Shortcut::kCut), 32);
  EXPECT_FALSE(edit.copied) << "nothing is left to be cut: what was copied stays in the clipboard";

  text = "secret";
  TextEdit masked{.is_secret = true};
  edit_text(text, masked, shortcut(engine::app::Shortcut::kCopy), 32);
  edit_text(text, masked, shortcut(engine::app::Shortcut::kCut), 32);
  EXPECT_FALSE(masked.copied);
  EXPECT_EQ(text, "secret");
}

TEST(TextEdit, is_written_with_four_directions) {
  std::string text;
  TextEdit edit;
  EXPECT_TRUE(dial_text(text, edit, Dial::kAdd, 4));
  EXPECT_EQ(text, "a");
  dial_text(text, edit, Dial::kNextLetter, 4);
  dial_text(text, edit, Dial::kAdd, 4);
  dial_text(text, edit, Dial::kPreviousLetter, 4);
  EXPECT_EQ(text, "b?") << "the alphabet goes round";
  dial_text(text, edit, Dial::kDelete, 4);
  EXPECT_EQ(text, "b");
  text = "abc\xC3\xA9";
  EXPECT_FALSE(dial_text(text, edit, Dial::kAdd, 5));
  EXPECT_TRUE(edit.was_refused);
  dial_text(text, edit, Dial::kNextLetter, 5);
  EXPECT_EQ(text, "abca") << "a letter that no direction leads to";
  EXPECT_EQ(edit.caret, 4U);
}

TEST(TextEdit, stays_whole_whatever_is_pressed) {
  const char* keys[] = {"Left", "Right", "Home", "End", "Delete", "Backspace"};
  const engine::app::Shortcut shortcuts[] = {engine::app::Shortcut::kPaste, engine::app::Shortcut::kCut};
  const char* letters[] = {"a", "é", "€", "😀", "\xff", "e\xcc\x81"};
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    engine::Rng rng(seed);
    std::string text;
    TextEdit edit;
    for (int i = 0; i < 300; ++i) {
      edit_text(text, edit, rng.below(2) == 0 ? pressed(keys[rng.below(6)]) : typed(letters[rng.below(6)]), 24);
      if (rng.below(20) == 0) edit_text(text, edit, shortcut(shortcuts[rng.below(2)], letters[rng.below(6)]), 24);
      ASSERT_TRUE(engine::is_utf8(text));
      ASSERT_LE(text.size(), 24U);
      ASSERT_LE(edit.caret, text.size());
      ASSERT_TRUE(engine::is_utf8(text.substr(0, edit.caret)));
    }
  }
}

}  // namespace
}  // namespace game::client
