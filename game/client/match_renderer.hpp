// Draws a scene: the end of an action's way from a key to the screen. Light is brightest where it matters: shots, then
// ships, pickups, walls, grid.
//
// One thread. Knows nothing of networks: the same for a match, a recording and a test.
#pragma once

#include "engine/app/canvas.hpp"
#include "engine/app/typeface.hpp"
#include "game/client/effects.hpp"
#include "game/client/ground.hpp"
#include "game/client/scene.hpp"

namespace game::client {

struct RenderOptions {
  bool all_health_bars = false;  // for spectators
  bool all_names = false;
};

class MatchRenderer {
 public:
  explicit MatchRenderer(engine::app::Typeface& face) : face_(&face) {}

  /// The canvas has the camera's view.
  void draw(engine::app::Canvas& canvas, const sim::Map& map, const Scene& scene, const Effects& effects,
            const RenderOptions& options);

 private:
  engine::app::Typeface* face_;
  Ground ground_;
};

}  // namespace game::client
