// Reads a frame's Input as a menu wants it: directions, accept and back of whatever device, the mouse in menu units.
//
// The controls menu_* are engine::app::Controls' and can be bound; keys that write letters do not steer while text is
// being written. Plain value; one thread.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "engine/app/controls.hpp"
#include "engine/app/geometry.hpp"
#include "engine/app/input.hpp"

namespace game::client {

/// Defines menu_up, menu_down, menu_left, menu_right, menu_accept, menu_back and menu_next with their default buttons.
void define_menu_controls(engine::app::Controls& controls);
inline bool is_menu_control(std::string_view name) { return name.starts_with("menu_"); }

enum class Direction : std::uint8_t { kUp, kDown, kLeft, kRight };

struct MenuInput {
  std::array<bool, 4> direction{};  // by Direction; repeats while held
  bool accept = false;
  bool back = false;
  bool next = false;
  bool previous = false;  // next, with Shift
  bool by_pad = false;    // a gamepad was used last
  bool page_up = false;
  bool page_down = false;

  engine::app::Point mouse{};
  bool mouse_moved = false;
  bool mouse_pressed = false;  // the left button, in this frame
  bool mouse_released = false;
  float wheel = 0;

  const engine::app::Input* input = nullptr;  // all of it: for text, and for binding keys
  double dt_s = 0;

  bool goes(Direction d) const { return direction[static_cast<std::size_t>(d)]; }
};

class MenuInputReader {
 public:
  /// `controls` were updated with `input`. `writes`: a text field has the focus.
  MenuInput read(const engine::app::Input& input, const engine::app::Controls& controls, bool writes, double dt_s);

 private:
  bool repeats(std::size_t direction, bool is_held, double dt_s);

  std::array<double, 4> held_s_{};
  bool shift_ = false;
};

}  // namespace game::client
