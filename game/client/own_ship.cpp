#include "game/client/own_ship.hpp"

#include <cmath>

#include "game/client/units.hpp"

namespace game::client {
namespace {

/// More is a server that does not answer: the ship waits for it.
constexpr std::size_t kPendingMax = 120;
/// A correction is two thirds gone after this.
constexpr float kEaseSeconds = 0.06F;
/// Farther is no correction but another place: a spawn.
constexpr float kEasedMax = 80;

}  // namespace

void OwnShip::clear() { *this = OwnShip(); }

sim::Fired OwnShip::step(const sim::Action& action, const sim::Map& map) {
  ++tick_;
  return sim::step_player(now_, action, map, {.tick = tick_, .seed = seed_, .phase = phase_, .mode = mode_});
}

sim::Fired OwnShip::act(std::uint32_t sequence, const sim::Action& action, const sim::Map& map) {
  if (!known_ || pending_.size() == kPendingMax) return {};
  pending_.push_back({sequence, action});
  return step(action, map);
}

void OwnShip::correct(const sim::View& view, sim::PlayerId self, std::uint32_t taken, const sim::Map& map) {
  const sim::Ship* ship = view.ship(self);
  if (ship == nullptr) return clear();
  const Point drawn = units(now_.position) + error_;
  const bool was_here = known_ && now_.alive && ship->alive;
  while (!pending_.empty() && pending_.front().sequence <= taken) pending_.pop_front();
  known_ = true;
  now_ = *ship;
  tick_ = view.tick;
  seed_ = view.seed;
  phase_ = view.flow.phase;
  mode_ = view.mode;
  for (const Sent& sent : pending_) step(sent.action, map);
  error_ = drawn - units(now_.position);
  last_correction_ = length(error_);
  if (!was_here || last_correction_ > kEasedMax) error_ = {};
}

Point OwnShip::position(float share, const sim::Action& hands, const sim::Map& map) const {
  sim::Ship next = now_;
  sim::step_player(next, hands, map, {.tick = tick_ + 1, .seed = seed_, .phase = phase_, .mode = mode_});
  return mix(units(now_.position), units(next.position), share) + error_;
}

void OwnShip::ease(float dt_s) { error_ = error_ * std::exp(-dt_s / kEaseSeconds); }

}  // namespace game::client
