#include <SDL.h>

#include <array>
#include <charconv>
#include <utility>

#include "engine/app/input.hpp"

namespace engine::app {
namespace {

constexpr std::string_view kMousePrefix = "Mouse ";
constexpr std::string_view kPadPrefix = "Pad ";

// Words for a person; SDL's own ("leftshoulder", "righty") are for mapping files.
constexpr std::array<std::pair<SDL_GameControllerButton, std::string_view>, 15> kPadButtons = {{
    {SDL_CONTROLLER_BUTTON_A, "A"},
    {SDL_CONTROLLER_BUTTON_B, "B"},
    {SDL_CONTROLLER_BUTTON_X, "X"},
    {SDL_CONTROLLER_BUTTON_Y, "Y"},
    {SDL_CONTROLLER_BUTTON_BACK, "Back"},
    {SDL_CONTROLLER_BUTTON_GUIDE, "Guide"},
    {SDL_CONTROLLER_BUTTON_START, "Start"},
    {SDL_CONTROLLER_BUTTON_LEFTSTICK, "Left Stick"},
    {SDL_CONTROLLER_BUTTON_RIGHTSTICK, "Right Stick"},
    {SDL_CONTROLLER_BUTTON_LEFTSHOULDER, "Left Shoulder"},
    {SDL_CONTROLLER_BUTTON_RIGHTSHOULDER, "Right Shoulder"},
    {SDL_CONTROLLER_BUTTON_DPAD_UP, "Up"},
    {SDL_CONTROLLER_BUTTON_DPAD_DOWN, "Down"},
    {SDL_CONTROLLER_BUTTON_DPAD_LEFT, "Left"},
    {SDL_CONTROLLER_BUTTON_DPAD_RIGHT, "Right"},
}};

constexpr std::array<std::pair<SDL_GameControllerAxis, std::string_view>, 6> kPadAxes = {{
    {SDL_CONTROLLER_AXIS_LEFTX, "Left X"},
    {SDL_CONTROLLER_AXIS_LEFTY, "Left Y"},
    {SDL_CONTROLLER_AXIS_RIGHTX, "Right X"},
    {SDL_CONTROLLER_AXIS_RIGHTY, "Right Y"},
    {SDL_CONTROLLER_AXIS_TRIGGERLEFT, "Left Trigger"},
    {SDL_CONTROLLER_AXIS_TRIGGERRIGHT, "Right Trigger"},
}};

template <class Table>
std::string_view word_for(const Table& table, std::int32_t code) {
  for (const auto& [value, word] : table)
    if (static_cast<std::int32_t>(value) == code) return word;
  return {};
}

template <class Table>
std::optional<std::int32_t> code_for(const Table& table, std::string_view name) {
  for (const auto& [value, word] : table)
    if (word == name) return static_cast<std::int32_t>(value);
  return std::nullopt;
}

std::optional<Button> pad_button(std::string_view name) {
  if (const auto code = code_for(kPadButtons, name)) return Button{Button::Kind::kPad, *code};
  if (name.empty() || (name.back() != '-' && name.back() != '+')) return std::nullopt;
  const auto kind = name.back() == '-' ? Button::Kind::kPadAxisMinus : Button::Kind::kPadAxisPlus;
  if (const auto code = code_for(kPadAxes, name.substr(0, name.size() - 1))) return Button{kind, *code};
  return std::nullopt;
}

std::optional<Button> mouse_button(std::string_view number) {
  std::int32_t code = 0;
  const auto [end, problem] = std::from_chars(number.data(), number.data() + number.size(), code);
  if (problem != std::errc() || end != number.data() + number.size() || code < 1 || code > 32) return std::nullopt;
  return Button{Button::Kind::kMouse, code};
}

}  // namespace

std::string Button::name() const {
  switch (kind) {
    case Kind::kKey:
      return SDL_GetScancodeName(static_cast<SDL_Scancode>(code));
    case Kind::kMouse:
      return std::string(kMousePrefix) + std::to_string(code);
    case Kind::kPad:
      return std::string(kPadPrefix).append(word_for(kPadButtons, code));
    case Kind::kPadAxisMinus:
      return std::string(kPadPrefix).append(word_for(kPadAxes, code)) + "-";
    case Kind::kPadAxisPlus:
      return std::string(kPadPrefix).append(word_for(kPadAxes, code)) + "+";
  }
  return {};
}

std::string Button::label() const {
  if (kind != Kind::kKey) return name();
  // SDL follows the keyboard's layout as it changes; before there is a window it knows none.
  const std::string shown = SDL_GetKeyName(SDL_GetKeyFromScancode(static_cast<SDL_Scancode>(code)));
  return shown.empty() ? name() : shown;
}

bool Button::writes() const {
  if (kind != Kind::kKey) return false;
  const SDL_Keycode key = SDL_GetKeyFromScancode(static_cast<SDL_Scancode>(code));
  const bool is_letter = key >= 0x20 && key != SDLK_DELETE && (key & SDLK_SCANCODE_MASK) == 0;
  if (is_letter) return true;
  const std::string place = name();
  return (key == SDLK_UNKNOWN && (place.size() == 1 || place == "Space")) ||
         (place.starts_with("Keypad ") && place != "Keypad Enter");
}

std::optional<Button> Button::from_name(std::string_view name) {
  if (name.starts_with(kMousePrefix)) return mouse_button(name.substr(kMousePrefix.size()));
  if (name.starts_with(kPadPrefix)) return pad_button(name.substr(kPadPrefix.size()));
  const SDL_Scancode code = SDL_GetScancodeFromName(std::string(name).c_str());
  if (code == SDL_SCANCODE_UNKNOWN) return std::nullopt;
  return Button{Kind::kKey, static_cast<std::int32_t>(code)};
}

}  // namespace engine::app
