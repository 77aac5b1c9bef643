#include "game/client/own_ship.hpp"

#include <cmath>
#include <utility>

#include "game/client/units.hpp"
#include "game/sim/combat.hpp"
#include "game/sim/flow.hpp"
#include "game/sim/pickups.hpp"

namespace game::client {
namespace {

/// A correction is nine tenths gone after a tenth of a second.
constexpr float kEaseSeconds = 0.045F;
/// Farther is no correction but another place. A stall of 400 ms in which a ship has turned round makes 340.
constexpr float kEasedMax = 600;

/// The pickups of a snapshot, if they are the map's: another server may say anything.
std::vector<sim::Pickup> pickups_of(const sim::PlayerView& view, const sim::Map& map) {
  if (view.pickups.size() != map.pads().size()) return {};
  for (std::size_t i = 0; i < view.pickups.size(); ++i)
    if (view.pickups[i].id != i || view.pickups[i].kind != map.pads()[i].kind) return {};
  return view.pickups;
}

}  // namespace

void ShipModel::act(State& state, const sim::Action& action, netcode::Tick tick) const {
  sim::press(state.ship, action, tick);
}

sim::Fired ShipModel::tick(State& state, netcode::Tick tick) const {
  const sim::Phase phase = sim::phase_at(flow, tick);
  const sim::Fired fired =
      sim::step_player(state.ship, state.ship.held, *map, {.tick = tick, .seed = seed, .phase = phase, .mode = mode});
  if (fired.shot) {
    OwnShot own{.shot = sim::make_shot(state.ship, fired, tick, *map), .tick = tick};
    own.shot.position += own.shot.velocity;  // it flies in the tick that it is fired in
    state.shots.push_back(own);
  }
  if (!state.pickups.empty()) sim::take_pickups(state.ship, state.pickups, *map, phase, tick);
  return fired;
}

void OwnShip::clear() {
  predictor_.clear();
  error_ = {};
  last_correction_ = 0;
}

sim::Fired OwnShip::act(std::uint32_t sequence, std::uint32_t tick, const sim::Action& action) {
  return predictor_.act(sequence, tick, action);
}

void OwnShip::correct(const sim::PlayerView& view, sim::PlayerId self, std::uint32_t taken) {
  const sim::Ship* told = view.ship(self);
  if (told == nullptr) return clear();
  const Point drawn = units(ship().position) + error_;
  const bool was_here = is_known() && ship().alive && told->alive;
  ShipModel& model = predictor_.model();
  model.seed = view.seed;
  model.flow = view.flow;
  model.mode = view.mode;
  predictor_.reconcile({.ship = *told, .pickups = pickups_of(view, *model.map)}, view.tick, taken);
  error_ = drawn - units(ship().position);
  last_correction_ = was_here ? length(error_) : 0;
  if (!was_here || last_correction_ > kEasedMax) {
    not_eased_ += was_here ? last_correction_ : 0;
    error_ = {};
  }
}

Point OwnShip::position(float share, const sim::Action& hands) const {
  ShipModel::State next{.ship = ship()};
  predictor_.model().act(next, hands, tick() + 1);
  predictor_.model().tick(next, tick() + 1);
  return mix(units(ship().position), units(next.ship.position), share) + error_;
}

void OwnShip::ease(float dt_s) {
  const Point before = error_;
  error_ = error_ * std::exp(-dt_s / kEaseSeconds);
  last_jump_ = length(before - error_) + std::exchange(not_eased_, 0.0F);
}

float OwnShip::drawn_off() const { return length(error_); }

}  // namespace game::client
