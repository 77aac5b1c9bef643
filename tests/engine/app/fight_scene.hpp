// A fight as the arena draws it, without the arena: for golden pictures and for the bench of drawing. The same numbers
// every time. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/app/canvas.hpp"
#include "engine/app/typeface.hpp"
#include "game/client/palette.hpp"

namespace engine::app::test {

/// The arena's own colours: what is measured and compared here is what is drawn there.
namespace palette {
using namespace game::client::palette;
inline constexpr Color kOwn = game::client::kSideColors[0].own;
inline constexpr Color kFoe = game::client::kSideColors[0].foe;
}  // namespace palette

/// A font of assets/fonts; throws if it is not there.
Typeface font(const std::string& name);

void draw_ship(Canvas& canvas, Point at, float heading_rad, Color color);
void draw_shot(Canvas& canvas, Point at, float heading_rad, Color color);
void draw_rail(Canvas& canvas, Point from, Point to, Color color, float strength = 1);
void draw_sparks(Canvas& canvas, Point at, int count, float reach, Color color, std::uint64_t seed);
void draw_vitals(Canvas& canvas, Point at, float health, float energy);

/// The whole of a map, with its grid and walls, once: pixels are units.
Picture bake_map(int width, int height);

/// 16 ships, 60 shots, 500 sparks, two rails, their arcs and 20 texts, all in view and moving with the tick.
class Fight {
 public:
  Fight();
  void draw(Canvas& canvas, int tick);

 private:
  struct Mover {
    Point at;
    Point step;
    float heading_rad;
    Color color;

    Point place(int tick) const { return at + step * static_cast<float>(tick % 120); }
  };

  Picture map_;
  Typeface hud_;
  std::vector<Mover> ships_;
  std::vector<Mover> shots_;
  std::vector<Mover> sparks_;
};

}  // namespace engine::app::test
