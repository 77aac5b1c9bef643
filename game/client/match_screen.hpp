// A match on the screen: what is told and seen of it, kept, predicted, drawn and heard; and what hands do in it.
//
// It knows no connection: snapshots and events are handed to it, actions and chat are taken from it, so that a match, a
// recording and a test look the same. One thread. Refers to what its maker keeps.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "arena_generated.h"
#include "engine/app/canvas.hpp"
#include "engine/app/controls.hpp"
#include "engine/core/result.hpp"
#include "game/client/answers.hpp"
#include "game/client/hands.hpp"
#include "game/client/own_ship.hpp"
#include "game/client/timeline.hpp"
#include "game/client/view.hpp"
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
    float delay_ticks = 3.5F;           // how long a snapshot waits: 0 for what comes from no network
  };
  /// An error says what is wrong with the map.
  static engine::Result<std::unique_ptr<MatchScreen>> open(const Art& art, Sounds* sounds,
                                                           const MatchSettings& settings, const Setup& setup);

  // --- in
  /// A snapshot that says nonsense is left out, and its reason returned.
  engine::Result<void> take_snapshot(const arena::World& world, std::uint32_t tick, std::uint32_t actions_taken,
                                     double now_s);
  void take_event(const netcode::EventView& event) { answers_.take(event); }
  /// By how much the action of this sequence came before the tick that it was for.
  void take_slack(std::uint32_t sequence, float slack_ms);
  void set_connection(bool is_reconnecting, int ping_ms);

  // --- each frame
  /// Sends an action for a tick of the match, 0: as soon as possible. Its sequence, 0 if it could not be sent.
  using Act = std::function<std::uint32_t(const sim::Action&, std::uint32_t tick)>;
  struct Frame {
    const engine::app::Input& input;
    const engine::app::Controls& controls;
    double now_s;
    float dt_s;
    int width, height;     // of the picture, in pixels
    bool hands_on = true;  // false: a menu is open
  };
  void update(const Frame& frame, const Act& act);
  void draw(engine::app::Canvas& canvas);

  /// What was typed and is to be sent.
  std::optional<std::string> take_chat();
  bool wants_text() const { return chat_.is_open(); }
  /// The map that was voted for.
  std::optional<std::string> take_vote();

  // --- for the program around it, and for tests
  const Scene& scene() const { return scene_; }
  const Roster& roster() const { return roster_; }
  const OwnShip& own() const { return own_; }
  const sim::Map& map() const { return *map_; }
  void set_settings(const MatchSettings& settings);

 private:
  MatchScreen(const Art& art, Sounds* sounds, const MatchSettings& settings, const Setup& setup,
              std::unique_ptr<const sim::Map> map);
  void send_actions(const Frame& frame, const Act& act);
  void send_action(const Frame& frame, const Act& act);
  void move_camera(const Frame& frame);
  bool lacks_energy();
  void vote(const Frame& frame);
  Point pointer_units(const Frame& frame) const;
  void draw_overlays(engine::app::Canvas& canvas);

  /// An action that named its tick, and how long after its time the frame came that sent it.
  struct Sent {
    std::uint32_t sequence = 0;
    float late_ms = 0;
  };

  Art art_;
  MatchSettings settings_;
  Setup setup_;
  std::unique_ptr<const sim::Map> map_;
  Timeline timeline_;
  Roster roster_;
  OwnShip own_;
  Hands hands_;
  Camera camera_;
  Effects effects_;
  Hud hud_;
  Feed feed_;
  Chat chat_;
  Spectator spectator_;
  RoundResult result_;
  Answers answers_;
  MatchView view_;
  Scene scene_;
  Scene before_;

  double next_action_s_ = 0;
  std::array<Sent, 64> sent_{};  // by sequence
  float frame_ms_ = 0;
  // For which tick the next action is: one after the other, whatever the network does to them, so that what goes wrong
  // once does not go wrong again a round trip later. 0: not known yet.
  std::uint32_t next_tick_ = 0;
  std::uint32_t newest_sequence_ = 0;
  std::uint32_t shifted_at_sequence_ = 0;  // when the ticks were shifted last: slack of earlier actions is old news
  float own_share_ = 0;
  Point pointer_{640, 360};  // in 1280 x 720 units
  bool hands_on_ = true;
  std::uint32_t next_complaint_tick_ = 0;
  bool shows_scores_ = false;
  bool is_reconnecting_ = false;
  bool was_alive_ = false;
  int ping_ms_ = 0;
  float podium_age_s_ = 0;
  std::optional<std::string> chat_line_;
  std::string our_vote_;
  std::string vote_key_;
  bool vote_is_new_ = false;
};

}  // namespace game::client
