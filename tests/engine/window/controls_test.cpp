#include "engine/app/controls.hpp"

#include <gtest/gtest.h>

namespace engine::app {
namespace {

constexpr Button kW{Button::Kind::kKey, 26};
constexpr Button kUp{Button::Kind::kKey, 82};
constexpr Button kStick{Button::Kind::kPadAxisMinus, 1};

class ControlsTest : public testing::Test {
 protected:
  ControlsTest() {
    controls_.define("up", {kW, kStick});
    controls_.define("fire", {Button{Button::Kind::kMouse, 1}});
  }
  void press(Button button, float value = 1, bool repeated = false) {
    controls_.update(Input{.buttons = {{button, true, value, repeated}}});
  }
  void release(Button button) { controls_.update(Input{.buttons = {{button, false, 0, false}}}); }
  Controls controls_;
};

TEST_F(ControlsTest, are_held_from_press_to_release_and_pressed_in_one_frame_alone) {
  press(kW);
  EXPECT_TRUE(controls_.is_held("up"));
  EXPECT_TRUE(controls_.was_pressed("up"));
  EXPECT_FALSE(controls_.is_held("fire"));
  controls_.update(Input{});
  EXPECT_TRUE(controls_.is_held("up"));
  EXPECT_FALSE(controls_.was_pressed("up"));
  release(kW);
  EXPECT_FALSE(controls_.is_held("up"));
  EXPECT_FALSE(controls_.was_pressed("up"));
}

TEST_F(ControlsTest, count_a_press_and_its_release_in_one_frame) {
  controls_.update(Input{.buttons = {{kW, true, 1, false}, {kW, false, 0, false}}});
  EXPECT_TRUE(controls_.was_pressed("up"));
  EXPECT_FALSE(controls_.is_held("up"));
}

TEST_F(ControlsTest, tell_a_held_keys_repetition_only_to_who_asks) {
  press(kW);
  press(kW, 1, true);
  EXPECT_FALSE(controls_.was_pressed("up"));
  EXPECT_TRUE(controls_.was_pressed("up", true));
}

TEST_F(ControlsTest, follow_the_farthest_of_their_buttons) {
  press(kStick, 0.3F);
  EXPECT_FLOAT_EQ(controls_.value("up"), 0.3F);
  EXPECT_FALSE(controls_.is_held("up"));
  EXPECT_FALSE(controls_.was_pressed("up")) << "a stick pushed a little is no press";
  press(kStick, 0.7F);
  EXPECT_TRUE(controls_.was_pressed("up"));
  press(kStick, 0.9F);
  EXPECT_FALSE(controls_.was_pressed("up")) << "it was pressed already";
  press(kW);
  EXPECT_FLOAT_EQ(controls_.value("up"), 1);
  release(kW);
  EXPECT_FLOAT_EQ(controls_.value("up"), 0.9F);
}

TEST_F(ControlsTest, can_be_bound_anew_and_back) {
  controls_.bind("up", {kUp});
  press(kW);
  EXPECT_FALSE(controls_.is_held("up"));
  press(kUp);
  EXPECT_TRUE(controls_.is_held("up"));
  controls_.bind_defaults();
  EXPECT_EQ(controls_.bound("up"), (std::vector<Button>{kW, kStick}));
}

TEST_F(ControlsTest, let_go_of_everything_when_the_window_loses_the_focus) {
  press(kW);
  controls_.update(Input{.lost_focus = true});
  EXPECT_FALSE(controls_.is_held("up"));
  press(kW);
  controls_.release();
  EXPECT_FALSE(controls_.is_held("up"));
  EXPECT_FALSE(controls_.was_pressed("up"));
}

TEST_F(ControlsTest, take_no_repetition_of_a_key_that_went_down_unseen) {
  press(kW);
  controls_.release();
  press(kW, 1, true);
  EXPECT_FALSE(controls_.is_held("up"));
  EXPECT_FALSE(controls_.was_pressed("up", true));
}

TEST_F(ControlsTest, say_what_to_press) {
  EXPECT_EQ(controls_.label("up", Device::kKeyboard), "W");
  EXPECT_EQ(controls_.label("up", Device::kGamepad), "Pad Left Y-");
  EXPECT_EQ(controls_.label("fire", Device::kGamepad), "Mouse 1") << "there is no other";
  controls_.bind("fire", {});
  EXPECT_EQ(controls_.label("fire", Device::kKeyboard), "");
}

TEST_F(ControlsTest, are_listed_as_they_were_defined) {
  EXPECT_EQ(controls_.names(), (std::vector<std::string>{"up", "fire"}));
}

}  // namespace
}  // namespace engine::app
