#include "game/sim/ship.hpp"

#include <algorithm>

#include "engine/core/rng.hpp"

namespace game::sim {
namespace {

// A ship advances at most half its radius before walls are looked at, so that it cannot get to the far side of one.
constexpr std::int32_t kStride = kShipRadius / 2;
constexpr int kWallPasses = 4;

struct Thrust {
  Vec acceleration;
  Vec direction_q14;
  bool on = false;
};

Thrust thrust_of(const Action& action) {
  const Vec stick{action.thrust_x, action.thrust_y};
  if (stick == Vec{}) return {};
  const std::int64_t size_squared = length_squared(stick);
  // 256ths: a stick is so short that whole steps would turn its direction.
  const std::int64_t size =
      std::max<std::int64_t>(engine::isqrt(static_cast<std::uint64_t>(size_squared) << 16), 127 << 8);
  const auto share = [size](std::int32_t of, std::int32_t whole) {
    return static_cast<std::int32_t>(engine::div_round(std::int64_t{whole} * of * 256, size));
  };
  return {{share(stick.x, kThrust), share(stick.y, kThrust)}, direction_q14(stick), true};
}

std::int32_t coasted(std::int32_t v) {
  const std::int32_t loss = (std::abs(v) + kCoastDivisor - 1) / kCoastDivisor;
  return v > 0 ? v - loss : v + loss;
}

void start_dash(Ship& ship, const Thrust& thrust, std::uint32_t tick) {
  if (ship.dash_latch_tick < tick || tick < ship.dash_ready_tick) return;
  ship.dash_latch_tick = 0;
  ship.dash_ready_tick = tick + kDashCooldownTicks;
  ship.velocity =
      thrust.on ? Vec{scale_q14(kDashSpeed, thrust.direction_q14.x), scale_q14(kDashSpeed, thrust.direction_q14.y)}
                : from_angle(ship.held.aim, kDashSpeed);
}

void accelerate(Ship& ship, const Thrust& thrust, std::uint32_t tick) {
  if (is_dashing(ship, tick)) return;
  const bool dash_ended = tick > 0 && is_dashing(ship, tick - 1);
  if (dash_ended && length_squared(ship.velocity) > square(kTopSpeed))
    ship.velocity = with_length(ship.velocity, kTopSpeed);
  if (thrust.on) {
    ship.velocity.x += thrust.acceleration.x - ship.velocity.x * kThrust / kTopSpeed;
    ship.velocity.y += thrust.acceleration.y - ship.velocity.y * kThrust / kTopSpeed;
  } else if (length_squared(ship.velocity) < square(kStandSpeed)) {
    ship.velocity = {};
  } else {
    ship.velocity = {coasted(ship.velocity.x), coasted(ship.velocity.y)};
  }
}

void move(Ship& ship, const Map& map, std::uint32_t tick) {
  const std::int32_t restitution = is_dashing(ship, tick) ? kWallRestitutionDash : kWallRestitution;
  const std::int32_t fastest = std::max(std::abs(ship.velocity.x), std::abs(ship.velocity.y));
  const std::int32_t strides = fastest / kStride + 1;
  for (std::int32_t i = 0; i < strides; ++i) {
    const Vec before = ship.position;
    const Vec v = ship.velocity;
    ship.position += {v.x * (i + 1) / strides - v.x * i / strides, v.y * (i + 1) / strides - v.y * i / strides};
    if (!resolve_walls(ship, map, restitution)) {
      ship.position = before;
      ship.velocity = {};
      return;
    }
  }
}

bool spend(Ship& ship, std::int32_t cost, std::uint32_t tick) {
  const std::int32_t energy = energy_at(ship, tick);
  if (energy < cost) return false;
  ship.energy = energy - cost;
  ship.energy_from_tick = tick + kEnergySilenceTicks;
  ship.shield_until_tick = std::min(ship.shield_until_tick, tick);
  return true;
}

// A function of (seed, player, tick): the shooter's client and the server scatter a shot alike.
engine::Angle scattered(engine::Angle aim, PlayerId player, const ShipContext& context) {
  engine::Rng rng(std::uint64_t{context.seed} << 32U | context.tick, player);
  return static_cast<engine::Angle>(aim + rng.between(-kSpread, kSpread));
}

bool wants(bool held, std::uint32_t latch_tick, std::uint32_t ready_tick, std::uint32_t tick) {
  return (held || latch_tick >= tick) && tick >= ready_tick;
}

Fired fire(Ship& ship, const ShipContext& context) {
  Fired fired;
  const std::uint32_t tick = context.tick;
  const bool rapid = has_rapid(ship, tick);
  const bool rails_only = context.mode == Mode::kInstarail;
  if (wants(ship.held.rail, ship.rail_latch_tick, ship.rail_ready_tick, tick) &&
      spend(ship, rails_only ? 0 : kRailEnergy, tick)) {
    fired.rail = true;
    fired.rail_direction = context.rail_aim.value_or(ship.held.aim);
    ship.rail_latch_tick = 0;
    ship.rail_ready_tick = tick + (rails_only ? kInstarailIntervalTicks : kRailIntervalTicks);
    // One gun at a time: a rail and a blaster shot in one tick would kill without an answer.
    ship.fire_ready_tick = std::max(ship.fire_ready_tick, tick + kBlasterIntervalTicks);
    push(ship, -from_angle(fired.rail_direction, kRailRecoil));
  }
  if (rails_only) return fired;
  if (wants(ship.held.fire, ship.fire_latch_tick, ship.fire_ready_tick, tick) &&
      spend(ship, rapid ? kRapidEnergy : kBlasterEnergy, tick)) {
    fired.shot = true;
    fired.shot_weapon = rapid ? Weapon::kRapid : Weapon::kBlaster;
    fired.shot_direction = scattered(context.fire_aim.value_or(ship.held.aim), ship.id, context);
    ship.fire_latch_tick = 0;
    ship.fire_ready_tick = tick + (rapid ? kRapidIntervalTicks : kBlasterIntervalTicks);
  }
  return fired;
}

}  // namespace

void press(Ship& ship, const Action& action, std::uint32_t tick) {
  if (action.fire && !ship.held.fire) ship.fire_latch_tick = tick + kEarlyPressTicks;
  if (action.rail && !ship.held.rail) ship.rail_latch_tick = tick + kEarlyPressTicks;
  if (action.dash && !ship.held.dash) ship.dash_latch_tick = tick + kEarlyPressTicks;
  ship.held = action;
}

void push(Ship& ship, Vec velocity) {
  ship.velocity += velocity;
  ship.velocity.x = std::clamp(ship.velocity.x, -kSpeedMax, kSpeedMax);
  ship.velocity.y = std::clamp(ship.velocity.y, -kSpeedMax, kSpeedMax);
}

bool resolve_walls(Ship& ship, const Map& map, std::int32_t restitution_q14) {
  for (int pass = 0; pass < kWallPasses; ++pass) {
    const auto contact = map.contact(ship.position, kShipRadius);
    if (!contact) return true;
    const Vec n = contact->normal_q14;
    ship.position += {scale_q14(contact->depth, n.x), scale_q14(contact->depth, n.y)};
    const auto approach = static_cast<std::int32_t>(dot(ship.velocity, n) / engine::kOneQ14);
    if (approach >= 0) continue;
    const std::int32_t turn = -approach - scale_q14(approach, restitution_q14);
    push(ship, {scale_q14(turn, n.x), scale_q14(turn, n.y)});
  }
  const auto left = map.contact(ship.position, kShipRadius);
  return !left || left->depth <= kShipRadius / 64;
}

Fired step_player(Ship& ship, const Action& action, const Map& map, const ShipContext& context) {
  press(ship, action, context.tick);
  if (!ship.alive) return {};
  if (context.tick % kOverhealDecayTicks == 0 && ship.health > kHealthFull) --ship.health;
  if (ships_stand_still(context.phase)) {
    ship.velocity = {};
    return {};
  }
  const Thrust thrust = thrust_of(action);
  start_dash(ship, thrust, context.tick);
  accelerate(ship, thrust, context.tick);
  move(ship, map, context.tick);
  return weapons_work(context.phase) ? fire(ship, context) : Fired{};
}

}  // namespace game::sim
