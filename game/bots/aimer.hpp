// A bot's hand: it turns at a bounded rate, and never quite to where its eye wants it.
//
// Owned by one bot; no threading of its own.
#pragma once

#include <cstdint>

#include "engine/core/fixed.hpp"
#include "engine/core/rng.hpp"
#include "game/bots/skill.hpp"

namespace game::bots {

class Aimer {
 public:
  explicit Aimer(const Skill& skill) : skill_(skill) {}

  // Turns towards `wanted` for one tick. The error is the hand's own: it does not know of it.
  engine::Angle turn(engine::Angle wanted, engine::Rng& rng);

  engine::Angle angle() const { return angle_; }
  // How far the hand still is from where it takes `wanted` to be.
  std::int32_t distance_to(engine::Angle wanted) const;

 private:
  Skill skill_;
  engine::Angle angle_ = 0;
  std::int32_t error_ = 0;
  std::int32_t error_goal_ = 0;
  std::uint32_t error_ticks_ = 0;  // until it errs otherwise
};

}  // namespace game::bots
