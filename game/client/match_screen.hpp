// A match on the screen: what is told and seen of it, kept, predicted, drawn and heard; and what hands do in it.
//
// It knows no connection: snapshots and events are handed to it, actions and chat are taken from it, so that a match, a
// recording and a test look the same. One thread. Refers to what its maker keeps.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "arena_generated.h"
#include "engine/app/canvas.hpp"
#include "engine/app/controls.hpp"
#include "engine/core/result.hpp"
#include "game/client/feedback.hpp"
#include "game/client/match_input.hpp"
#include "game/client/match_renderer.hpp"
#include "game/client/motion.hpp"
#include "game/client/refused_snapshots.hpp"
#include "game/client/shot_marks.hpp"
#include "netcode/bytes.hpp"
#include "netcode/event.hpp"

namespace game::client {

struct MatchSettings {
  float shake = 1;  // 0 to 1
  bool flashes = true;
  bool always_shows_ping = false;
  Crosshair crosshair = Crosshair::kCross;
  SideColors colors = kSideColors[0];
};

class MatchScreen {
 public:
  struct Setup {
    netcode::BytesView map;
    sim::PlayerId self = sim::kNobody;  // kNobody: a spectator
    std::string note{};                 // where it is played
    std::optional<double> delay_s{};    // how long a snapshot waits: 0 for what comes from no network
    bool predicts = true;               // false: the server's rules are not ours, and the own ship waits for it
  };
  /// An error says what is wrong with the map.
  static engine::Result<std::unique_ptr<MatchScreen>> open(const Art& art, Sounds* sounds,
                                                           const MatchSettings& settings, const Setup& setup);

  // --- in
  /// A snapshot that says nonsense is left out, and its reason returned; said in the log, too, and on the screen if it
  /// goes on.
  engine::Result<void> take_snapshot(const arena::World& world, std::uint32_t tick, std::uint32_t actions_taken,
                                     double now_s);
  void take_event(const netcode::EventView& event) {
    feedback_.take(event);
    marks_.take(event);
  }
  void set_connection(bool is_reconnecting, int ping_ms);

  // --- each frame
  struct FrameInput {
    const engine::app::Input& input;
    const engine::app::Controls& controls;
    double now_s;
    float dt_s;
    int width, height;     // of the picture, in pixels
    bool hands_on = true;  // false: a menu is open
  };
  /// `line`: null where there is nobody to act for.
  void update(const FrameInput& frame, ActionLine* line);
  void draw(engine::app::Canvas& canvas);

  /// What was typed and is to be sent.
  std::optional<std::string> take_chat();
  /// What was copied as it was typed, for the clipboard.
  std::optional<std::string> take_copied();
  bool wants_text() const { return chat_.is_open(); }
  /// The map that was voted for.
  std::optional<std::string> take_vote();

  // --- for the program around it, and for tests
  const Scene& scene() const { return scene_; }
  const Roster& roster() const { return roster_; }
  const OwnShip& own() const { return motion_->own(); }
  const Motion& motion() const { return *motion_; }
  const sim::Map& map() const { return *map_; }
  void set_settings(const MatchSettings& settings);

 private:
  MatchScreen(const Art& art, Sounds* sounds, const MatchSettings& settings, const Setup& setup,
              std::unique_ptr<const sim::Map> map);
  const sim::Ship* own_ship() const;
  std::uint32_t own_tick() const;
  void tell_fired(const sim::Fired& fired);
  void move_camera(const FrameInput& frame);
  bool lacks_energy();
  void vote(const FrameInput& frame);
  Point pointer_units(const FrameInput& frame) const;
  void draw_overlays(engine::app::Canvas& canvas);

  Art art_;
  MatchSettings settings_;
  Setup setup_;
  std::unique_ptr<const sim::Map> map_;
  std::unique_ptr<Motion> motion_;
  Roster roster_;
  MatchInput input_;
  Camera camera_;
  Effects effects_;
  Hud hud_;
  Feed feed_;
  Chat chat_;
  Spectator spectator_;
  RoundResult result_;
  Feedback feedback_;
  ShotMarks marks_;
  MatchRenderer renderer_;
  Scene scene_;
  Scene before_;
  RefusedSnapshots refused_;
  double now_s_ = 0;  // of the newest frame

  Point pointer_{640, 360};  // in 1280 x 720 units
  bool hands_on_ = true;
  bool plays_ = true;  // hands are on the ship in this frame, not on a menu or the chat
  std::uint32_t next_complaint_tick_ = 0;
  bool shows_scores_ = false;
  bool is_reconnecting_ = false;
  bool was_alive_ = false;
  int ping_ms_ = 0;
  double podium_age_s_ = 0;
  std::optional<std::string> chat_line_;
  std::string our_vote_;
  std::string vote_key_;
  bool vote_is_new_ = false;
};

}  // namespace game::client
