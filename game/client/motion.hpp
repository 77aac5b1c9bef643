// What moves on the screen: the others between the snapshots that are told, the own ship ahead of them, and the way of
// actions between. It knows no connection, no picture and no sound, so that a screen and a bench are of one make.
//
// One thread. Refers to the map.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "arena_generated.h"
#include "engine/core/result.hpp"
#include "game/client/own_ship.hpp"
#include "game/client/roster.hpp"
#include "game/client/scene.hpp"
#include "game/client/timeline.hpp"
#include "game/sim/action.hpp"
#include "netcode/view_time.hpp"

namespace game::client {

/// The way of actions to the server, as netcode's client is one.
class ActionLine {
 public:
  virtual ~ActionLine() = default;
  /// True once per tick: time for an action.
  virtual bool due() = 0;
  /// The tick that it is for.
  virtual std::uint32_t tick() const = 0;
  /// How much of the time to the next one has gone by, 0 to 1.
  virtual float share() const = 0;
  /// `view`: the moment of the others that the player was shown. The action's sequence, 0 if it could not be sent.
  virtual std::uint32_t act(const sim::Action& action, netcode::ViewTime view) = 0;
};

class Motion {
 public:
  struct Setup {
    sim::PlayerId self = sim::kNobody;  // kNobody: a spectator
    std::optional<double> delay_s{};    // how long snapshots wait; none: as long as the network needs
    bool predicts = true;               // false: the own ship is drawn as the others are
  };
  Motion(const sim::Map& map, const Setup& setup);

  /// A snapshot that says nonsense is left out, and its reason returned. `taken`: the newest of our actions in it.
  engine::Result<void> take_snapshot(const arena::World& world, std::uint32_t tick, std::uint32_t taken,
                                     double arrived_s);

  // --- each frame
  /// Sends what hands do for each tick that has come; `fired` is told what that fires, once a tick.
  void send(const sim::Action& hands, ActionLine& line, const std::function<void(const sim::Fired&)>& fired);
  /// Builds what there is to see. `watched`: whose colours are "own".
  void build(const Roster& roster, const SideColors& colors, sim::PlayerId watched, double now_s, float dt_s,
             Scene& out);

  const OwnShip& own() const { return own_; }
  const Timeline& timeline() const { return timeline_; }
  bool is_spectator() const { return setup_.self == sim::kNobody; }
  sim::PlayerId self() const { return setup_.self; }
  /// Was the last frame's moment not between two snapshots?
  bool is_starved() const { return is_starved_; }

 private:
  const sim::Map& map_;
  Setup setup_;
  Timeline timeline_;
  OwnShip own_;
  sim::Action hands_;
  float own_share_ = 0;
  bool is_starved_ = false;
};

}  // namespace game::client
