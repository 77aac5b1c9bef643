// Feedback to the player: what a match tells becomes light, sound, shaking and words. The numbers are the game's feel.
//
// One thread. Refers to what its maker keeps.
#pragma once

#include <map>

#include "arena_generated.h"
#include "game/client/art.hpp"
#include "game/client/camera.hpp"
#include "game/client/chat.hpp"
#include "game/client/effects.hpp"
#include "game/client/feed.hpp"
#include "game/client/hud.hpp"
#include "game/client/roster.hpp"
#include "game/client/scoreboard.hpp"
#include "game/client/sounds.hpp"
#include "game/client/spectator.hpp"
#include "netcode/event.hpp"

namespace game::client {

class Feedback {
 public:
  struct Stage {
    const Art& art;
    const Roster& roster;
    Effects& effects;
    Hud& hud;
    Feed& feed;
    Chat& chat;
    Camera& camera;
    Spectator& spectator;
    Sounds* sounds;  // none: silent
    RoundResult& result;
  };
  explicit Feedback(const Stage& stage) : stage_(stage) {}

  /// Whose side we are on: the own ship, or kNobody. `predicts`: fired() tells of its shots as they leave; false: they
  /// are heard when they are seen, as those of others are.
  void set_self(sim::PlayerId self, bool predicts = true) {
    self_ = self;
    predicts_ = predicts;
  }
  /// What the match tells. Others are left alone.
  void take(const netcode::EventView& event);
  /// Each frame: what is seen rather than told. `own_ship` may be none.
  void look(const Scene& before, const Scene& now, const sim::Ship* own_ship, std::uint32_t own_tick);
  /// Who shot the own ship down, until it is back.
  sim::PlayerId killed_by() const { return killed_by_; }
  /// The own ship fired in its own time, before the server has said so.
  void fired(const sim::Fired& fired, Point at);
  /// A trigger was pulled, and the ship has not the energy for it.
  void lacked_energy() { play(Sound::kNoEnergy, Importance::kOwn); }

 private:
  // Of what there is no `on` for, nothing is shown.
  template <class Other>
  void on(const Other& /*event*/) {}
  void on(const arena::Hit& hit);
  void on(const arena::Kill& kill);
  void on(const arena::RailFired& rail);
  void on(const arena::PickupTaken& taken);
  void on(const arena::Heard& heard);
  void on(const arena::PickupCalled& called);
  void on(const arena::LeadChanged& change);
  void on(const arena::PhaseChanged& change);
  void on(const arena::RoundStarted& round);
  void on(const arena::RoundEnded& round);
  void on(const arena::Spawned& spawned);
  void on(const arena::PlayerJoined& joined);
  void on(const arena::PlayerLeft& left);
  void on(const arena::Chat& chat);

  Color color_of(sim::PlayerId id) const;
  void play(Sound sound, Importance importance, Point at, float pitch = 1);
  /// Of no place: heard in the middle.
  void play(Sound sound, Importance importance, float pitch = 1);
  void clock_sounds(const Scene& before, const Scene& now);
  void readiness_sounds(const sim::Ship& ship, std::uint32_t tick);
  void new_shots(const Scene& before, const Scene& now);
  void own_kill(const arena::Kill& kill);

  Stage stage_;
  sim::PlayerId self_ = sim::kNobody;
  bool predicts_ = true;
  sim::PlayerId killed_by_ = sim::kNobody;
  Point own_at_;
  std::map<sim::PlayerId, Point> places_;  // of the ships in the last picture
  bool rail_was_ready_ = true;
  bool dash_was_ready_ = true;
  std::uint32_t next_heartbeat_tick_ = 0;
};

}  // namespace game::client
