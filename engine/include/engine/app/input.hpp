// What hands did since the last frame: plain values, read by Window::poll, made up by tests and scripts.
#pragma once

#include <cstddef>
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

  /// As written in a settings file, a key by its place on a US keyboard: "W", "Left Shift", "Mouse 1", "Pad Left X-".
  std::string name() const;
  static std::optional<Button> from_name(std::string_view name);
  /// As shown to people, a key by what the current keyboard layout writes on it: the key named "W" is "Z" in France.
  std::string label() const;
  /// Whether it writes a letter in the current keyboard layout: such a key is no shortcut while text is written.
  bool writes() const;
  bool is_of_pad() const { return kind != Kind::kKey && kind != Kind::kMouse; }
  friend auto operator<=>(const Button&, const Button&) = default;
};

/// A stick or trigger this far out counts as pressed.
inline constexpr float kPressedAt = 0.5F;

enum class Device : std::uint8_t { kKeyboard, kGamepad };

/// What a key means in a line of text beyond its own name: Ctrl+V or Shift+Insert, Ctrl+C or Ctrl+Insert, Ctrl+X or
/// Shift+Delete.
enum class Shortcut : std::uint8_t { kNone, kPaste, kCopy, kCut };

struct ButtonChange {
  /// As `text_before`: all of the text came before, as in inputs that are made up.
  static constexpr std::size_t kAllText = static_cast<std::size_t>(-1);

  Button button{};
  bool down = false;
  float value = 0;        // 0 to 1; keys are 0 or 1
  bool repeated = false;  // a held key's repetition: for text and menus
  Shortcut shortcut = Shortcut::kNone;
  std::size_t text_before = kAllText;  // how many bytes of Input::text were typed before it
};

struct Input {
  std::vector<ButtonChange> buttons{};  // in order
  std::string text{};                   // typed, UTF-8
  std::string composing{};              // what an input method has not yet made up its mind about: shown, not typed
  std::string pasted{};                 // what a Shortcut::kPaste among `buttons` stands for: one line
  Point mouse{};                        // in the frame's pixels
  bool mouse_moved = false;
  float wheel = 0;                    // away from the user is positive
  Device device = Device::kKeyboard;  // the one used last
  bool wants_quit = false;
  bool lost_focus = false;
  int layer = 0;  // of the program, that all of this is for: see InputLayers
};

}  // namespace engine::app
