// Plays a recording into a match's screen, at any speed: the rules run again, and what they tell is told.
//
// One thread.
#pragma once

#include <memory>
#include <string>

#include "engine/core/result.hpp"
#include "game/client/match_screen.hpp"
#include "netcode/recording.hpp"

namespace game::apps {

class RecordingPlayer {
 public:
  /// An error says what is wrong with the file.
  static engine::Result<std::unique_ptr<RecordingPlayer>> open(const std::string& path);

  netcode::BytesView map() const;

  /// Plays what is due after so much time on the screen. `now_s` is the screen's clock, which snapshots are shown by.
  void update(double dt_s, client::MatchScreen& screen);
  /// The clock that the screen is to be shown by: it stands while paused, and runs faster when this does.
  double clock_s() const { return clock_s_; }

  void toggle_pause() { is_paused_ = !is_paused_; }
  /// One step up or down: 1/4, 1/2, 1, 2, 4, 8 times.
  void change_speed(int by);
  bool is_paused() const { return is_paused_; }
  bool is_over() const { return is_over_; }
  /// "0:42 of 5:00   2x", for the picture's edge.
  std::string words() const;

 private:
  explicit RecordingPlayer(std::unique_ptr<netcode::Replay> replay) : replay_(std::move(replay)) {}
  void show(client::MatchScreen& screen);
  void tell(client::MatchScreen& screen) const;

  std::unique_ptr<netcode::Replay> replay_;
  double clock_s_ = 0;
  int speed_ = 2;
  bool is_paused_ = false;
  bool is_over_ = false;
  std::string broken_;  // why it ended early
};

}  // namespace game::apps
