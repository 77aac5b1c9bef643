// Where the picture looks: at the ship, leading its aim, shaken by what happens near it. Plain value.
#pragma once

#include "engine/app/canvas.hpp"
#include "game/client/units.hpp"

namespace game::client {

class Camera {
 public:
  /// Everybody sees as much: 1280 x 720 units. `lead` is from the ship towards what it aims at; see lead_for.
  /// It does not go far outside of the map: there is nothing to see.
  void follow(Point ship, Point lead, Point map_size, float dt_s);
  /// At once, without a glide: another ship, a spawn.
  void jump(Point to);
  /// 0 to 1, added up: how strong it shakes is its square.
  void add_trauma(float amount);
  void set_shake(float share) { shake_ = share; }

  Point centre() const { return centre_; }
  /// For a picture of this size; the picture's part outside the 1280 x 720 units is barred.
  engine::app::View view(int width, int height) const;
  static float scale_for(int width, int height);

  /// A quarter of the way to the pointer, at most 160 units.
  static Point lead_for(Point from_centre_to_pointer);

 private:
  Point centre_;
  Point lead_;
  float trauma_ = 0;
  float shake_ = 1;
  double time_s_ = 0;  // a float would stand still after days
};

}  // namespace game::client
