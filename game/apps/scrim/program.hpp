// The game's window from opening to closing: the menu, the match, the recording, and the way between them.
//
// One thread, main's.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/app/audio.hpp"
#include "engine/app/controls.hpp"
#include "engine/app/input_layers.hpp"
#include "engine/app/window.hpp"
#include "game/apps/scrim/flags.hpp"
#include "game/apps/scrim/frame_report.hpp"
#include "game/apps/scrim/key_script.hpp"
#include "game/apps/scrim/local_server.hpp"
#include "game/apps/scrim/online.hpp"
#include "game/apps/scrim/recording_player.hpp"
#include "game/client/match_screen.hpp"
#include "game/client/menu/menu.hpp"
#include "game/client/net_graph.hpp"
#include "game/client/settings.hpp"
#include "game/client/sounds.hpp"

namespace game::apps {

class Program {
 public:
  /// Throws std::runtime_error, in one line, where there can be no game: no display, a missing file.
  explicit Program(Flags flags);
  ~Program();
  /// The exit code.
  int run();

 private:
  client::Art art() const;
  client::MatchSettings match_settings() const;
  std::string name() const;
  client::PauseWords pause_words() const;
  Online::Handlers online_handlers();

  /// Who has the hands, from the bottom up: a press is for one of them alone (engine::app::InputLayers).
  enum Layer : int { kPlay, kTyping, kMenu };
  int top_layer() const;

  void begin();
  void frame(double now_s, double dt_s);
  void take_fullscreen(engine::app::Input& input);
  void update_menu(const engine::app::Input& input, double dt_s);
  void set_window();
  // menu_actions.cpp
  void follow(const client::MenuChoice& choice);
  void apply_settings(bool keep);
  /// Writes them down if that has not been done. What is wrong with that is said in the menu and the log.
  void keep_settings();
  /// Before long: a setting that is dragged is not written in every frame.
  void keep_settings_in_time(double now_s);
  void open_match();
  void leave_match();
  void watch(const std::string& path);
  void start_local(LocalServer::Config config);
  void end_local();
  void tend_local();
  // program.cpp
  void update_match(const engine::app::Input& input, double now_s, double dt_s);
  void update_replay(const engine::app::Input& input, double now_s, double dt_s);
  void play(client::MenuSound sound);
  bool shows_menu() const { return !match_ || over_match_; }

  Flags flags_;
  std::string settings_path_;
  client::Settings settings_;
  client::Settings kept_;            // as they are in the file
  client::Settings seen_;            // as they were in the last frame
  std::optional<double> keep_at_s_;  // unless they change again until then
  std::unique_ptr<engine::app::Window> window_;
  engine::app::Audio audio_;
  std::unique_ptr<client::Sounds> sounds_;
  engine::app::InputLayers layers_;
  engine::app::Controls controls_;
  std::unique_ptr<client::MenuArt> menu_art_;
  std::unique_ptr<client::Menu> menu_;
  std::unique_ptr<Online> online_;
  std::unique_ptr<LocalServer> local_;
  std::vector<std::unique_ptr<LocalServer>> ending_;  // what was local_: a port may still be theirs
  std::optional<LocalServer::Config> wanted_local_;   // as soon as they have ended
  std::unique_ptr<RecordingPlayer> player_;
  std::unique_ptr<client::MatchScreen> match_;
  std::unique_ptr<client::MatchScreen> old_match_;  // whose handler we may be in
  KeyScript script_;
  std::optional<double> start_s_;  // of the first frame, from which the script counts
  FrameReport report_;
  client::NetGraph net_graph_;
  bool over_match_ = false;  // the pause menu
  bool quits_ = false;
  int exit_code_ = 0;
};

}  // namespace game::apps
