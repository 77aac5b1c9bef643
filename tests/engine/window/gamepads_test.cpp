#include "window/gamepads.hpp"

#include <gtest/gtest.h>

#include <map>

namespace engine::app {
namespace {

constexpr std::int32_t kLeftX = 0;
constexpr std::int32_t kA = 0;
constexpr Button kLeft{Button::Kind::kPadAxisMinus, kLeftX};
constexpr Button kRight{Button::Kind::kPadAxisPlus, kLeftX};
constexpr Button kButtonA{Button::Kind::kPad, kA};

struct Pads {
  void stick(Gamepads::Id pad, double share) {
    pads.axis(pad, kLeftX, static_cast<std::int16_t>(share * 32767), changes);
    see();
  }
  void button(Gamepads::Id pad, bool down) {
    pads.button(pad, kA, down, changes);
    see();
  }
  void pull_out(Gamepads::Id pad) {
    pads.removed(pad, changes);
    see();
  }
  void see() {
    for (const ButtonChange& change : changes) {
      EXPECT_EQ(change.down, change.value > 0);
      seen[change.button] = change.value;
    }
    changes.clear();
  }
  Gamepads pads;
  std::vector<ButtonChange> changes;
  std::map<Button, float> seen;
};

TEST(Gamepads, an_idle_ones_noise_leaves_the_others_stick_alone) {
  Pads pads;
  pads.stick(2, 0.25);  // it lies on the table, and was there first
  pads.stick(1, -1);
  EXPECT_EQ(pads.seen[kLeft], 1);
  EXPECT_EQ(pads.seen[kRight], 0) << "what the other held is let go of";
  for (const double noise : {0.3, 0.1, 0.0, -0.3, 0.22, 0.0, 0.4}) {
    pads.stick(2, noise);
    EXPECT_EQ(pads.seen[kLeft], 1) << noise;
    EXPECT_EQ(pads.seen[kRight], 0) << noise;
  }
  EXPECT_EQ(pads.pads.active(), 1);
}

TEST(Gamepads, a_button_of_one_is_not_let_go_of_by_the_other) {
  Pads pads;
  pads.button(1, true);
  pads.button(2, true);
  pads.button(1, false);
  EXPECT_EQ(pads.seen[kButtonA], 1) << "the second is in use, and held";
  pads.button(2, false);
  EXPECT_EQ(pads.seen[kButtonA], 0);
}

TEST(Gamepads, the_one_that_is_used_counts) {
  Pads pads;
  pads.stick(1, 1);
  pads.stick(2, -1);
  EXPECT_EQ(pads.pads.active(), 1) << "who plays is not disturbed by a stick";
  pads.stick(1, 0);
  pads.stick(2, 0);
  pads.stick(2, -1);
  EXPECT_EQ(pads.pads.active(), 2);
  EXPECT_EQ(pads.seen[kLeft], 1);
  pads.stick(1, 1);
  pads.button(1, true);
  EXPECT_EQ(pads.pads.active(), 1) << "but a button says whose hands are on";
  EXPECT_EQ(pads.seen[kLeft], 0);
  EXPECT_EQ(pads.seen[kRight], 1) << "and all that this one holds counts at once";
}

TEST(Gamepads, one_that_is_pulled_out_lets_go_of_everything) {
  Pads pads;
  pads.stick(1, 1);
  pads.button(1, true);
  pads.stick(2, 0.3);
  pads.pull_out(1);
  EXPECT_EQ(pads.seen[kRight], 0);
  EXPECT_EQ(pads.seen[kButtonA], 0);
  EXPECT_FALSE(pads.pads.active());
  pads.pull_out(7);
  pads.stick(2, 1);
  EXPECT_EQ(pads.seen[kRight], 1) << "and the other takes over";
}

TEST(Gamepads, sticks_rest_within_the_dead_zone) {
  Pads pads;
  for (const double rest : {0.0, 0.1, -0.19, 0.19}) {
    pads.stick(1, rest);
    EXPECT_TRUE(pads.seen.empty()) << rest;
  }
  pads.stick(1, 0.6);
  EXPECT_NEAR(pads.seen[kRight], 0.5F, 0.01F);
  pads.pads.axis(1, kLeftX, -32768, pads.changes);
  pads.see();
  EXPECT_EQ(pads.seen[kLeft], 1);
  EXPECT_EQ(pads.seen[kRight], 0);
}

}  // namespace
}  // namespace engine::app
