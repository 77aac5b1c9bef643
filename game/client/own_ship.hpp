// The own ship ahead of the server: netcode's Predictor with the arena's rules of one ship, and what is drawn of it.
//
// Pure: it is told the time. One owner, one thread. Refers to the map.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/app/geometry.hpp"
#include "game/sim/map.hpp"
#include "game/sim/player_view.hpp"
#include "game/sim/ship.hpp"
#include "netcode/predictor.hpp"

namespace game::client {

/// A shot as it was after a tick.
struct OwnShot {
  sim::Shot shot{};
  std::uint32_t tick = 0;
};

/// What a ship's tick does that depends on no other player: see sim::step_player.
struct ShipModel {
  struct State {
    sim::Ship ship{};
    std::vector<sim::Pickup> pickups{};
    std::vector<OwnShot> shots{};  // fired since the snapshot
  };
  using Action = sim::Action;
  using Effects = sim::Fired;

  void act(State& state, const sim::Action& action, netcode::Tick tick) const;
  sim::Fired tick(State& state, netcode::Tick tick) const;

  const sim::Map* map = nullptr;
  // Of the newest snapshot.
  std::uint32_t seed = 0;
  sim::Flow flow{};
  sim::Mode mode = sim::Mode::kFreeForAll;
};

class OwnShip {
 public:
  explicit OwnShip(const sim::Map& map) : predictor_(ShipModel{.map = &map}) {}

  /// Nobody's, until the next correct().
  void clear();
  /// A snapshot of ours has come; `taken` is the newest of our actions in it.
  void correct(const sim::PlayerView& view, sim::PlayerId self, std::uint32_t taken);
  /// An action was sent for `tick` with this sequence: time goes by up to it. What it fired, for flash and sound: once.
  sim::Fired act(std::uint32_t sequence, std::uint32_t tick, const sim::Action& action);

  bool is_known() const { return predictor_.is_known(); }
  /// After the newest action.
  const sim::Ship& ship() const { return predictor_.state().ship; }
  std::uint32_t tick() const { return predictor_.tick(); }
  /// Its shots that no snapshot has told of yet. Those that the server refuses are gone with the snapshot that should
  /// have had them; those that it takes are in that snapshot.
  const std::vector<OwnShot>& shots() const { return predictor_.state().shots; }
  /// In units, `share` of a tick (0 to 1) after the newest action: on the way to where the next one would take it if
  /// that were `hands`. So what hands do shows in the next picture, however that falls between two ticks. Corrections
  /// are eased.
  engine::app::Point position(float share, const sim::Action& hands) const;
  /// Time goes by on the screen: corrections fade.
  void ease(float dt_s);

  std::size_t pending() const { return predictor_.pending(); }
  /// How far the last snapshot moved the ship, in units.
  float last_correction() const { return last_correction_; }
  /// How far the last ease() moved what is drawn, in units: beyond the ship's own motion.
  float last_jump() const { return last_jump_; }
  /// How far from where it is the ship is drawn, in units.
  float drawn_off() const;

 private:
  netcode::Predictor<ShipModel> predictor_;
  engine::app::Point error_;  // from where the ship is to where it is still drawn
  float last_correction_ = 0;
  float last_jump_ = 0;
  float not_eased_ = 0;  // too far: since the last ease()
};

}  // namespace game::client
