// What moves behind the menu: a corner of an arena, and ships that fight over it for as long as one looks. Cheap, and
// the same for a seed. One thread.
#pragma once

#include <vector>

#include "engine/app/canvas.hpp"
#include "engine/core/rng.hpp"
#include "game/client/palette.hpp"

namespace game::client {

class Backdrop {
 public:
  explicit Backdrop(std::uint64_t seed);

  void update(double dt_s);
  /// Covers all of the picture. The canvas' view is the menu's.
  void draw(engine::app::Canvas& canvas, const SideColors& sides) const;

 private:
  using Point = engine::app::Point;

  struct Drifter {
    Point at{};
    float aim = 0;   // radians
    float turn = 0;  // radians/s
    float speed = 0;
    float dash_s = 0;   // left of a dash
    float next_s = 0;   // until it changes its mind
    float burst_s = 0;  // left of a burst of shots
    float shot_s = 0;   // until the next shot of it
    int health = 3;
    bool is_foe = false;
    std::vector<Point> trail{};  // newest last
  };
  struct Shot {
    Point at{};
    Point velocity{};
    float left_s = 0;
    bool is_foe = false;
  };
  struct Spark {
    Point at{};
    Point velocity{};
    float left_s = 0;
    bool is_foe = false;
  };
  struct Ring {
    Point at{};
    float left_s = 0;
    bool is_foe = false;
  };

  float random(float low, float high);
  void fly(Drifter& ship, float dt_s);
  void decide(Drifter& ship);
  void shoot(Drifter& ship, float dt_s);
  void move_shots(float dt_s);
  void hit(Drifter& ship, Point at);
  void sparks(Point at, int count, float speed, bool is_foe);
  void arrive(Drifter& ship);
  void draw_ground(engine::app::Canvas& canvas) const;
  void draw_walls(engine::app::Canvas& canvas) const;
  void draw_ship(engine::app::Canvas& canvas, const Drifter& ship, Color color) const;

  engine::Rng rng_;
  double time_s_ = 0;
  float trail_s_ = 0;
  std::vector<Drifter> ships_;
  std::vector<Shot> shots_;
  std::vector<Spark> sparks_;
  std::vector<Ring> rings_;
};

}  // namespace game::client
