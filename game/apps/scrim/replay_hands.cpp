#include "game/apps/scrim/replay_hands.hpp"

#include "game/client/palette.hpp"

namespace game::apps {

void control_replay(RecordingPlayer& player, const engine::app::Controls& controls) {
  if (controls.was_pressed("replay_pause")) player.toggle_pause();
  if (controls.was_pressed("replay_slower")) player.change_speed(-1);
  if (controls.was_pressed("replay_faster")) player.change_speed(1);
}

void draw_replay_words(engine::app::Canvas& canvas, const RecordingPlayer& player, client::MenuArt& art) {
  canvas.text(art.strong, player.words(), {28, 692}, 18, client::palette::kText);
  canvas.text(art.text, "Space pause    - / = speed    1-9 follow    F free    R director", {1252, 692}, 13,
              client::palette::kMuted, engine::app::Align::kRight);
}

}  // namespace game::apps
