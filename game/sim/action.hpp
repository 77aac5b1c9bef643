// What a player's hands do during one tick. Plain value.
#pragma once

#include <cstdint>

#include "engine/core/fixed.hpp"

namespace game::sim {

struct Action {
  // -127 to 127 each; a vector longer than 127 counts as 127, so that a diagonal is not faster.
  std::int8_t thrust_x = 0;
  std::int8_t thrust_y = 0;
  engine::Angle aim = 0;
  bool fire = false;
  bool rail = false;
  bool dash = false;

  friend bool operator==(const Action&, const Action&) = default;
};

}  // namespace game::sim
