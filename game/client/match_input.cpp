#include "game/client/match_input.hpp"

#include <cmath>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "engine/core/assert.hpp"
#include "game/client/units.hpp"

namespace game::client {
namespace {

using engine::app::Button;
using engine::app::Controls;

/// How far the stick reaches: the camera leads by a quarter of it.
constexpr float kStickReach = 520;

std::vector<Button> buttons(std::initializer_list<std::string_view> names) {
  std::vector<Button> out;
  for (const std::string_view name : names) {
    const auto button = Button::from_name(name);
    ENGINE_ASSERT(button, "defaults are buttons that there are");
    out.push_back(*button);
  }
  return out;
}

std::int8_t axis(float minus, float plus) { return static_cast<std::int8_t>(std::lround((plus - minus) * 127)); }

}  // namespace

void define_match_controls(Controls& controls) {
  controls.define("up", buttons({"W", "Up", "Pad Left Y-"}));
  controls.define("left", buttons({"A", "Left", "Pad Left X-"}));
  controls.define("down", buttons({"S", "Down", "Pad Left Y+"}));
  controls.define("right", buttons({"D", "Right", "Pad Left X+"}));
  controls.define("fire", buttons({"Mouse 1", "Pad Right Trigger+", "Pad Right Shoulder"}));
  controls.define("rail", buttons({"Mouse 3", "Pad Left Trigger+", "Pad Left Shoulder"}));
  controls.define("dash", buttons({"Space", "Left Shift", "Pad A"}));
  controls.define("aim_left", buttons({"Pad Right X-"}));
  controls.define("aim_right", buttons({"Pad Right X+"}));
  controls.define("aim_up", buttons({"Pad Right Y-"}));
  controls.define("aim_down", buttons({"Pad Right Y+"}));
  controls.define("scoreboard", buttons({"Tab", "Pad Back"}));
  controls.define("chat", buttons({"Return", "T"}));
  controls.define("fullscreen", buttons({"F11"}));
  controls.define("net_graph", buttons({"F3"}));
  controls.define("shot_marks", buttons({"F4"}));
  controls.define("pause", buttons({"Escape", "Pad Start"}));
  controls.define("watch_next", buttons({"Mouse 1", "E", "Pad Right Shoulder"}));
  controls.define("watch_previous", buttons({"Mouse 3", "Q", "Pad Left Shoulder"}));
  controls.define("watch_free", buttons({"F", "Pad Y"}));
  controls.define("watch_auto", buttons({"R", "Pad X"}));
  controls.define("vote", buttons({"V", "Pad X"}));
  controls.define("replay_pause", buttons({"Space", "Pad A"}));
  controls.define("replay_slower", buttons({"-", "Pad Left"}));
  controls.define("replay_faster", buttons({"=", "Pad Right"}));
}

void MatchInput::update(const Controls& controls, const engine::app::Input& input, Point ship, Point pointer) {
  action_.thrust_x = axis(controls.value("left"), controls.value("right"));
  action_.thrust_y = axis(controls.value("up"), controls.value("down"));
  const Point stick{controls.value("aim_right") - controls.value("aim_left"),
                    controls.value("aim_down") - controls.value("aim_up")};
  if (length(stick) > 0.25F) {
    by_stick_ = true;
    reach_ = stick * kStickReach;
  } else if (input.mouse_moved || !by_stick_) {
    by_stick_ = false;
    reach_ = pointer - ship;
  }
  if (length(reach_) > 1) action_.aim = to_angle(std::atan2(reach_.y, reach_.x));
  // A press and its release between two frames is still a press.
  action_.fire = controls.is_held("fire") || controls.was_pressed("fire");
  action_.rail = controls.is_held("rail") || controls.was_pressed("rail");
  action_.dash = controls.is_held("dash") || controls.was_pressed("dash");
}

void MatchInput::rest() {
  const engine::Angle aim = action_.aim;
  action_ = {};
  action_.aim = aim;
}

}  // namespace game::client
