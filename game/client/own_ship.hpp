// The own ship ahead of the server: each action moves it at once, by the rules that the server runs too, and each
// snapshot corrects it: the server's ship, moved again by the actions that the server has not taken yet.
//
// Pure: it is told the time. One owner, one thread.
#pragma once

#include <cstdint>
#include <deque>

#include "engine/app/geometry.hpp"
#include "engine/core/clock.hpp"
#include "game/sim/map.hpp"
#include "game/sim/ship.hpp"
#include "game/sim/view.hpp"

namespace game::client {

class OwnShip {
 public:
  /// Nobody's, until the next correct().
  void clear();
  /// A snapshot of ours has come; `taken` is the newest of our actions in it.
  void correct(const sim::View& view, sim::PlayerId self, std::uint32_t taken, const sim::Map& map);
  /// An action was sent with this sequence: one tick goes by. What it fired, for the flash and the sound.
  sim::Fired act(std::uint32_t sequence, const sim::Action& action, const sim::Map& map);

  bool is_known() const { return known_; }
  /// After the newest action.
  const sim::Ship& ship() const { return now_; }
  std::uint32_t tick() const { return tick_; }
  /// In units, `share` of a tick (0 to 1) after the newest action: on the way to where the next one would take it if
  /// that were `hands`. So what hands do shows in the next picture, however that falls between two ticks. Corrections
  /// are eased.
  engine::app::Point position(float share, const sim::Action& hands, const sim::Map& map) const;
  /// Time goes by on the screen: corrections fade.
  void ease(float dt_s);

  std::size_t pending() const { return pending_.size(); }
  /// How far the last snapshot moved the ship, in units.
  float last_correction() const { return last_correction_; }

 private:
  struct Sent {
    std::uint32_t sequence;
    sim::Action action;
  };
  sim::Fired step(const sim::Action& action, const sim::Map& map);

  bool known_ = false;
  sim::Ship now_;
  std::uint32_t tick_ = 0;
  std::uint32_t seed_ = 0;
  sim::Phase phase_ = sim::Phase::kWarmup;
  sim::Mode mode_ = sim::Mode::kFreeForAll;
  std::deque<Sent> pending_;
  engine::app::Point error_;  // from where the ship is to where it is still drawn
  float last_correction_ = 0;
};

}  // namespace game::client
