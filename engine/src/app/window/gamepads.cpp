#include "gamepads.hpp"

#include <algorithm>
#include <cmath>

namespace engine::app {
namespace {

// Sticks that are let go rest a little off their middle.
constexpr float kDeadZone = 0.2F;
// Small trembles of a held stick are not worth a change.
constexpr float kAxisStep = 1.0F / 64;

ButtonChange change_of(Button button, float value) { return {.button = button, .down = value > 0, .value = value}; }

float value_in(const std::map<Button, float>& state, Button button) {
  const auto found = state.find(button);
  return found == state.end() ? 0 : found->second;
}

}  // namespace

void Gamepads::button(Id pad, std::int32_t code, bool down, std::vector<ButtonChange>& changes) {
  set(pad, {Button::Kind::kPad, code}, down ? 1.0F : 0.0F, changes);
}

void Gamepads::axis(Id pad, std::int32_t code, std::int16_t raw, std::vector<ButtonChange>& changes) {
  const float full = std::clamp(static_cast<float>(raw) / 32767.0F, -1.0F, 1.0F);
  const float size = std::abs(full) < kDeadZone ? 0 : (std::abs(full) - kDeadZone) / (1 - kDeadZone);
  for (const auto kind : {Button::Kind::kPadAxisMinus, Button::Kind::kPadAxisPlus}) {
    const bool is_this_way = (kind == Button::Kind::kPadAxisMinus) == (full < 0);
    const float now = is_this_way ? size : 0;
    const float before = value_in(pads_[pad], {kind, code});
    const bool is_same = now == before || (now != 0 && now < 1 && std::abs(now - before) < kAxisStep);
    if (!is_same) set(pad, {kind, code}, now, changes);
  }
}

bool Gamepads::may_take_over(Button button, float before, float value) const {
  if (!active_) return value > 0;
  if (before >= kPressedAt || value < kPressedAt) return false;
  const State& used = pads_.at(*active_);
  return button.kind == Button::Kind::kPad ||
         std::none_of(used.begin(), used.end(), [](const auto& one) { return one.second >= kPressedAt; });
}

void Gamepads::set(Id pad, Button button, float value, std::vector<ButtonChange>& changes) {
  State& state = pads_[pad];
  const float before = value_in(state, button);
  if (value == 0) {
    state.erase(button);
  } else {
    state[button] = value;
  }
  if (active_ == pad) return changes.push_back(change_of(button, value));
  if (!may_take_over(button, before, value)) return;
  let_go(changes);
  active_ = pad;
  for (const auto& [held, how_far] : state) changes.push_back(change_of(held, how_far));
}

void Gamepads::let_go(std::vector<ButtonChange>& changes) {
  if (!active_) return;
  for (const auto& [held, how_far] : pads_.at(*active_)) changes.push_back(change_of(held, 0));
}

void Gamepads::removed(Id pad, std::vector<ButtonChange>& changes) {
  if (active_ == pad) {
    let_go(changes);
    active_.reset();
  }
  pads_.erase(pad);
}

}  // namespace engine::app
