#include "game/wire/structs.hpp"

#include <cstdlib>

namespace game::wire {
namespace {

// Far outside every map, and near enough that no product of two lengths overflows.
constexpr std::int32_t kFarthest = 65536 * sim::kUnit;

std::uint8_t bit(arena::ShipFlag flag, bool on) { return on ? static_cast<std::uint8_t>(flag) : std::uint8_t{0}; }
std::uint8_t bit(arena::Button button, bool on) { return on ? static_cast<std::uint8_t>(button) : std::uint8_t{0}; }
bool has(std::uint8_t bits, arena::Button button) { return (bits & static_cast<std::uint8_t>(button)) != 0; }

engine::Result<void> check_place(std::int32_t x, std::int32_t y, std::int32_t vx, std::int32_t vy) {
  if (std::abs(std::int64_t{x}) > kFarthest) return engine::error("x is {}, beyond every map", x);
  if (std::abs(std::int64_t{y}) > kFarthest) return engine::error("y is {}, beyond every map", y);
  if (std::abs(vx) > sim::kSpeedMax) return engine::error("vx is {}, at most {}", vx, sim::kSpeedMax);
  if (std::abs(vy) > sim::kSpeedMax) return engine::error("vy is {}, at most {}", vy, sim::kSpeedMax);
  return {};
}

}  // namespace

arena::Ship to_wire(const sim::Ship& ship, std::uint32_t tick) {
  const auto flags = static_cast<std::uint8_t>(bit(arena::ShipFlag::Alive, ship.alive) |
                                               bit(arena::ShipFlag::Shielded, sim::is_shielded(ship, tick)) |
                                               bit(arena::ShipFlag::Dashing, sim::is_dashing(ship, tick)));
  const auto held =
      static_cast<std::uint8_t>(bit(arena::Button::Fire, ship.held.fire) | bit(arena::Button::Rail, ship.held.rail) |
                                bit(arena::Button::Dash, ship.held.dash));
  return {ship.id,
          ship.position.x,
          ship.position.y,
          static_cast<std::int16_t>(ship.velocity.x),
          static_cast<std::int16_t>(ship.velocity.y),
          ship.held.aim,
          flags,
          static_cast<std::uint8_t>(ship.health),
          ship.held.thrust_x,
          ship.held.thrust_y,
          held,
          static_cast<std::uint16_t>(ship.energy),
          ship.energy_from_tick,
          ship.rapid_until_tick,
          ship.shield_until_tick,
          ship.respawn_tick,
          ship.fire_ready_tick,
          ship.rail_ready_tick,
          ship.dash_ready_tick,
          ship.fire_latch_tick,
          ship.rail_latch_tick,
          ship.dash_latch_tick};
}

arena::Shot to_wire(const sim::Shot& shot) {
  return {shot.id,
          shot.position.x,
          shot.position.y,
          static_cast<std::int16_t>(shot.velocity.x),
          static_cast<std::int16_t>(shot.velocity.y),
          shot.owner,
          static_cast<arena::Weapon>(shot.weapon),
          shot.end_tick};
}

arena::Pickup to_wire(const sim::Pickup& pickup) {
  return {pickup.id, static_cast<arena::PickupKind>(pickup.kind), pickup.ready_tick};
}

engine::Result<sim::Ship> read_ship(const arena::Ship& ship) {
  constexpr unsigned kFlags = 7;
  if (ship.id() == sim::kNobody) return engine::error("id is 0, which is nobody");
  if (const auto place = check_place(ship.x(), ship.y(), ship.vx(), ship.vy()); !place) return place.error();
  if (ship.flags() > kFlags) return engine::error("flags is {}, at most {}", ship.flags(), kFlags);
  if (ship.held() > kFlags) return engine::error("held is {}, at most {}", ship.held(), kFlags);
  if (ship.health() > sim::kHealthMax) return engine::error("health is {}, at most {}", ship.health(), sim::kHealthMax);
  if (ship.energy() > sim::kEnergyMax) return engine::error("energy is {}, at most {}", ship.energy(), sim::kEnergyMax);
  if (ship.thrust_x() == -128 || ship.thrust_y() == -128) return engine::error("thrust is -128, at least -127");
  const bool alive = (ship.flags() & static_cast<std::uint8_t>(arena::ShipFlag::Alive)) != 0;
  if (alive != (ship.health() > 0)) return engine::error("health is {} and flags say the opposite", ship.health());
  return sim::Ship{.id = ship.id(),
                   .alive = alive,
                   .health = ship.health(),
                   .position = {ship.x(), ship.y()},
                   .velocity = {ship.vx(), ship.vy()},
                   .held = {.thrust_x = ship.thrust_x(),
                            .thrust_y = ship.thrust_y(),
                            .aim = ship.aim(),
                            .fire = has(ship.held(), arena::Button::Fire),
                            .rail = has(ship.held(), arena::Button::Rail),
                            .dash = has(ship.held(), arena::Button::Dash)},
                   .energy = ship.energy(),
                   .energy_from_tick = ship.energy_from_tick(),
                   .rapid_until_tick = ship.rapid_until_tick(),
                   .shield_until_tick = ship.shield_until_tick(),
                   .respawn_tick = ship.respawn_tick(),
                   .fire_ready_tick = ship.fire_ready_tick(),
                   .rail_ready_tick = ship.rail_ready_tick(),
                   .dash_ready_tick = ship.dash_ready_tick(),
                   .fire_latch_tick = ship.fire_latch_tick(),
                   .rail_latch_tick = ship.rail_latch_tick(),
                   .dash_latch_tick = ship.dash_latch_tick()};
}

engine::Result<sim::Shot> read_shot(const arena::Shot& shot) {
  if (shot.id() == 0) return engine::error("id is 0");
  if (const auto place = check_place(shot.x(), shot.y(), shot.vx(), shot.vy()); !place) return place.error();
  const auto weapon = read_enum<sim::Weapon>(shot.weapon(), "weapon", arena::Weapon::Rapid);
  if (!weapon) return weapon.error();
  return sim::Shot{.id = shot.id(),
                   .owner = shot.owner(),
                   .weapon = *weapon,
                   .position = {shot.x(), shot.y()},
                   .velocity = {shot.vx(), shot.vy()},
                   .end_tick = shot.end_tick()};
}

engine::Result<sim::Pickup> read_pickup(const arena::Pickup& pickup) {
  const auto kind = read_enum<sim::PickupKind>(pickup.kind(), "kind");
  if (!kind) return kind.error();
  return sim::Pickup{.id = pickup.id(), .kind = *kind, .ready_tick = pickup.ready_tick()};
}

}  // namespace game::wire
