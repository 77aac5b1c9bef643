// A player that is a program: what a client sees goes in, an action comes out. The same brain plays in the server and
// at the far end of a connection; it cheats in neither.
//
//   auto grid = std::make_shared<const NavGrid>(map);
//   Brain brain(3, seed, grid);
//   sim::Action action = brain.think(view, self, tick);   // once per tick
//
// Threading: one owner; brains share nothing but the grid, which is immutable. Determinism: integers only, so that
// equal seeds and views give equal actions. A think takes a few microseconds, and a new way to a far goal some tens of
// them.
#pragma once

#include <cstdint>
#include <memory>

#include "engine/core/rng.hpp"
#include "game/bots/aimer.hpp"
#include "game/bots/nav_grid.hpp"
#include "game/bots/pilot.hpp"
#include "game/bots/senses.hpp"
#include "game/bots/skill.hpp"
#include "game/sim/action.hpp"
#include "game/sim/player_view.hpp"

namespace game::bots {

class Brain {
 public:
  // `level` from kLevelMin to kLevelMax.
  Brain(int level, std::uint64_t seed, std::shared_ptr<const NavGrid> grid);

  // The action for `tick`, which may be later than the view's: a client acts ahead of what it sees.
  sim::Action think(const sim::PlayerView& view, sim::PlayerId self, std::uint32_t tick);

 private:
  const Sighting* choose_target(const sim::Ship& self);
  void aim_and_fire(sim::Mode mode, const sim::Ship& self, const Sighting& target, std::uint32_t tick,
                    sim::Action& action);
  void look_around(const sim::Ship& self, sim::Vec heading, sim::Action& action);

  Skill skill_;
  engine::Rng rng_;
  std::shared_ptr<const NavGrid> grid_;
  Senses senses_;
  Aimer aimer_;
  Pilot pilot_;
  sim::PlayerId target_ = sim::kNobody;
  bool was_alive_ = false;
  bool dashed_ = false;
};

}  // namespace game::bots
