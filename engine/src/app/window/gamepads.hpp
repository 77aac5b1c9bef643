// Several gamepads as one: the one that is used counts, and the others' noise does not. For Window's own files.
//
// Each has a state of its own. The first that reports anything is the active one; another takes over when a button of
// it goes down, or a stick is pushed half-way while nothing of the active one is pressed. What the program sees are the
// active one's changes; when another takes over, or the active one is pulled out, what it held is let go of. Plain
// value, no SDL device; one thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "engine/app/input.hpp"

namespace engine::app {

class Gamepads {
 public:
  using Id = std::int32_t;  // SDL_JoystickID

  /// Each appends what the program is to see.
  void button(Id pad, std::int32_t code, bool down, std::vector<ButtonChange>& changes);
  /// `raw` as SDL has it, -32768 to 32767; what lies in the dead zone is 0.
  void axis(Id pad, std::int32_t code, std::int16_t raw, std::vector<ButtonChange>& changes);
  void removed(Id pad, std::vector<ButtonChange>& changes);

  std::optional<Id> active() const { return active_; }

 private:
  using State = std::map<Button, float>;  // of what is not at rest
  void set(Id pad, Button button, float value, std::vector<ButtonChange>& changes);
  bool may_take_over(Button button, float before, float value) const;
  void let_go(std::vector<ButtonChange>& changes);

  std::map<Id, State> pads_;
  std::optional<Id> active_;
};

}  // namespace engine::app
