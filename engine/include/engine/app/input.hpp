// What hands did since the last frame: plain values, read by Window::poll, made up by tests and scripts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/app/geometry.hpp"

namespace engine::app {

/// Something that can be pressed, on any device. A gamepad's axis is two buttons, one each way.
struct Button {
  enum class Kind : std::uint8_t { kKey, kMouse, kPad, kPadAxisMinus, kPadAxisPlus };
  Kind kind = Kind::kKey;
  std::int32_t code =
      0;  // kKey: SDL_Scancode; kMouse: 1 left, 2 middle, 3 right, 4 ...; kPad...: SDL_GameController...

  /// As written in a settings file, and shown: "W", "Left Shift", "Mouse 1", "Pad A", "Pad Left X-".
  std::string name() const;
  static std::optional<Button> from_name(std::string_view name);
  friend auto operator<=>(const Button&, const Button&) = default;
};

enum class Device : std::uint8_t { kKeyboard, kGamepad };

struct ButtonChange {
  Button button{};
  bool down = false;
  float value = 0;        // 0 to 1; keys are 0 or 1
  bool repeated = false;  // a held key's repetition: for text and menus
};

struct Input {
  std::vector<ButtonChange> buttons{};  // in order
  std::string text{};                   // typed, UTF-8
  Point mouse{};                        // in the frame's pixels
  bool mouse_moved = false;
  float wheel = 0;                    // away from the user is positive
  Device device = Device::kKeyboard;  // the one used last
  bool wants_quit = false;
  bool lost_focus = false;
};

}  // namespace engine::app
