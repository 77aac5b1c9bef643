// What hands do with a recording that is watched, and what is said about it.
#pragma once

#include "engine/app/canvas.hpp"
#include "engine/app/controls.hpp"
#include "game/apps/scrim/recording_player.hpp"
#include "game/client/menu/menu.hpp"

namespace game::apps {

void control_replay(RecordingPlayer& player, const engine::app::Controls& controls);
/// Along the picture's edge, in units of the overlays.
void draw_replay_words(engine::app::Canvas& canvas, const RecordingPlayer& player,
                       const engine::app::Controls& controls, engine::app::Device device, client::MenuArt& art);

}  // namespace game::apps
