#include "game/sim/pickups.hpp"

#include <algorithm>

namespace game::sim {
namespace {

bool is_called_out(PickupKind kind) { return kind == PickupKind::kMega; }

bool can_use(const Ship& ship, PickupKind kind) {
  switch (kind) {
    case PickupKind::kHealth:
      return ship.health < kHealthFull;
    case PickupKind::kMega:
      return ship.health < kHealthMax;
    case PickupKind::kRapid:
      break;
  }
  return true;
}

void give(Ship& ship, PickupKind kind, std::uint32_t tick) {
  switch (kind) {
    case PickupKind::kHealth:
      ship.health = std::min(ship.health + kHealthPickup, kHealthFull);
      return;
    case PickupKind::kMega:
      ship.health = std::min(ship.health + kMegaPickup, kHealthMax);
      return;
    case PickupKind::kRapid:
      ship.rapid_until_tick = tick + kRapidTicks;
      return;
  }
}

Player* nearest_taker(State& state, Vec at, PickupKind kind) {
  Player* nearest = nullptr;
  std::int64_t nearest_squared = square(kPickupRadius + kShipRadius);
  for (Player& player : state.players) {
    if (!player.ship.alive || !can_use(player.ship, kind)) continue;
    const std::int64_t distance_squared = length_squared(player.ship.position - at);
    if (distance_squared >= nearest_squared) continue;
    nearest = &player;
    nearest_squared = distance_squared;
  }
  return nearest;
}

}  // namespace

std::uint32_t period_of(PickupKind kind) {
  switch (kind) {
    case PickupKind::kHealth:
      return kHealthPeriodTicks;
    case PickupKind::kRapid:
      return kRapidPeriodTicks;
    case PickupKind::kMega:
      break;
  }
  return kMegaPeriodTicks;
}

void reset_pickups(State& state, std::uint32_t tick) {
  for (Pickup& pickup : state.pickups)
    pickup.ready_tick = is_called_out(pickup.kind) ? tick + period_of(pickup.kind) : tick;
}

void take_pickups(State& state, const Map& map, std::vector<Event>& events) {
  if (ships_stand_still(state.flow.phase) || !weapons_work(state.flow.phase)) return;
  for (std::size_t i = 0; i < state.pickups.size(); ++i) {
    Pickup& pickup = state.pickups[i];
    if (is_called_out(pickup.kind) && state.tick + kMegaCallTicks == pickup.ready_tick) {
      events.emplace_back(PickupCalled{pickup.id, pickup.kind, pickup.ready_tick});
    }
    if (state.tick < pickup.ready_tick) continue;
    const Vec at = map.pads()[i].at;
    Player* taker = nearest_taker(state, at, pickup.kind);
    if (taker == nullptr) continue;
    give(taker->ship, pickup.kind, state.tick);
    ++taker->pickups_taken;
    pickup.ready_tick = state.tick + period_of(pickup.kind);
    events.emplace_back(PickupTaken{taker->id(), pickup.id, pickup.kind, at});
  }
}

void decay_overheal(State& state) {
  if (state.tick % kOverhealDecayTicks != 0) return;
  for (Player& player : state.players) {
    if (player.ship.health > kHealthFull) --player.ship.health;
  }
}

}  // namespace game::sim
