// SDL's events as Input. For Window's own files.
#pragma once

#include <SDL.h>

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/app/input.hpp"
#include "gamepads.hpp"

namespace engine::app {

class SdlInput {
 public:
  /// Of a paste, before it is cut to what the field that takes it holds.
  static constexpr std::size_t kPasteBytesMax = 4096;

  void begin_frame();
  /// The scale is from the window's units, which mouse events are in, to the frame's pixels.
  void take(const SDL_Event& event, Point window_to_frame);
  const Input& input() const { return input_; }
  void rumble(float strength, float seconds);
  /// Text is no longer taken: what an input method had begun is gone.
  void end_text() { input_.composing.clear(); }

 private:
  struct CloseGamepad {
    void operator()(SDL_GameController* pad) const { SDL_GameControllerClose(pad); }
  };
  void key(const SDL_KeyboardEvent& event);
  void mouse(const SDL_Event& event, Point window_to_frame);
  void add(ButtonChange change);
  void compose(std::string_view text);
  void add_pad_changes();
  void open_gamepad(std::int32_t device);

  Input input_;
  std::map<SDL_JoystickID, std::unique_ptr<SDL_GameController, CloseGamepad>> gamepads_;
  Gamepads pads_;
  std::vector<ButtonChange> pad_changes_;  // of one event
};

/// A clipboard's text as one line: line ends and tabs become spaces, none at either end; no control characters; cut
/// between letters.
std::string pasted_line(std::string_view clipboard);

}  // namespace engine::app
