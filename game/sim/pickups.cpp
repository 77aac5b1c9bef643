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

Player* nearest_taker(State& state, Vec at, const Pickup& pickup) {
  Player* nearest = nullptr;
  std::int64_t nearest_squared = 0;
  for (Player& player : state.players) {
    if (!can_take(player.ship, pickup, at, state.tick)) continue;
    const std::int64_t distance_squared = length_squared(player.ship.position - at);
    if (nearest != nullptr && distance_squared >= nearest_squared) continue;
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

void reset_pickups(std::span<Pickup> pickups, std::uint32_t tick) {
  for (Pickup& pickup : pickups) pickup.ready_tick = is_called_out(pickup.kind) ? tick + period_of(pickup.kind) : tick;
}

bool pickups_work(Phase phase) { return !ships_stand_still(phase) && weapons_work(phase); }

bool can_take(const Ship& ship, const Pickup& pickup, Vec at, std::uint32_t tick) {
  return ship.alive && tick >= pickup.ready_tick && can_use(ship, pickup.kind) &&
         length_squared(ship.position - at) < square(kPickupRadius + kShipRadius);
}

void take_pickup(Ship& ship, Pickup& pickup, std::uint32_t tick) {
  give(ship, pickup.kind, tick);
  pickup.ready_tick = tick + period_of(pickup.kind);
}

void take_pickups(Ship& ship, std::span<Pickup> pickups, const Map& map, Phase phase, std::uint32_t tick) {
  if (!pickups_work(phase)) return;
  for (std::size_t i = 0; i < pickups.size(); ++i)
    if (can_take(ship, pickups[i], map.pads()[i].at, tick)) take_pickup(ship, pickups[i], tick);
}

void take_pickups(State& state, const Map& map, std::vector<Event>& events) {
  if (!pickups_work(state.flow.phase)) return;
  for (std::size_t i = 0; i < state.pickups.size(); ++i) {
    Pickup& pickup = state.pickups[i];
    if (is_called_out(pickup.kind) && state.tick + kMegaCallTicks == pickup.ready_tick) {
      events.emplace_back(PickupCalled{pickup.id, pickup.kind, pickup.ready_tick});
    }
    const Vec at = map.pads()[i].at;
    Player* taker = nearest_taker(state, at, pickup);
    if (taker == nullptr) continue;
    take_pickup(taker->ship, pickup, state.tick);
    ++taker->pickups_taken;
    events.emplace_back(PickupTaken{taker->id(), pickup.id, pickup.kind, at});
  }
}

}  // namespace game::sim
