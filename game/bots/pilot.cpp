#include "game/bots/pilot.hpp"

#include <algorithm>
#include <cstdlib>

namespace game::bots {
namespace {

using sim::kUnit;
using sim::Vec;

constexpr std::int32_t kRetreatHealth = 35;
constexpr std::int32_t kFightRange = 180 * kUnit;
constexpr std::int32_t kFightRangeSlack = 60 * kUnit;
constexpr std::int32_t kFeelers = 70 * kUnit;      // how far ahead it looks for walls
constexpr std::int32_t kElbowRoom = 60 * kUnit;    // nearer to another ship it makes way: a blow turns both aims
constexpr std::int32_t kElbowTicks = 22;           // ... or as near as it will be in so many
constexpr std::int32_t kDangerWidth = 30 * kUnit;  // a shot that passes nearer is dangerous
constexpr std::int64_t kDangerTicks = 24;
constexpr std::uint32_t kMemoryTicks = 240;
// It side-steps one way for so long: shorter, and no shot that leads a target would ever meet it.
constexpr std::int32_t kStrafeTicksMin = 24;
constexpr std::int32_t kStrafeTicksMax = 72;

Vec across(Vec v, std::int32_t side) { return {-v.y * side, v.x * side}; }
Vec scaled(Vec direction_q14, std::int32_t length) {
  return {sim::scale_q14(length, direction_q14.x), sim::scale_q14(length, direction_q14.y)};
}

bool is_free(const sim::Map& map, Vec from, Vec direction, std::int32_t length) {
  return map.cast(from, sim::with_length(direction, length), sim::kShipRadius) == sim::kWholePath;
}

// How many u of way a pickup is worth to this ship.
std::int32_t worth(const sim::Ship& self, sim::PickupKind kind) {
  switch (kind) {
    case sim::PickupKind::kHealth:
      return std::max(sim::kHealthFull - self.health, 0) * 9;
    case sim::PickupKind::kRapid:
      return 550;
    case sim::PickupKind::kMega:
      break;
  }
  return self.health < sim::kHealthMax - 30 ? 800 : 0;
}

}  // namespace

void Pilot::forget() { roam_until_tick_ = strafe_until_tick_ = 0; }

Course Pilot::steer(const sim::PlayerView& view, const sim::Ship& self, const Senses& senses, const Sighting* target,
                    std::uint32_t tick, engine::Rng& rng) {
  Course course;
  if (dodge(self, senses, rng, course)) return course;
  const bool hurt = self.health < kRetreatHealth;
  if (const sim::Pickup* pickup = wanted_pickup(view, self, target != nullptr, tick)) {
    course = follow(self, grid_->map().pads()[pickup->id].at);
    course.dash = hurt;
    return course;
  }
  if (target == nullptr) {
    course = search(self, senses, tick, rng);
  } else {
    course = hurt ? flee(self, *target) : fight(self, *target, tick, rng);
  }
  // Where there are only rails, nearness is of no use.
  if (view.mode == sim::Mode::kInstarail) make_way(self, senses, course);
  return course;
}

// Round whoever is in the way, rather than into him.
void Pilot::make_way(const sim::Ship& self, const Senses& senses, Course& course) const {
  for (const Sighting& other : senses.enemies()) {
    const Vec apart = self.position - other.position;
    const std::int32_t away = distance(self.position, other.position);
    if (away == 0) continue;
    const auto closing = static_cast<std::int32_t>(-sim::dot(self.velocity - other.velocity, apart) / away);
    if (closing <= 0 || away >= kElbowRoom + closing * kElbowTicks) continue;
    const std::int32_t side = sim::dot(across(apart, 1), self.velocity) >= 0 ? 1 : -1;
    const Vec round = across(sim::direction_q14(apart), side) + sim::direction_q14(apart);
    if (is_free(grid_->map(), self.position, round, kFeelers / 2)) course.direction = round;
    return;
  }
}

bool Pilot::dodge(const sim::Ship& self, const Senses& senses, engine::Rng& rng, Course& course) {
  for (const sim::Shot& shot : senses.shots()) {
    const Vec to_self = self.position - shot.position;
    const std::int64_t speed_squared = std::max<std::int64_t>(sim::length_squared(shot.velocity), 1);
    const std::int64_t ticks = sim::dot(to_self, shot.velocity) / speed_squared;
    if (ticks < 0 || ticks > kDangerTicks) continue;
    const auto n = static_cast<std::int32_t>(ticks);
    const Vec miss = to_self - Vec{shot.velocity.x * n, shot.velocity.y * n};
    if (sim::length_squared(miss) > sim::square(kDangerWidth)) continue;
    if (shot.id != judged_shot_) {
      judged_shot_ = shot.id;
      avoids_shot_ = rng.below(100) < skill_.dodge_percent;
    }
    if (!avoids_shot_) return false;
    const std::int32_t side = sim::dot(across(shot.velocity, 1), miss) >= 0 ? 1 : -1;
    course.direction = across(shot.velocity, side);
    if (!is_free(grid_->map(), self.position, course.direction, kFeelers / 2)) course.direction = -course.direction;
    course.dash = skill_.dashes_from_shots && ticks < 8;
    return true;
  }
  return false;
}

const sim::Pickup* Pilot::wanted_pickup(const sim::PlayerView& view, const sim::Ship& self, bool fighting,
                                        std::uint32_t tick) const {
  const sim::Pickup* best = nullptr;
  std::int32_t best_gain = 0;
  const auto pads = grid_->map().pads();
  for (const sim::Pickup& pickup : view.pickups) {
    if (pickup.id >= pads.size()) continue;
    const std::int32_t way = distance(self.position, pads[pickup.id].at);
    const auto arrival = tick + static_cast<std::uint32_t>(way / sim::kTopSpeed);
    const bool called = pickup.kind == sim::PickupKind::kMega && skill_.times_the_mega;
    if (pickup.ready_tick > arrival + (called ? sim::kMegaCallTicks / 2 : 20)) continue;
    std::int32_t value = worth(self, pickup.kind);
    if (fighting && self.health >= kRetreatHealth) value /= 2;
    const std::int32_t gain = value * kUnit - way;
    if (gain <= best_gain) continue;
    best_gain = gain;
    best = &pickup;
  }
  return best;
}

Course Pilot::follow(const sim::Ship& self, Vec goal) {
  route_.set_goal(goal);
  return {.direction = route_.waypoint_from(self.position) - self.position};
}

// To the place for coming in that is farthest from the enemy and not beyond it.
Course Pilot::flee(const sim::Ship& self, const Sighting& from) {
  Vec best = self.position;
  std::int32_t best_gain = -(1 << 30);
  for (const Vec place : grid_->map().spawns()) {
    const std::int32_t gain = 2 * distance(place, from.position) - 3 * distance(place, self.position);
    if (gain <= best_gain || distance(place, self.position) < 100 * kUnit) continue;
    best_gain = gain;
    best = place;
  }
  Course course = follow(self, best);
  course.dash = distance(self.position, from.position) < 300 * kUnit;
  return course;
}

Course Pilot::fight(const sim::Ship& self, const Sighting& target, std::uint32_t tick, engine::Rng& rng) {
  const sim::Map& map = grid_->map();
  const Vec towards = sim::direction_q14(target.position - self.position);
  if (tick >= strafe_until_tick_) {
    strafe_side_ = rng.below(2) == 0 ? -1 : 1;
    strafe_until_tick_ = tick + static_cast<std::uint32_t>(rng.between(kStrafeTicksMin, kStrafeTicksMax));
  }
  if (!is_free(map, self.position, across(towards, strafe_side_), kFeelers)) {
    strafe_side_ = -strafe_side_;
    strafe_until_tick_ = tick + 30;
  }
  const bool tired = sim::energy_at(self, tick) < 2 * sim::kBlasterEnergy;
  const std::int32_t range = tired ? 2 * kFightRange : kFightRange;
  const std::int32_t gap = distance(target.position, self.position) - range;
  std::int32_t approach = 0;
  if (gap > kFightRangeSlack) approach = engine::kOneQ14;
  if (gap < -kFightRangeSlack) approach = -engine::kOneQ14;
  Vec direction = across(towards, strafe_side_) + scaled(towards, approach);
  if (!is_free(map, self.position, direction, kFeelers / 2))
    direction = approach > 0 ? towards : across(towards, strafe_side_);
  return {.direction = direction};
}

Course Pilot::search(const sim::Ship& self, const Senses& senses, std::uint32_t tick, engine::Rng& rng) {
  const Sighting* nearest = senses.remembered(tick, kMemoryTicks);
  for (const Sighting& enemy : senses.enemies()) {
    if (nearest == nullptr || distance(enemy.position, self.position) < distance(nearest->position, self.position))
      nearest = &enemy;
  }
  if (nearest != nullptr && self.health >= kRetreatHealth) return follow(self, nearest->position);
  const bool arrived = distance(self.position, roam_goal_) < 60 * kUnit;
  if (tick >= roam_until_tick_ || arrived) {
    const auto spawns = grid_->map().spawns();
    const auto pads = grid_->map().pads();
    const auto choice = rng.below(static_cast<std::uint32_t>(spawns.size() + 2 * pads.size()));
    roam_goal_ = choice < spawns.size() ? spawns[choice] : pads[(choice - spawns.size()) / 2].at;
    roam_until_tick_ = tick + 360;
  }
  return follow(self, roam_goal_);
}

}  // namespace game::bots
