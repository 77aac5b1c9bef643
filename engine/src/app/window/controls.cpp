#include "engine/app/controls.hpp"

#include <algorithm>
#include <utility>

#include "engine/core/assert.hpp"

namespace engine::app {

void Controls::define(std::string name, std::vector<Button> defaults) {
  const auto [entry, is_new] = controls_.try_emplace(name);
  ENGINE_ASSERT(is_new, "a control is defined once");
  entry->second.bound = defaults;
  entry->second.defaults = std::move(defaults);
  names_.push_back(std::move(name));
}

const Controls::Control& Controls::control(std::string_view name) const {
  const auto found = controls_.find(name);
  ENGINE_ASSERT(found != controls_.end(), "only controls that were defined are asked for");
  return found->second;
}

const std::vector<Button>& Controls::bound(std::string_view name) const { return control(name).bound; }

std::string Controls::label(std::string_view name, Device device) const {
  const std::vector<Button>& buttons = control(name).bound;
  const auto found = std::find_if(buttons.begin(), buttons.end(),
                                  [device](Button b) { return b.is_of_pad() == (device == Device::kGamepad); });
  if (found != buttons.end()) return found->label();
  return buttons.empty() ? std::string() : buttons.front().label();
}

void Controls::bind(std::string_view name, std::vector<Button> buttons) {
  const auto found = controls_.find(name);
  ENGINE_ASSERT(found != controls_.end(), "only controls that were defined are bound");
  found->second.bound = std::move(buttons);
}

void Controls::bind_defaults() {
  for (auto& [name, control] : controls_) control.bound = control.defaults;
}

void Controls::update(const Input& input) {
  layer_ = input.layer;
  for (auto& [name, control] : controls_) control.pressed = control.repeated = false;
  for (const ButtonChange& change : input.buttons) {
    // Its key went down when nobody looked.
    if (change.repeated && !held_.contains(change.button)) continue;
    Held& held = held_[change.button];
    const bool was_down = held.value >= kPressedAt;
    held.value = change.down ? change.value : 0;
    const bool is_down = held.value >= kPressedAt;
    if (!was_down) held.layer = layer_;
    for (auto& [name, control] : controls_) {
      if (!is_down || std::find(control.bound.begin(), control.bound.end(), change.button) == control.bound.end())
        continue;
      // A press and its release within one frame still count.
      if (!was_down) control.pressed = true;
      if (change.repeated) control.repeated = true;
    }
    if (held.value == 0) held_.erase(change.button);
  }
  if (input.lost_focus) held_.clear();
}

void Controls::release() {
  held_.clear();
  for (auto& [name, control] : controls_) control.pressed = control.repeated = false;
}

bool Controls::was_pressed(std::string_view name, bool repeats) const {
  const Control& control = this->control(name);
  return control.pressed || (repeats && control.repeated);
}

float Controls::value(std::string_view name) const {
  float farthest = 0;
  for (const Button& button : control(name).bound) {
    const auto held = held_.find(button);
    if (held != held_.end() && held->second.layer == layer_) farthest = std::max(farthest, held->second.value);
  }
  return farthest;
}

}  // namespace engine::app
