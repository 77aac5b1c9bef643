// The controls of a match, and what hands on them mean as an action.
#pragma once

#include "engine/app/controls.hpp"
#include "engine/app/geometry.hpp"
#include "game/sim/action.hpp"

namespace game::client {

/// Flying, shooting, watching, talking: with their default keys, mouse and gamepad buttons.
void define_match_controls(engine::app::Controls& controls);

class MatchInput {
 public:
  /// `pointer` and `ship` are in units of the map. A gamepad's right stick aims where it points, and on where it
  /// pointed.
  void update(const engine::app::Controls& controls, const engine::app::Input& input, engine::app::Point ship,
              engine::app::Point pointer);

  const sim::Action& action() const { return action_; }
  /// From the ship to what it aims at, in units: the pointer, or as far as the stick is pushed.
  engine::app::Point reach() const { return reach_; }
  bool aims_by_stick() const { return by_stick_; }
  /// Taken hands off: a menu is open, or the chat.
  void rest();

 private:
  sim::Action action_;
  engine::app::Point reach_{100, 0};
  bool by_stick_ = false;
};

}  // namespace game::client
