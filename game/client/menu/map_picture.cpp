#include "game/client/menu/map_picture.hpp"

#include <algorithm>

#include "game/client/palette.hpp"
#include "game/client/pickup_color.hpp"
#include "game/client/units.hpp"

namespace game::client {
namespace {

using engine::app::Box;
using engine::app::Canvas;
using engine::app::faded;

}  // namespace

MapSketch sketch_of(const sim::Map& map) {
  return {map.size(),
          {map.walls().begin(), map.walls().end()},
          {map.pads().begin(), map.pads().end()},
          static_cast<int>(map.players_max())};
}

void draw_map(Canvas& canvas, const MapSketch& map, const Box& box, float alpha) {
  if (map.size.x <= 0 || map.size.y <= 0) return;
  const Point size = units(map.size);
  const float scale = std::min(box.width / size.x, box.height / size.y);
  const Point origin = box.centre() - size * (scale / 2);
  const auto place = [&](sim::Vec at) { return origin + units(at) * scale; };

  const Box ground = {origin.x, origin.y, size.x * scale, size.y * scale};
  canvas.box(ground, faded(palette::kGround, alpha));
  for (float x = 256 * scale; x < ground.width; x += 256 * scale) {
    canvas.line({ground.x + x, ground.y}, {ground.x + x, ground.y + ground.height}, 1, faded(palette::kGrid, alpha));
  }
  for (float y = 256 * scale; y < ground.height; y += 256 * scale) {
    canvas.line({ground.x, ground.y + y}, {ground.x + ground.width, ground.y + y}, 1, faded(palette::kGrid, alpha));
  }
  for (const sim::Rect& wall : map.walls) {
    const Point from = place({wall.left, wall.top});
    const Point to = place({wall.right, wall.bottom});
    canvas.box({from.x, from.y, to.x - from.x, to.y - from.y}, faded(palette::kWall, 0.75F * alpha));
  }
  const Point corners[] = {{ground.x, ground.y},
                           {ground.x + ground.width, ground.y},
                           {ground.x + ground.width, ground.y + ground.height},
                           {ground.x, ground.y + ground.height}};
  canvas.polyline(corners, 1.5F, faded(palette::kWall, alpha), true);
  for (const sim::Pad& pad : map.pads) {
    const Color color = pickup_color(pad.kind);
    canvas.glow(place(pad.at), 9, engine::app::added(faded(color, 0.35F * alpha)));
    canvas.disc(place(pad.at), 2.5F, faded(color, alpha));
  }
}

}  // namespace game::client
