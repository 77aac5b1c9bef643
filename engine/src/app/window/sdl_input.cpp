#include "sdl_input.hpp"

#include <algorithm>
#include <cmath>

namespace engine::app {
namespace {

// Sticks that are let go rest a little off their middle.
constexpr float kDeadZone = 0.2F;
// Small trembles of a held stick are not worth a change.
constexpr float kAxisStep = 1.0F / 64;

}  // namespace

void SdlInput::begin_frame() {
  input_.buttons.clear();
  input_.text.clear();
  input_.mouse_moved = input_.lost_focus = false;
  input_.wheel = 0;
}

void SdlInput::button(Button button, bool down, float value, bool repeated) {
  const bool is_pad = button.kind != Button::Kind::kKey && button.kind != Button::Kind::kMouse;
  if (down) input_.device = is_pad ? Device::kGamepad : Device::kKeyboard;
  input_.buttons.push_back({button, down, value, repeated});
}

void SdlInput::axis(std::int32_t code, std::int16_t raw) {
  const float full = std::clamp(static_cast<float>(raw) / 32767.0F, -1.0F, 1.0F);
  const float size = std::abs(full) < kDeadZone ? 0 : (std::abs(full) - kDeadZone) / (1 - kDeadZone);
  for (const auto kind : {Button::Kind::kPadAxisMinus, Button::Kind::kPadAxisPlus}) {
    const bool is_this_way = (kind == Button::Kind::kPadAxisMinus) == (full < 0);
    const float now = is_this_way ? size : 0;
    float& before = axes_[{kind, code}];
    const bool is_same = now == before || (now != 0 && now < 1 && std::abs(now - before) < kAxisStep);
    if (is_same) continue;
    before = now;
    button({kind, code}, now > 0, now);
  }
}

void SdlInput::open_gamepad(std::int32_t device) {
  SDL_GameController* pad = SDL_GameControllerOpen(device);
  if (pad == nullptr) return;  // a joystick that SDL knows no layout of
  gamepads_[SDL_JoystickInstanceID(SDL_GameControllerGetJoystick(pad))].reset(pad);
}

void SdlInput::rumble(float strength, float seconds) {
  const auto force = static_cast<std::uint16_t>(std::clamp(strength, 0.0F, 1.0F) * 65535);
  if (input_.device != Device::kGamepad) return;
  for (const auto& [id, pad] : gamepads_)
    SDL_GameControllerRumble(pad.get(), force, force, static_cast<std::uint32_t>(seconds * 1000));
}

void SdlInput::take(const SDL_Event& event, Point window_to_frame) {
  switch (event.type) {
    case SDL_QUIT:
      input_.wants_quit = true;
      break;
    case SDL_WINDOWEVENT:
      if (event.window.event == SDL_WINDOWEVENT_FOCUS_LOST) input_.lost_focus = true;
      break;
    case SDL_KEYDOWN:
    case SDL_KEYUP:
      button({Button::Kind::kKey, event.key.keysym.scancode}, event.type == SDL_KEYDOWN,
             event.type == SDL_KEYDOWN ? 1.0F : 0.0F, event.key.repeat != 0);
      break;
    case SDL_TEXTINPUT:
      input_.text += event.text.text;
      break;
    case SDL_MOUSEBUTTONDOWN:
    case SDL_MOUSEBUTTONUP:
      button({Button::Kind::kMouse, event.button.button}, event.type == SDL_MOUSEBUTTONDOWN,
             event.type == SDL_MOUSEBUTTONDOWN ? 1.0F : 0.0F);
      [[fallthrough]];
    case SDL_MOUSEMOTION: {
      const bool is_motion = event.type == SDL_MOUSEMOTION;
      const auto x = static_cast<float>(is_motion ? event.motion.x : event.button.x);
      const auto y = static_cast<float>(is_motion ? event.motion.y : event.button.y);
      input_.mouse = {x * window_to_frame.x, y * window_to_frame.y};
      input_.mouse_moved = true;
      input_.device = Device::kKeyboard;
      break;
    }
    case SDL_MOUSEWHEEL:
      input_.wheel += event.wheel.preciseY * (event.wheel.direction == SDL_MOUSEWHEEL_FLIPPED ? -1.0F : 1.0F);
      break;
    case SDL_CONTROLLERDEVICEADDED:
      open_gamepad(event.cdevice.which);
      break;
    case SDL_CONTROLLERDEVICEREMOVED:
      gamepads_.erase(event.cdevice.which);
      break;
    case SDL_CONTROLLERBUTTONDOWN:
    case SDL_CONTROLLERBUTTONUP:
      button({Button::Kind::kPad, event.cbutton.button}, event.type == SDL_CONTROLLERBUTTONDOWN,
             event.type == SDL_CONTROLLERBUTTONDOWN ? 1.0F : 0.0F);
      break;
    case SDL_CONTROLLERAXISMOTION:
      axis(event.caxis.axis, event.caxis.value);
      break;
    default:
      break;
  }
}

}  // namespace engine::app
