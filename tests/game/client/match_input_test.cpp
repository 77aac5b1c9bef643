#include "game/client/match_input.hpp"

#include <gtest/gtest.h>

#include "client_support.hpp"

namespace game::client {
namespace {

constexpr Point kShip{1000, 500};

struct TwoHands {
  test::Keys keys;
  MatchInput match_input;
  const sim::Action& frame(Point pointer = {1100, 500}) {
    const auto& input = keys.frame();
    match_input.update(keys.controls(), input, kShip, pointer);
    return match_input.action();
  }
};

/// In 65536ths of a turn, the short way.
int turn(engine::Angle a, engine::Angle b) { return std::abs(static_cast<std::int16_t>(a - b)); }

TEST(MatchInput, fly_by_keys) {
  TwoHands two;
  two.keys.down("W");
  two.keys.down("D");
  EXPECT_EQ(two.frame().thrust_x, 127);
  EXPECT_EQ(two.match_input.action().thrust_y, -127);
  two.keys.down("A");
  EXPECT_EQ(two.frame().thrust_x, 0) << "both ways are none";
  two.keys.up("D");
  two.keys.up("W");
  EXPECT_EQ(two.frame().thrust_x, -127);
  EXPECT_EQ(two.match_input.action().thrust_y, 0);
}

TEST(MatchInput, fly_as_far_as_the_stick_is_pushed) {
  TwoHands two;
  two.keys.down("Pad Left X+", 0.5F);
  two.keys.down("Pad Left Y+", 1);
  EXPECT_NEAR(two.frame().thrust_x, 64, 1);
  EXPECT_EQ(two.match_input.action().thrust_y, 127);
}

TEST(MatchInput, aim_at_the_pointer_as_the_ship_sees_it) {
  TwoHands two;
  EXPECT_EQ(two.frame({1100, 500}).aim, 0);
  EXPECT_LE(turn(two.frame({1000, 700}).aim, 16384), 1) << "down is a quarter of a turn";
  EXPECT_LE(turn(two.frame({800, 500}).aim, 32768), 1);
  EXPECT_LE(turn(two.frame({900, 400}).aim, 40960), 1);
  EXPECT_FALSE(two.match_input.aims_by_stick());
  const engine::Angle aim = two.match_input.action().aim;
  EXPECT_EQ(two.frame(kShip).aim, aim) << "a pointer on the ship is no direction";
}

TEST(MatchInput, aim_by_the_right_stick_and_on_where_it_pointed) {
  TwoHands two;
  two.keys.down("Pad Right Y-", 1);
  EXPECT_LE(turn(two.frame({1100, 500}).aim, 49152), 1);
  EXPECT_TRUE(two.match_input.aims_by_stick());
  two.keys.up("Pad Right Y-");
  EXPECT_LE(turn(two.frame({1100, 500}).aim, 49152), 1) << "let go, it points where it did";
  two.keys.point({5, 5});
  EXPECT_EQ(two.frame({1100, 500}).aim, 0) << "the mouse takes over as it moves";
  EXPECT_FALSE(two.match_input.aims_by_stick());
}

TEST(MatchInput, hold_what_is_held) {
  TwoHands two;
  two.keys.down("Mouse 1");
  EXPECT_TRUE(two.frame().fire);
  EXPECT_TRUE(two.frame().fire);
  two.keys.up("Mouse 1");
  EXPECT_FALSE(two.frame().fire);
}

TEST(MatchInput, count_a_press_that_was_let_go_within_the_frame) {
  for (const auto& [button, pressed] :
       {std::pair{"Mouse 1", &sim::Action::fire}, std::pair{"Mouse 3", &sim::Action::rail},
        std::pair{"Space", &sim::Action::dash}}) {
    TwoHands two;
    two.keys.down(button);
    two.keys.up(button);
    EXPECT_TRUE(two.frame().*pressed) << button;
    EXPECT_FALSE(two.frame().*pressed) << button;
  }
}

TEST(MatchInput, rest_but_go_on_aiming) {
  TwoHands two;
  two.keys.down("W");
  two.keys.down("Mouse 1");
  two.frame({1000, 700});
  two.match_input.rest();
  EXPECT_EQ(two.match_input.action(), (sim::Action{.aim = two.match_input.action().aim}));
  EXPECT_LE(turn(two.match_input.action().aim, 16384), 1);
}

TEST(MatchInput, have_a_default_button_for_every_control) {
  engine::app::Controls controls;
  define_match_controls(controls);
  for (const std::string& name : controls.names()) EXPECT_FALSE(controls.bound(name).empty()) << name;
}

}  // namespace
}  // namespace game::client
