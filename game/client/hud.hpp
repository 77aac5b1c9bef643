// What a player reads without looking away: health and energy at the ship, the clock, the place in the round, where it
// hurts. Told of each frame's facts; remembers only what fades.
//
// One owner, one thread.
#pragma once

#include <string>
#include <vector>

#include "engine/app/canvas.hpp"
#include "game/client/art.hpp"
#include "game/client/roster.hpp"
#include "game/client/scene.hpp"
#include "game/client/settings.hpp"

namespace game::client {

struct HudFacts {
  const Scene& scene;
  const Roster& roster;
  const sim::Ship* ship = nullptr;  // the own one, alive or not; none for a spectator
  std::uint32_t tick = 0;           // of the ship
  Point camera{};                   // what the middle of the picture shows
  Point pointer{640, 360};          // in 1280 x 720 units
  bool shows_crosshair = true;
  Crosshair crosshair = Crosshair::kCross;
  std::string watching{};  // a spectator's: who is followed, or "free camera"
  int ping_ms = 0;         // shown above 120
  bool always_shows_ping = false;
  bool is_reconnecting = false;
  bool is_covered = false;  // by a menu
  std::string trouble{};    // why the picture stands still; empty: it does not
};

class Hud {
 public:
  void update(float dt_s);
  void clear() { *this = Hud(); }

  /// The own shot struck, or killed.
  void hit_given(bool killed);
  /// A blow from this direction, in radians as seen from the ship.
  void hurt(float from_rad);
  void died(sim::PlayerId killer, std::string name, Color color, sim::Weapon weapon, int killer_health);
  void spawned() { death_ = {}; }
  void set_flashes(bool on) { flashes_ = on; }

  /// In 1280 x 720 units.
  void draw(engine::app::Canvas& canvas, const Art& art, const HudFacts& facts) const;

 private:
  struct Hurt {
    float from_rad, age_s;
  };
  struct Death {
    sim::PlayerId killer = sim::kNobody;
    std::string name{};
    Color color{};
    sim::Weapon weapon = sim::Weapon::kBlaster;
    int killer_health = -1;
  };
  void draw_ship(engine::app::Canvas& canvas, const Art& art, const HudFacts& facts) const;
  void draw_numerals(engine::app::Canvas& canvas, const Art& art, const HudFacts& facts) const;
  void draw_round(engine::app::Canvas& canvas, const Art& art, const HudFacts& facts) const;
  void draw_leader_arrow(engine::app::Canvas& canvas, const Art& art, const HudFacts& facts) const;
  void draw_hurt(engine::app::Canvas& canvas, const HudFacts& facts) const;
  void draw_crosshair(engine::app::Canvas& canvas, const HudFacts& facts) const;
  void draw_death(engine::app::Canvas& canvas, const Art& art, const HudFacts& facts) const;
  void draw_words(engine::app::Canvas& canvas, const Art& art, const HudFacts& facts) const;

  float hit_s_ = 0;
  bool hit_killed_ = false;
  double time_s_ = 0;  // a float would stand still after days
  std::vector<Hurt> hurts_;
  Death death_;
  bool flashes_ = true;
};

}  // namespace game::client
