// Where a bot wants to be: pickups, ways to enemies, cover, and the side-steps of a fight.
//
// Owned by one bot; no threading of its own. It knows what a client's view holds, and the map.
#pragma once

#include <cstdint>
#include <memory>

#include "engine/core/rng.hpp"
#include "game/bots/nav_grid.hpp"
#include "game/bots/senses.hpp"
#include "game/bots/skill.hpp"
#include "game/sim/player_view.hpp"

namespace game::bots {

// What the pilot wants of the ship.
struct Course {
  sim::Vec direction;  // of any length; zero: none
  bool dash = false;
};

class Pilot {
 public:
  Pilot(const Skill& skill, std::shared_ptr<const NavGrid> grid)
      : skill_(skill), route_(grid), grid_(std::move(grid)) {}

  // `target`, if any, is an enemy in the line of sight.
  Course steer(const sim::PlayerView& view, const sim::Ship& self, const Senses& senses, const Sighting* target,
               std::uint32_t tick, engine::Rng& rng);

  // The ship is somewhere else: plans are void.
  void forget();

 private:
  bool dodge(const sim::Ship& self, const Senses& senses, engine::Rng& rng, Course& course);
  const sim::Pickup* wanted_pickup(const sim::PlayerView& view, const sim::Ship& self, bool fighting,
                                   std::uint32_t tick) const;
  Course follow(const sim::Ship& self, sim::Vec goal);
  void make_way(const sim::Ship& self, const Senses& senses, Course& course) const;
  Course flee(const sim::Ship& self, const Sighting& from);
  Course fight(const sim::Ship& self, const Sighting& target, std::uint32_t tick, engine::Rng& rng);
  Course search(const sim::Ship& self, const Senses& senses, std::uint32_t tick, engine::Rng& rng);

  Skill skill_;
  Route route_;
  std::shared_ptr<const NavGrid> grid_;
  sim::Vec roam_goal_;
  std::uint32_t roam_until_tick_ = 0;
  std::int32_t strafe_side_ = 1;
  std::uint32_t strafe_until_tick_ = 0;
  std::uint16_t judged_shot_ = 0;  // the newest shot it has made up its mind about,
  bool avoids_shot_ = false;       // and how
};

}  // namespace game::bots
