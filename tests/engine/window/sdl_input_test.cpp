#include "window/sdl_input.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cstring>

#include "engine/core/utf8.hpp"

namespace engine::app {
namespace {

/// SDL's events as they come, without anybody who presses.
class SdlInputTest : public testing::Test {
 protected:
  SdlInputTest() {
    ::setenv("SDL_VIDEODRIVER", "dummy", 1);
    SDL_InitSubSystem(SDL_INIT_VIDEO);
    SDL_StartTextInput();
    input_.begin_frame();
  }
  ~SdlInputTest() override {
    SDL_QuitSubSystem(SDL_INIT_VIDEO);
    ::unsetenv("SDL_VIDEODRIVER");
  }
  void take(const SDL_Event& event) { input_.take(event, {1, 1}); }
  void key(SDL_Scancode place, SDL_Keycode letter, std::uint16_t mod = KMOD_NONE, bool down = true) {
    SDL_Event event{};
    event.type = down ? SDL_KEYDOWN : SDL_KEYUP;
    event.key.keysym = {.scancode = place, .sym = letter, .mod = mod, .unused = 0};
    take(event);
  }
  void text(const char* typed) {
    SDL_Event event{};
    event.type = SDL_TEXTINPUT;
    std::strncpy(event.text.text, typed, sizeof(event.text.text) - 1);
    take(event);
  }
  void compose(const char* shown) {
    SDL_Event event{};
    event.type = SDL_TEXTEDITING;
    std::strncpy(event.edit.text, shown, sizeof(event.edit.text) - 1);
    take(event);
  }
  void axis(SDL_JoystickID pad, double share) {
    SDL_Event event{};
    event.type = SDL_CONTROLLERAXISMOTION;
    event.caxis.which = pad;
    event.caxis.axis = SDL_CONTROLLER_AXIS_LEFTX;
    event.caxis.value = static_cast<std::int16_t>(share * 32767);
    take(event);
  }
  Shortcut last_shortcut() const { return input_.input().buttons.back().shortcut; }

  SdlInput input_;
};

TEST_F(SdlInputTest, keeps_the_order_of_text_and_keys) {
  text("ab");
  key(SDL_SCANCODE_BACKSPACE, SDLK_BACKSPACE);
  text("\xD0\xB6");
  key(SDL_SCANCODE_RETURN, SDLK_RETURN);
  const Input& input = input_.input();
  EXPECT_EQ(input.text, "ab\xD0\xB6");
  ASSERT_EQ(input.buttons.size(), 2U);
  EXPECT_EQ(input.buttons[0].text_before, 2U);
  EXPECT_EQ(input.buttons[1].text_before, 4U);
}

TEST_F(SdlInputTest, knows_the_shortcuts_of_the_clipboard) {
  SDL_SetClipboardText("ws://example.com\n");
  key(SDL_SCANCODE_V, SDLK_v, KMOD_LCTRL);
  EXPECT_EQ(last_shortcut(), Shortcut::kPaste);
  EXPECT_EQ(input_.input().pasted, "ws://example.com");
  key(SDL_SCANCODE_INSERT, SDLK_INSERT, KMOD_RSHIFT);
  EXPECT_EQ(last_shortcut(), Shortcut::kPaste);
  key(SDL_SCANCODE_C, SDLK_c, KMOD_RCTRL);
  EXPECT_EQ(last_shortcut(), Shortcut::kCopy);
  key(SDL_SCANCODE_INSERT, SDLK_INSERT, KMOD_LCTRL);
  EXPECT_EQ(last_shortcut(), Shortcut::kCopy);
  key(SDL_SCANCODE_X, SDLK_x, KMOD_LCTRL);
  EXPECT_EQ(last_shortcut(), Shortcut::kCut);
  key(SDL_SCANCODE_DELETE, SDLK_DELETE, KMOD_LSHIFT);
  EXPECT_EQ(last_shortcut(), Shortcut::kCut);
  input_.begin_frame();
  EXPECT_EQ(input_.input().pasted, "");
}

TEST_F(SdlInputTest, finds_shortcuts_by_what_the_layout_writes) {
  key(SDL_SCANCODE_PERIOD, SDLK_v, KMOD_LCTRL);  // Dvorak
  EXPECT_EQ(last_shortcut(), Shortcut::kPaste);
  key(SDL_SCANCODE_V, SDLK_k, KMOD_LCTRL);
  EXPECT_EQ(last_shortcut(), Shortcut::kNone);
  key(SDL_SCANCODE_V, 0x43C, KMOD_LCTRL);  // Russian: no Latin letter, so by its place
  EXPECT_EQ(last_shortcut(), Shortcut::kPaste);
  key(SDL_SCANCODE_V, SDLK_v, KMOD_LCTRL | KMOD_RALT);
  EXPECT_EQ(last_shortcut(), Shortcut::kNone) << "AltGr writes";
  key(SDL_SCANCODE_V, SDLK_v);
  EXPECT_EQ(last_shortcut(), Shortcut::kNone);
  SDL_StopTextInput();
  key(SDL_SCANCODE_V, SDLK_v, KMOD_LCTRL);
  EXPECT_EQ(last_shortcut(), Shortcut::kNone) << "nothing is being written";
}

TEST_F(SdlInputTest, leaves_the_keys_of_a_word_that_is_composed_to_the_input_method) {
  compose("\xE3\x81\xAB");
  EXPECT_EQ(input_.input().composing, "\xE3\x81\xAB");
  key(SDL_SCANCODE_ESCAPE, SDLK_ESCAPE);
  key(SDL_SCANCODE_RETURN, SDLK_RETURN);
  EXPECT_TRUE(input_.input().buttons.empty());
  input_.begin_frame();
  EXPECT_EQ(input_.input().composing, "\xE3\x81\xAB") << "it goes on from frame to frame";
  text("\xE6\x97\xA5\xE6\x9C\xAC");
  EXPECT_EQ(input_.input().text, "\xE6\x97\xA5\xE6\x9C\xAC");
  EXPECT_EQ(input_.input().composing, "");
  key(SDL_SCANCODE_RETURN, SDLK_RETURN);
  EXPECT_EQ(input_.input().buttons.size(), 1U);
  compose("\xFF\x1B[0m");
  EXPECT_EQ(input_.input().composing, "\xEF\xBF\xBD[0m") << "only what can be shown";
  compose("");
  EXPECT_EQ(input_.input().composing, "");
}

TEST_F(SdlInputTest, noise_of_a_gamepad_does_not_change_whose_hints_are_shown) {
  axis(1, 0.3);
  EXPECT_EQ(input_.input().device, Device::kKeyboard);
  axis(1, 0.9);
  EXPECT_EQ(input_.input().device, Device::kGamepad);
  axis(2, -0.3);
  axis(2, 0.0);
  const Input& input = input_.input();
  EXPECT_EQ(input.buttons.back().button, (Button{Button::Kind::kPadAxisPlus, SDL_CONTROLLER_AXIS_LEFTX}));
  EXPECT_GT(input.buttons.back().value, 0.8F);
  SDL_Event gone{};
  gone.type = SDL_CONTROLLERDEVICEREMOVED;
  gone.cdevice.which = 1;
  take(gone);
  EXPECT_FALSE(input_.input().buttons.back().down) << "pulled out while it was pushed";
}

TEST(PastedLine, is_one_line_without_control_characters) {
  EXPECT_EQ(pasted_line("ws://host:1\r\n"), "ws://host:1");
  EXPECT_EQ(pasted_line("\n\n  one\r\n\ttwo\xE2\x80\xA8three\xC2\x85 four \n"), "one two three  four");
  EXPECT_EQ(pasted_line("a\x1B[31mb\x07"
                        "c\xE2\x80\xAE"
                        "d"),
            "a[31mbcd");
  EXPECT_EQ(pasted_line("\xFF\xC3"), "\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(pasted_line(""), "");
  EXPECT_EQ(pasted_line("\n \t"), "");
}

TEST(PastedLine, is_cut_between_letters) {
  std::string many = "x";
  for (int i = 0; i < 1'000'000; ++i) many += "\xE6\xBC\xA2";
  const std::string line = pasted_line(many);
  EXPECT_LE(line.size(), SdlInput::kPasteBytesMax);
  EXPECT_GT(line.size(), SdlInput::kPasteBytesMax - 4);
  EXPECT_TRUE(engine::is_utf8(line));
  EXPECT_EQ(line.find("\xEF\xBF\xBD"), std::string::npos);
}

}  // namespace
}  // namespace engine::app
