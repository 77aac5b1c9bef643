// SDL's events as Input. For Window's own files.
#pragma once

#include <SDL.h>

#include <map>
#include <memory>
#include <vector>

#include "engine/app/input.hpp"

namespace engine::app {

class SdlInput {
 public:
  void begin_frame();
  /// The scale is from the window's units, which mouse events are in, to the frame's pixels.
  void take(const SDL_Event& event, Point window_to_frame);
  const Input& input() const { return input_; }
  void rumble(float strength, float seconds);

 private:
  struct CloseGamepad {
    void operator()(SDL_GameController* pad) const { SDL_GameControllerClose(pad); }
  };
  void button(Button button, bool down, float value, bool repeated = false);
  void axis(std::int32_t code, std::int16_t value);
  void open_gamepad(std::int32_t device);

  Input input_;
  std::map<SDL_JoystickID, std::unique_ptr<SDL_GameController, CloseGamepad>> gamepads_;
  std::map<Button, float> axes_;
};

}  // namespace engine::app
