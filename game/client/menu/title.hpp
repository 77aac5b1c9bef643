// The game's name in neon: baked once for each size of the picture, since its glow is a blur. One thread.
#pragma once

#include "engine/app/canvas.hpp"
#include "game/client/menu/theme.hpp"

namespace game::client {

class Title {
 public:
  /// `at`: left end of the baseline.
  void draw(engine::app::Canvas& canvas, MenuArt& art, engine::app::Point at, float size, Color accent, float alpha,
            double time_s);

 private:
  void bake(engine::app::Typeface& face, float size_px, Color accent);

  engine::app::Picture glow_;
  float baked_px_ = 0;
  Color baked_accent_{};
  int margin_ = 0;
  int baseline_ = 0;
};

}  // namespace game::client
