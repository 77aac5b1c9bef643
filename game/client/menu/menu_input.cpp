#include "game/client/menu/menu_input.hpp"

#include <algorithm>
#include <cmath>

namespace game::client {
namespace {

using engine::app::Button;
using engine::app::ButtonChange;
using engine::app::Controls;
using engine::app::Input;

constexpr std::array<std::string_view, 4> kDirections = {"menu_up", "menu_down", "menu_left", "menu_right"};

/// A stick or pad has no key repetition of its own.
constexpr double kRepeatAfter_s = 0.4;
constexpr double kRepeatEvery_s = 0.11;

std::vector<Button> named(std::initializer_list<std::string_view> names) {
  std::vector<Button> buttons;
  for (const std::string_view name : names) {
    if (const auto button = Button::from_name(name)) buttons.push_back(*button);
  }
  return buttons;
}

bool is_key(const ButtonChange& change, std::string_view name) {
  return change.button.kind == Button::Kind::kKey && change.button.name() == name;
}

/// Went down in this frame, by a button that does not write letters if `writes`.
bool pressed(const Controls& controls, const Input& input, std::string_view name, bool writes, bool repeats) {
  if (!controls.was_pressed(name, repeats)) return false;
  if (!writes) return true;
  const std::vector<Button>& bound = controls.bound(name);
  return std::any_of(input.buttons.begin(), input.buttons.end(), [&](const ButtonChange& change) {
    return change.down && !change.button.writes() &&
           std::find(bound.begin(), bound.end(), change.button) != bound.end();
  });
}

}  // namespace

void define_menu_controls(Controls& controls) {
  controls.define("menu_up", named({"Up", "W", "Pad Up", "Pad Left Y-"}));
  controls.define("menu_down", named({"Down", "S", "Pad Down", "Pad Left Y+"}));
  controls.define("menu_left", named({"Left", "A", "Pad Left", "Pad Left X-"}));
  controls.define("menu_right", named({"Right", "D", "Pad Right", "Pad Left X+"}));
  controls.define("menu_accept", named({"Return", "Keypad Enter", "Space", "Pad A"}));
  controls.define("menu_back", named({"Escape", "Pad B"}));
  controls.define("menu_next", named({"Tab", "Pad Right Shoulder"}));
}

MenuInput MenuInputReader::read(const Input& input, const Controls& controls, bool writes, double dt_s) {
  MenuInput out;
  out.input = &input;
  out.by_pad = input.device == engine::app::Device::kGamepad;
  out.dt_s = dt_s;
  for (std::size_t i = 0; i < kDirections.size(); ++i) {
    const bool is_repeated =
        repeats(i, input.device == engine::app::Device::kGamepad && controls.is_held(kDirections[i]), dt_s);
    out.direction[i] = is_repeated || pressed(controls, input, kDirections[i], writes, true);
  }
  out.accept = pressed(controls, input, "menu_accept", writes, false);
  out.back = pressed(controls, input, "menu_back", writes, false);

  for (const ButtonChange& change : input.buttons) {
    if (is_key(change, "Left Shift") || is_key(change, "Right Shift")) shift_ = change.down;
    if (change.down && is_key(change, "PageUp")) out.page_up = true;
    if (change.down && is_key(change, "PageDown")) out.page_down = true;
    if (change.button == Button{Button::Kind::kMouse, 1}) {
      (change.down ? out.mouse_pressed : out.mouse_released) = true;
    }
  }
  if (input.lost_focus) shift_ = false;
  const bool next = pressed(controls, input, "menu_next", writes, true);
  out.next = next && !shift_;
  out.previous = next && shift_;
  out.mouse = input.mouse;
  out.mouse_moved = input.mouse_moved;
  out.wheel = input.wheel;
  return out;
}

bool MenuInputReader::repeats(std::size_t direction, bool is_held, double dt_s) {
  double& held_s = held_s_[direction];
  if (!is_held) {
    held_s = 0;
    return false;
  }
  // The press itself is reported by the controls; from then on one every kRepeatEvery_s.
  const double before = std::max(0.0, held_s - kRepeatAfter_s);
  held_s += dt_s;
  if (held_s < kRepeatAfter_s) return false;
  return before == 0 || std::floor((held_s - kRepeatAfter_s) / kRepeatEvery_s) > std::floor(before / kRepeatEvery_s);
}

}  // namespace game::client
