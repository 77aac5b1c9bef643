#include "engine/app/input_layers.hpp"

#include <gtest/gtest.h>

#include "engine/app/controls.hpp"

namespace engine::app {
namespace {

constexpr int kPlay = 0;
constexpr int kTyping = 1;
constexpr int kMenu = 2;

constexpr Button kW{Button::Kind::kKey, 26};
constexpr Button kEscape{Button::Kind::kKey, 41};
constexpr Button kReturn{Button::Kind::kKey, 40};
constexpr Button kMouse1{Button::Kind::kMouse, 1};
constexpr Button kPadA{Button::Kind::kPad, 0};
constexpr Button kStick{Button::Kind::kPadAxisMinus, 1};

class InputLayersTest : public testing::Test {
 protected:
  InputLayersTest() {
    controls_.define("up", {kW, kStick});
    controls_.define("pause", {kEscape});
    controls_.define("chat", {kReturn});
    controls_.define("fire", {kMouse1});
    controls_.define("dash", {kPadA});
  }
  const Input& frame(int top, Input input = {}) {
    seen_ = layers_.route(input, top);
    controls_.update(seen_);
    return seen_;
  }
  const Input& down(int top, Button button, float value = 1) {
    return frame(top, {.buttons = {{button, true, value, false}}});
  }
  const Input& repeat(int top, Button button, std::string text = {}) {
    Input input{.buttons = {{button, true, 1, true}}, .text = std::move(text)};
    input.buttons[0].text_before = 0;
    return frame(top, input);
  }
  const Input& up(int top, Button button) { return frame(top, {.buttons = {{button, false, 0, false}}}); }

  InputLayers layers_;
  Controls controls_;
  Input seen_;
};

TEST_F(InputLayersTest, a_press_is_for_the_layer_on_top_alone) {
  EXPECT_EQ(down(kTyping, kEscape).buttons.size(), 1U);
  EXPECT_EQ(seen_.layer, kTyping);
  // The typing has ended; the key is still down, and repeats.
  EXPECT_TRUE(repeat(kPlay, kEscape).buttons.empty());
  EXPECT_FALSE(controls_.is_held("pause"));
  EXPECT_FALSE(controls_.was_pressed("pause", true));
  up(kPlay, kEscape);
  EXPECT_EQ(down(kPlay, kEscape).buttons.size(), 1U);
  EXPECT_TRUE(controls_.was_pressed("pause"));
}

TEST_F(InputLayersTest, a_key_held_while_the_screen_changes_does_nothing_on_the_new_one) {
  for (const Button button : {kReturn, kMouse1, kPadA, kW}) {
    down(kMenu, button);
    frame(kPlay);
    EXPECT_TRUE(repeat(kPlay, button).buttons.empty()) << button.name();
    for (const auto* control : {"chat", "fire", "dash", "up"}) {
      EXPECT_FALSE(controls_.is_held(control)) << button.name() << ", " << control;
      EXPECT_FALSE(controls_.was_pressed(control, true)) << button.name() << ", " << control;
    }
    up(kPlay, button);
  }
}

TEST_F(InputLayersTest, a_held_key_is_held_again_once_its_layer_is_on_top_again) {
  down(kPlay, kW);
  EXPECT_TRUE(controls_.is_held("up"));
  frame(kTyping);
  EXPECT_FALSE(controls_.is_held("up"));
  frame(kPlay);
  EXPECT_TRUE(controls_.is_held("up")) << "it never came up";
  frame(kTyping);
  up(kTyping, kW);
  frame(kPlay);
  EXPECT_FALSE(controls_.is_held("up"));
}

TEST_F(InputLayersTest, the_text_of_a_key_that_opened_the_line_is_not_in_it) {
  down(kPlay, kW);
  EXPECT_EQ(repeat(kTyping, kW, "w").text, "");
  Input input{.buttons = {{kW, true, 1, true}, {kReturn, true, 1, false}}, .text = "wxyz"};
  input.buttons[0].text_before = 0;
  input.buttons[1].text_before = 1;
  EXPECT_EQ(frame(kTyping, input).text, "xyz") << "what follows another key is its own";
  ASSERT_EQ(seen_.buttons.size(), 1U);
  EXPECT_EQ(seen_.buttons[0].text_before, 0U) << "and still stands after it";
  up(kTyping, kW);
  EXPECT_EQ(frame(kTyping, {.buttons = {{kW, true, 1, false}}, .text = "w"}).text, "w");
  EXPECT_EQ(repeat(kTyping, kW, "w").text, "w");
}

TEST_F(InputLayersTest, a_worn_stick_is_no_press_that_never_ends) {
  down(kPlay, kStick, 0.9F);
  frame(kMenu);
  EXPECT_TRUE(down(kMenu, kStick, 0.95F).buttons.empty());
  EXPECT_FALSE(controls_.is_held("up"));
  down(kMenu, kStick, 0.1F);
  EXPECT_EQ(down(kMenu, kStick, 0.2F).buttons.size(), 1U);
  down(kMenu, kStick, 0.9F);
  EXPECT_TRUE(controls_.is_held("up")) << "pushed anew, though it never came to rest";
}

TEST_F(InputLayersTest, nothing_is_held_after_the_focus_was_lost) {
  down(kPlay, kW);
  frame(kPlay, {.lost_focus = true});
  EXPECT_TRUE(repeat(kPlay, kW).buttons.empty()) << "it went down in another program";
  EXPECT_EQ(down(kMenu, kW).buttons.size(), 1U);
}

TEST_F(InputLayersTest, mouse_and_wheel_are_for_the_top) {
  const Input& seen = frame(kMenu, {.mouse = {3, 4}, .mouse_moved = true, .wheel = 1});
  EXPECT_EQ(seen.mouse, (Point{3, 4}));
  EXPECT_TRUE(seen.mouse_moved);
  EXPECT_EQ(seen.wheel, 1);
}

}  // namespace
}  // namespace engine::app
