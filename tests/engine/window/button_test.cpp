#include <gtest/gtest.h>

#include "engine/app/input.hpp"

namespace engine::app {
namespace {

class ButtonNames : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Known, ButtonNames,
                         testing::Values("W", "Left Shift", "Space", "Return", "Escape", "F12", "-", "=", "Mouse 1",
                                         "Mouse 3", "Mouse 8", "Pad A", "Pad Left Shoulder", "Pad Up", "Pad Left X-",
                                         "Pad Right Y+", "Pad Right Trigger+"));

TEST_P(ButtonNames, lead_to_a_button_and_back) {
  const auto button = Button::from_name(GetParam());
  ASSERT_TRUE(button.has_value());
  EXPECT_EQ(button->name(), GetParam());
}

TEST(ButtonName, of_no_button_leads_nowhere) {
  for (const char* name : {"", "Nonsense", "Mouse", "Mouse ", "Mouse 0", "Mouse 33", "Mouse 1x", "Mouse -1", "Pad",
                           "Pad ", "Pad Q", "Pad Left X", "Pad Left Q+", "Pad +"}) {
    EXPECT_FALSE(Button::from_name(name).has_value()) << name;
  }
}

TEST(ButtonName, tells_devices_apart) {
  EXPECT_EQ(Button::from_name("Mouse 2"), (Button{Button::Kind::kMouse, 2}));
  EXPECT_EQ(Button::from_name("A")->kind, Button::Kind::kKey);
  EXPECT_EQ(Button::from_name("Pad A")->kind, Button::Kind::kPad);
  EXPECT_EQ(Button::from_name("Pad Left Y-")->kind, Button::Kind::kPadAxisMinus);
  EXPECT_EQ(Button::from_name("Pad Left Y+")->kind, Button::Kind::kPadAxisPlus);
}

TEST(ButtonLabel, is_the_name_where_no_keyboard_is_known) {
  for (const char* name : {"W", "Return", "Left Shift", "Space", "Mouse 1", "Pad A", "Pad Left X-"}) {
    EXPECT_EQ(Button::from_name(name)->label(), name);
  }
}

TEST(Button, writes_where_its_key_does) {
  for (const char* name : {"W", "7", "Space", "-", "Keypad 5"}) EXPECT_TRUE(Button::from_name(name)->writes()) << name;
  for (const char* name : {"Return", "Keypad Enter", "Escape", "Tab", "F11", "Up", "Left Shift", "Delete", "Backspace",
                           "Mouse 1", "Pad A"}) {
    EXPECT_FALSE(Button::from_name(name)->writes()) << name;
  }
}

}  // namespace
}  // namespace engine::app
