#include "game/apps/scrim/key_script.hpp"

#include <gtest/gtest.h>

namespace game::apps {
namespace {

using engine::app::Button;
using engine::app::Input;

std::string error_of(std::string_view text) {
  const auto script = KeyScript::parse(text);
  return script ? "" : script.error().reason;
}

/// "+W" went down, "-W" went up.
std::string changes(const Input& input) {
  std::string out;
  for (const auto& change : input.buttons) out += (change.down ? "+" : "-") + change.button.name() + " ";
  return out;
}

struct Player {
  explicit Player(std::string_view text) : script(KeyScript::parse(text).value()) {}
  Input at(double now_s) {
    Input input;
    script.play(now_s, 1280, 720, input);
    return input;
  }
  KeyScript script;
};

TEST(KeyScript, plays_each_step_once_it_is_due) {
  Player player("1.5 W down; 2 Space; 3 W up; 3.5 'hello'; 4 Return");
  EXPECT_EQ(changes(player.at(1.4)), "");
  EXPECT_EQ(changes(player.at(1.5)), "+W ");
  EXPECT_EQ(changes(player.at(1.9)), "");
  EXPECT_EQ(changes(player.at(2.01)), "+Space ");
  EXPECT_EQ(changes(player.at(2.02)), "-Space ") << "let go a frame later";
  EXPECT_EQ(changes(player.at(3)), "-W ");
  EXPECT_EQ(player.at(3.5).text, "hello");
  EXPECT_FALSE(player.script.is_over());
  EXPECT_EQ(changes(player.at(9)), "+Return ");
  EXPECT_FALSE(player.script.is_over()) << "Return is still down";
  EXPECT_EQ(changes(player.at(9.1)), "-Return ");
  EXPECT_TRUE(player.script.is_over());
}

TEST(KeyScript, plays_all_that_is_due_in_order) {
  Player player("2 A down; 1 Left Shift down; 1 A; ");
  EXPECT_EQ(changes(player.at(5)), "+Left Shift +A +A ");
}

TEST(KeyScript, moves_the_pointer_to_a_share_of_the_window) {
  Player player("1 mouse 0.5 0.25; 2 mouse 1 0");
  EXPECT_FALSE(player.at(0.5).mouse_moved);
  const Input moved = player.at(1);
  EXPECT_TRUE(moved.mouse_moved);
  EXPECT_EQ(moved.mouse, (engine::app::Point{640, 180}));
  const Input still = player.at(1.1);
  EXPECT_FALSE(still.mouse_moved);
  EXPECT_EQ(still.mouse, (engine::app::Point{640, 180})) << "there it stays";
  EXPECT_EQ(player.at(2).mouse, (engine::app::Point{1280, 0}));
}

TEST(KeyScript, says_which_device_it_used) {
  Player player("1 Pad A; 2 W");
  EXPECT_EQ(player.at(1).device, engine::app::Device::kGamepad);
  EXPECT_EQ(player.at(2).device, engine::app::Device::kKeyboard);
}

TEST(KeyScript, is_over_at_once_if_it_has_no_steps) {
  EXPECT_TRUE(KeyScript::parse("").value().is_over());
  EXPECT_TRUE(KeyScript::parse(" ; ;; ").value().is_over());
}

TEST(KeyScript, refuses_a_broken_step_by_its_words) {
  EXPECT_EQ(error_of("1 W; x Space; 2 A"), "\"x Space\": a step begins with a time in seconds, 0 to 86400");
  EXPECT_EQ(error_of("1 Wumpus down"), "\"1 Wumpus down\": there is no button \"Wumpus\"");
  EXPECT_EQ(error_of("1 mouse 0.5"), "\"1 mouse 0.5\": mouse X Y, 0 to 1 each");
  EXPECT_EQ(error_of("1 mouse left right"), "\"1 mouse left right\": mouse X Y, 0 to 1 each");
  EXPECT_EQ(error_of("1"), "\"1\": there is no button \"\"");
}

TEST(KeyScript, takes_no_time_that_no_clock_holds) {
  for (const char* time : {"nan", "inf", "-1", "1e300", "86401"})
    EXPECT_NE(error_of(std::string(time) + " W").find("0 to 86400"), std::string::npos) << time;
  EXPECT_EQ(error_of("86400 W"), "");
}

}  // namespace
}  // namespace game::apps
