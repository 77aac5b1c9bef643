// Which layer of a program (a menu, a line being typed, the game below) a press is for, when several are there at once.
//
//   Input input = layers.route(window.poll(), top);   // top: the layer that hands are on in this frame
//   controls.update(input);
//
// A press is for the layer that was on top when it went down, until it comes up: no other layer sees it, nor its
// repetitions, nor the text of them, whichever is on top by then. So the Escape that ends typing does not also open a
// menu, the Enter that chose "Resume" does not open the chat as it repeats, and a key held while a screen changes does
// nothing on the new one. Releases are told to everybody. Plain value; one thread.
#pragma once

#include <map>

#include "engine/app/input.hpp"

namespace engine::app {

class InputLayers {
 public:
  /// What of `all` is for `top`, and all releases. Mouse and wheel go to `top`.
  Input route(const Input& all, int top);

 private:
  struct Press {
    int layer = 0;
    float value = 0;
  };
  bool is_for(const ButtonChange& change, int top);

  std::map<Button, Press> presses_;
};

}  // namespace engine::app
