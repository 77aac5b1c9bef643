// What flashes, flies apart and fades: made by events, gone by themselves, known to nobody else. Bounded: the oldest
// gives way. One owner, one thread.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/app/canvas.hpp"
#include "engine/core/rng.hpp"
#include "game/client/scene.hpp"

namespace game::client {

class Effects {
 public:
  Effects();

  void clear();
  void update(float dt_s);
  /// Those that lie under the ships, and those over them.
  void draw_below(engine::app::Canvas& canvas) const;
  void draw_above(engine::app::Canvas& canvas) const;

  void muzzle(sim::PlayerId ship, float aim, Color color);
  /// A shot ended here: a wall or a ship.
  void sparks(Point at, Point along, int count, Color color);
  void hit(sim::PlayerId victim, Point at, Color color);
  void shield_hit(sim::PlayerId victim, Point at, Color color);
  void explosion(Point at, Point velocity, Color color);
  /// A kill is told of before the snapshot that the ship is dead in is shown: it is not drawn meanwhile.
  void vanish(sim::PlayerId ship);
  bool is_gone(sim::PlayerId ship) const;
  void rail(Point from, Point to, bool hit_wall, Color color);
  void spawn(Point at, Color color);
  void pickup(Point at, Color color);
  /// Called each tick that a ship dashes.
  void afterimage(const SceneShip& ship);
  void exhaust(const SceneShip& ship);

  /// 0 to 1: how white the ship is drawn, having just been hit.
  float flash_of(sim::PlayerId ship) const;
  /// Units by which the ship is drawn back, having just fired.
  float kick_of(sim::PlayerId ship) const;
  float muzzle_of(sim::PlayerId ship) const;
  void set_flashes(bool on) { flashes_ = on; }

 private:
  struct Spark {
    Point at, velocity;  // units, units a second
    float age_s, life_s, size;
    Color color;
  };
  struct Shard {
    Point at, velocity;
    float angle, spin, age_s, life_s, size;
    Color color;
  };
  struct Ring {
    Point at;
    float radius, age_s, life_s, width;
    Color color;
  };
  struct Beam {
    Point from, to;
    float age_s;
    bool hit_wall;
    Color color;
  };
  struct Ghost {
    Point at;
    float aim, age_s;
    Color color;
  };
  struct Touch {  // of one ship, by its id
    float flash_s = 0, muzzle_s = 0, gone_s = 0;
  };

  void spark(Point at, Point velocity, float life_s, float size, Color color);
  float random();  // 0 to 1
  float random(float low, float high) { return low + (high - low) * random(); }

  engine::Rng rng_;  // for the eye only: never the simulation's
  std::vector<Spark> sparks_;
  std::vector<Shard> shards_;
  std::vector<Ring> rings_;
  std::vector<Beam> beams_;
  std::vector<Beam> scars_;  // `to` is where the wall was hit
  std::vector<Ghost> ghosts_;
  std::vector<Touch> touches_;
  bool flashes_ = true;
};

}  // namespace game::client
