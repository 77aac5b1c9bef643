#include "game/client/own_ship.hpp"

#include <cmath>

#include "game/client/units.hpp"

namespace game::client {
namespace {

/// A correction is nine tenths gone after a tenth of a second.
constexpr float kEaseSeconds = 0.045F;
/// Farther is no correction but another place: a spawn.
constexpr float kEasedMax = 80;

}  // namespace

void ShipModel::act(State& state, const sim::Action& action, netcode::Tick tick) const {
  sim::press(state.ship, action, tick);
}

sim::Fired ShipModel::tick(State& state, netcode::Tick tick) const {
  return sim::step_player(state.ship, state.ship.held, *map,
                          {.tick = tick, .seed = seed, .phase = flow.phase, .mode = mode});
}

void OwnShip::clear() {
  predictor_.clear();
  error_ = {};
  last_correction_ = 0;
}

sim::Fired OwnShip::act(std::uint32_t sequence, std::uint32_t tick, const sim::Action& action) {
  return predictor_.act(sequence, tick, action);
}

void OwnShip::correct(const sim::View& view, sim::PlayerId self, std::uint32_t taken) {
  const sim::Ship* told = view.ship(self);
  if (told == nullptr) return clear();
  const Point drawn = units(ship().position) + error_;
  const bool was_here = is_known() && ship().alive && told->alive;
  ShipModel& model = predictor_.model();
  model.seed = view.seed;
  model.flow = view.flow;
  model.mode = view.mode;
  predictor_.reconcile({.ship = *told}, view.tick, taken);
  error_ = drawn - units(ship().position);
  last_correction_ = length(error_);
  if (!was_here || last_correction_ > kEasedMax) error_ = {};
}

Point OwnShip::position(float share, const sim::Action& hands) const {
  ShipModel::State next{.ship = ship()};
  predictor_.model().act(next, hands, tick() + 1);
  predictor_.model().tick(next, tick() + 1);
  return mix(units(ship().position), units(next.ship.position), share) + error_;
}

void OwnShip::ease(float dt_s) { error_ = error_ * std::exp(-dt_s / kEaseSeconds); }

float OwnShip::drawn_off() const { return length(error_); }

}  // namespace game::client
