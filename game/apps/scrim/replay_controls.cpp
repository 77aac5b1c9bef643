#include "game/apps/scrim/replay_controls.hpp"

#include <string>

#include <spdlog/fmt/fmt.h>

#include "game/client/palette.hpp"

namespace game::apps {

void control_replay(RecordingPlayer& player, const engine::app::Controls& controls) {
  if (controls.was_pressed("replay_pause")) player.toggle_pause();
  if (controls.was_pressed("replay_slower")) player.change_speed(-1);
  if (controls.was_pressed("replay_faster")) player.change_speed(1);
}

void draw_replay_words(engine::app::Canvas& canvas, const RecordingPlayer& player,
                       const engine::app::Controls& controls, engine::app::Device device, client::MenuArt& art) {
  canvas.text(art.strong, player.words(), {28, 692}, 18, client::palette::kText);
  const auto key = [&](std::string_view control) { return controls.label(control, device); };
  const std::string hints =
      fmt::format("{} pause    {} / {} speed    1-9 follow    {} free    {} director", key("replay_pause"),
                  key("replay_slower"), key("replay_faster"), key("watch_free"), key("watch_auto"));
  canvas.text(art.text, hints, {1252, 692}, 13, client::palette::kMuted, engine::app::Align::kRight);
}

}  // namespace game::apps
