#include "game/bots/brain.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace game::bots {
namespace {

using sim::kUnit;
using sim::Vec;

constexpr std::int32_t kBlasterRange = 620 * kUnit;
constexpr std::int32_t kRailRangeMin = 360 * kUnit;
constexpr std::int32_t kThrust = 127;

engine::Angle angle_to(Vec from, Vec to) { return engine::atan2_angle(to.y - from.y, to.x - from.x); }

// Where the target will be when a shot gets there.
Vec lead(const sim::Ship& self, const Sighting& target) {
  const std::int32_t flight_ticks = distance(target.position, self.position) / sim::kShotSpeed;
  return target.position + Vec{target.velocity.x * flight_ticks, target.velocity.y * flight_ticks};
}

// Half the angle under which something of this radius is seen; small angles, so the tangent is the angle.
std::int32_t half_width(std::int32_t radius, std::int32_t away) {
  constexpr std::int64_t kAnglesPerRadian = 10430;
  return static_cast<std::int32_t>(kAnglesPerRadian * radius / std::max(away, radius));
}

// A client's view is old: its own ship has flown on since.
sim::Ship by_now(const sim::Ship& ship, std::uint32_t seen_tick, std::uint32_t tick) {
  constexpr std::uint32_t kTicksMax = 30;
  const std::uint32_t age = tick > seen_tick + 1 ? std::min(tick - seen_tick - 1, kTicksMax) : 0;
  const auto n = static_cast<std::int32_t>(age);
  sim::Ship now = ship;
  now.position += Vec{ship.velocity.x * n, ship.velocity.y * n};
  return now;
}

void thrust_along(Vec direction, sim::Action& action) {
  if (direction == Vec{}) return;
  const Vec thrust = sim::with_length(direction, kThrust);
  action.thrust_x = static_cast<std::int8_t>(thrust.x);
  action.thrust_y = static_cast<std::int8_t>(thrust.y);
}

}  // namespace

Brain::Brain(int level, std::uint64_t seed, std::shared_ptr<const NavGrid> grid)
    : skill_(skill_of(level)),
      rng_(seed),
      grid_(std::move(grid)),
      senses_(skill_.reaction_ticks),
      aimer_(skill_),
      pilot_(skill_, grid_) {}

sim::Action Brain::think(const sim::PlayerView& view, sim::PlayerId self_id, std::uint32_t tick) {
  sim::Action action;
  action.aim = aimer_.angle();
  const sim::Ship* seen = view.ship(self_id);
  if (seen == nullptr || !seen->alive) {
    was_alive_ = false;
    return action;
  }
  const sim::Ship self = by_now(*seen, view.tick, tick);
  if (!std::exchange(was_alive_, true)) {
    pilot_.forget();
    target_ = sim::kNobody;
  }
  senses_.notice(view, self_id, tick);
  const Sighting* target = choose_target(self);
  const Course course = pilot_.steer(view, self, senses_, target, tick, rng_);
  thrust_along(course.direction, action);
  const bool can_dash = course.dash && tick >= self.dash_ready_tick && !dashed_;
  action.dash = dashed_ = can_dash;
  if (target != nullptr) {
    aim_and_fire(view.mode, self, *target, tick, action);
  } else {
    look_around(self, course.direction, action);
  }
  return action;
}

// The easiest in the line of sight: near, weak, and rather the one it is at already.
const Sighting* Brain::choose_target(const sim::Ship& self) {
  const Sighting* best = nullptr;
  std::int32_t best_effort = std::numeric_limits<std::int32_t>::max();
  for (const Sighting& enemy : senses_.enemies()) {
    std::int32_t effort = distance(enemy.position, self.position) + enemy.health * kUnit;
    if (enemy.id == target_) effort -= 120 * kUnit;
    if (enemy.shielded) effort += 300 * kUnit;
    if (effort >= best_effort) continue;
    if (!grid_->map().is_clear(self.position, enemy.position, sim::kRailRadius)) continue;
    best = &enemy;
    best_effort = effort;
  }
  target_ = best != nullptr ? best->id : sim::kNobody;
  return best;
}

void Brain::aim_and_fire(sim::Mode mode, const sim::Ship& self, const Sighting& target, std::uint32_t tick,
                         sim::Action& action) {
  const std::int32_t away = distance(target.position, self.position);
  const std::int32_t energy = sim::energy_at(self, tick);
  // A rail for the far ones, and to finish those that it would kill; never the last energy in a fight at close
  // quarters.
  const bool finishes = target.health <= sim::kRailDamage;
  const std::int32_t reserve = finishes ? 0 : 6 * sim::kBlasterEnergy;
  const std::int32_t nearest = sim::has_rapid(self, tick) ? kBlasterRange
                               : finishes                 ? kRailRangeMin * 2 / 3
                                                          : kRailRangeMin;
  const bool rails_only = mode == sim::Mode::kInstarail;
  const bool worth_it = rails_only || (energy >= sim::kRailEnergy + reserve && away >= nearest);
  const bool rail = worth_it && tick >= self.rail_ready_tick && away <= sim::kRailRange && !target.shielded;
  const Vec aim_at = rail || rails_only ? target.position : lead(self, target);
  const engine::Angle wanted = angle_to(self.position, aim_at);
  action.aim = aimer_.turn(wanted, rng_);
  const std::int32_t off = aimer_.distance_to(wanted);
  action.rail = rail && off <= half_width(sim::kShipRadius, away);
  action.fire = !rails_only && away <= kBlasterRange && off <= half_width(sim::kShipRadius + sim::kShotRadius, away) &&
                grid_->map().is_clear(self.position, aim_at, sim::kShotRadius) && !target.shielded;
}

void Brain::look_around(const sim::Ship& self, Vec heading, sim::Action& action) {
  // With nobody in sight: towards the nearest that it knows of, else where it goes.
  const Sighting* nearest = nullptr;
  for (const Sighting& enemy : senses_.enemies()) {
    if (nearest == nullptr || distance(enemy.position, self.position) < distance(nearest->position, self.position))
      nearest = &enemy;
  }
  if (nearest != nullptr) {
    action.aim = aimer_.turn(angle_to(self.position, nearest->position), rng_);
  } else if (heading != Vec{}) {
    action.aim = aimer_.turn(engine::atan2_angle(heading.y, heading.x), rng_);
  }
}

}  // namespace game::bots
