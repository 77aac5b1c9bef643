#include "game/wire/action.hpp"

namespace game::wire {
namespace {

constexpr int kThrustMax = 127;

}  // namespace

engine::Result<sim::Action> read_action(const arena::Move& move) {
  if (move.thrust_x() < -kThrustMax) return engine::error("thrust_x is {}, at least {}", move.thrust_x(), -kThrustMax);
  if (move.thrust_y() < -kThrustMax) return engine::error("thrust_y is {}, at least {}", move.thrust_y(), -kThrustMax);
  return sim::Action{.thrust_x = move.thrust_x(),
                     .thrust_y = move.thrust_y(),
                     .aim = move.aim(),
                     .fire = move.fire(),
                     .rail = move.rail(),
                     .dash = move.dash()};
}

arena::MoveT to_wire(const sim::Action& action) {
  arena::MoveT move;
  move.thrust_x = action.thrust_x;
  move.thrust_y = action.thrust_y;
  move.aim = action.aim;
  move.fire = action.fire;
  move.rail = action.rail;
  move.dash = action.dash;
  return move;
}

}  // namespace game::wire
