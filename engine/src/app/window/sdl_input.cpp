#include "sdl_input.hpp"

#include <algorithm>
#include <utility>

#include "engine/core/utf8.hpp"

namespace engine::app {
namespace {

/// Of what an input method shows before it is typed.
constexpr std::size_t kComposingBytesMax = 256;

/// The letter of a shortcut by what the layout writes; where that is no Latin one, by its place.
char shortcut_letter(const SDL_Keysym& key) {
  if (key.sym >= 'a' && key.sym <= 'z') return static_cast<char>(key.sym);
  if (key.sym < 0x80) return 0;
  const bool is_letter = key.scancode >= SDL_SCANCODE_A && key.scancode <= SDL_SCANCODE_Z;
  return is_letter ? static_cast<char>('a' + (key.scancode - SDL_SCANCODE_A)) : '\0';
}

Shortcut shortcut_of(const SDL_Keysym& key) {
  // Ctrl and Alt together are AltGr: they write.
  const bool ctrl = (key.mod & KMOD_CTRL) != 0 && (key.mod & KMOD_ALT) == 0;
  const bool shift = (key.mod & KMOD_SHIFT) != 0;
  if (key.scancode == SDL_SCANCODE_INSERT) return shift ? Shortcut::kPaste : ctrl ? Shortcut::kCopy : Shortcut::kNone;
  if (key.scancode == SDL_SCANCODE_DELETE) return shift ? Shortcut::kCut : Shortcut::kNone;
  switch (ctrl ? shortcut_letter(key) : '\0') {
    case 'v':
      return Shortcut::kPaste;
    case 'c':
      return Shortcut::kCopy;
    case 'x':
      return Shortcut::kCut;
    default:
      return Shortcut::kNone;
  }
}

std::string clipboard_line() {
  const std::unique_ptr<char, decltype(&SDL_free)> text(SDL_GetClipboardText(), SDL_free);
  return text == nullptr ? std::string() : pasted_line(text.get());
}

}  // namespace

std::string pasted_line(std::string_view clipboard) {
  constexpr std::string_view kSeparators[] = {"\u2028", "\u2029", "\u0085"};
  std::string spaced;
  for (std::string_view rest = engine::utf8_prefix(clipboard, SdlInput::kPasteBytesMax); !rest.empty();) {
    std::size_t bytes = 0;
    if (rest.front() == '\r' || rest.front() == '\n' || rest.front() == '\t') bytes = 1;
    for (const std::string_view separator : kSeparators)
      if (rest.starts_with(separator)) bytes = separator.size();
    if (bytes == 0) {
      spaced += rest.front();
      rest.remove_prefix(1);
      continue;
    }
    // An end of line of two characters, or empty lines, are one space.
    if (!spaced.empty() && spaced.back() != ' ') spaced += ' ';
    rest.remove_prefix(bytes);
  }
  std::string line = engine::printable_utf8(spaced);
  line.erase(0, std::min(line.find_first_not_of(' '), line.size()));
  while (line.ends_with(' ')) line.pop_back();
  return line;
}

void SdlInput::begin_frame() {
  input_.buttons.clear();
  input_.text.clear();
  input_.pasted.clear();
  input_.mouse_moved = input_.lost_focus = false;
  input_.wheel = 0;
}

void SdlInput::add(ButtonChange change) {
  // The noise of a stick that nobody holds does not change whose hints are shown.
  if (change.down && change.value >= kPressedAt)
    input_.device = change.button.is_of_pad() ? Device::kGamepad : Device::kKeyboard;
  change.text_before = input_.text.size();
  input_.buttons.push_back(change);
}

void SdlInput::key(const SDL_KeyboardEvent& event) {
  const bool down = event.type == SDL_KEYDOWN;
  // While an input method composes, keys are its own: Enter takes its word, Escape drops it.
  if (down && !input_.composing.empty()) return;
  ButtonChange change{.button = {Button::Kind::kKey, event.keysym.scancode},
                      .down = down,
                      .value = down ? 1.0F : 0.0F,
                      .repeated = event.repeat != 0};
  if (down && SDL_IsTextInputActive() == SDL_TRUE) change.shortcut = shortcut_of(event.keysym);
  // The clipboard is another program's: asked for once a frame at most.
  if (change.shortcut == Shortcut::kPaste && input_.pasted.empty()) input_.pasted = clipboard_line();
  add(change);
}

void SdlInput::mouse(const SDL_Event& event, Point window_to_frame) {
  const bool is_motion = event.type == SDL_MOUSEMOTION;
  if (!is_motion) {
    const bool down = event.type == SDL_MOUSEBUTTONDOWN;
    add({.button = {Button::Kind::kMouse, event.button.button}, .down = down, .value = down ? 1.0F : 0.0F});
  }
  const auto x = static_cast<float>(is_motion ? event.motion.x : event.button.x);
  const auto y = static_cast<float>(is_motion ? event.motion.y : event.button.y);
  input_.mouse = {x * window_to_frame.x, y * window_to_frame.y};
  input_.mouse_moved = true;
  input_.device = Device::kKeyboard;
}

void SdlInput::compose(std::string_view text) {
  input_.composing = engine::utf8_prefix(engine::printable_utf8(text), kComposingBytesMax);
}

void SdlInput::add_pad_changes() {
  for (const ButtonChange& change : std::exchange(pad_changes_, {})) add(change);
}

void SdlInput::open_gamepad(std::int32_t device) {
  SDL_GameController* pad = SDL_GameControllerOpen(device);
  if (pad == nullptr) return;  // a joystick that SDL knows no layout of
  gamepads_[SDL_JoystickInstanceID(SDL_GameControllerGetJoystick(pad))].reset(pad);
}

void SdlInput::rumble(float strength, float seconds) {
  const auto force = static_cast<std::uint16_t>(std::clamp(strength, 0.0F, 1.0F) * 65535);
  if (input_.device != Device::kGamepad || !pads_.active()) return;
  if (const auto pad = gamepads_.find(*pads_.active()); pad != gamepads_.end())
    SDL_GameControllerRumble(pad->second.get(), force, force, static_cast<std::uint32_t>(seconds * 1000));
}

void SdlInput::take(const SDL_Event& event, Point window_to_frame) {
  switch (event.type) {
    case SDL_QUIT:
      input_.wants_quit = true;
      break;
    case SDL_WINDOWEVENT:
      if (event.window.event != SDL_WINDOWEVENT_FOCUS_LOST) break;
      input_.lost_focus = true;
      input_.composing.clear();
      break;
    case SDL_KEYDOWN:
    case SDL_KEYUP:
      key(event.key);
      break;
    case SDL_TEXTINPUT:
      input_.text += event.text.text;
      input_.composing.clear();
      break;
    case SDL_TEXTEDITING:
      compose(event.edit.text);
      break;
    case SDL_TEXTEDITING_EXT:
      if (event.editExt.text == nullptr) break;
      compose(event.editExt.text);
      SDL_free(event.editExt.text);
      break;
    case SDL_MOUSEBUTTONDOWN:
    case SDL_MOUSEBUTTONUP:
    case SDL_MOUSEMOTION:
      mouse(event, window_to_frame);
      break;
    case SDL_MOUSEWHEEL:
      input_.wheel += event.wheel.preciseY * (event.wheel.direction == SDL_MOUSEWHEEL_FLIPPED ? -1.0F : 1.0F);
      break;
    case SDL_CONTROLLERDEVICEADDED:
      open_gamepad(event.cdevice.which);
      break;
    case SDL_CONTROLLERDEVICEREMOVED:
      pads_.removed(event.cdevice.which, pad_changes_);
      gamepads_.erase(event.cdevice.which);
      break;
    case SDL_CONTROLLERBUTTONDOWN:
    case SDL_CONTROLLERBUTTONUP:
      pads_.button(event.cbutton.which, event.cbutton.button, event.type == SDL_CONTROLLERBUTTONDOWN, pad_changes_);
      break;
    case SDL_CONTROLLERAXISMOTION:
      pads_.axis(event.caxis.which, event.caxis.axis, event.caxis.value, pad_changes_);
      break;
    default:
      break;
  }
  add_pad_changes();
}

}  // namespace engine::app
