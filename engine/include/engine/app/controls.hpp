// Names for what hands do ("fire", "menu_up"), each bound to any number of buttons of any device. Plain value, fed with
// the Input of each frame.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/app/input.hpp"

namespace engine::app {

class Controls {
 public:
  /// A control and its default buttons. In this order they are listed.
  void define(std::string name, std::vector<Button> defaults);
  const std::vector<std::string>& names() const { return names_; }

  const std::vector<Button>& bound(std::string_view name) const;
  /// What to press for it, as shown: its first button of the device, or of the other; empty if it has none.
  std::string label(std::string_view name, Device device) const;
  void bind(std::string_view name, std::vector<Button> buttons);
  void bind_defaults();

  /// What was pressed for another layer than the input's reads as not pressed.
  void update(const Input& input);
  /// As if all were let go: when the window loses the focus.
  void release();

  bool is_held(std::string_view name) const { return value(name) >= kPressedAt; }
  /// Went down in the last update (a held key's repetition counts if `repeats`).
  bool was_pressed(std::string_view name, bool repeats = false) const;
  /// 0 to 1: how far the farthest of its buttons is pressed.
  float value(std::string_view name) const;

 private:
  struct Control {
    std::vector<Button> defaults;
    std::vector<Button> bound;
    bool pressed = false;
    bool repeated = false;
  };
  struct Held {
    float value = 0;
    int layer = 0;  // that was on top when it went down
  };
  const Control& control(std::string_view name) const;

  std::vector<std::string> names_;
  std::map<std::string, Control, std::less<>> controls_;
  std::map<Button, Held> held_;
  int layer_ = 0;  // of the last update
};

}  // namespace engine::app
