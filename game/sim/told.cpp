#include "game/sim/told.hpp"

#include <cstdint>
#include <cstdlib>
#include <span>

namespace game::sim {
namespace {

PlayerId if_seen(PlayerId id, const Sight& sight) { return sight.sees(id) ? id : kNobody; }

// 0 = +x, growing towards +y. Within an eighth of a turn of an axis the lesser of two lengths is below tan(22.5
// degrees) of the greater.
std::uint8_t octant_of(Vec way) {
  const std::int64_t x = std::abs(std::int64_t{way.x});
  const std::int64_t y = std::abs(std::int64_t{way.y});
  constexpr std::int64_t kTan = 41421;
  constexpr std::int64_t kOne = 100000;
  if (y * kOne <= x * kTan) return way.x >= 0 ? 0 : 4;
  if (x * kOne <= y * kTan) return way.y >= 0 ? 2 : 6;
  if (way.y >= 0) return way.x >= 0 ? 1 : 3;
  return way.x >= 0 ? 7 : 5;
}

}  // namespace

std::optional<Spawned> told(const Spawned& event, const Sight& sight) {
  return sight.sees(event.player) ? std::optional(event) : std::nullopt;
}

std::optional<Hit> told(const Hit& event, const Sight& sight) {
  const bool is_party = event.shooter == sight.viewer() || event.victim == sight.viewer();
  if (!is_party && !sight.sees(event.victim)) return std::nullopt;
  Hit out = event;
  if (!is_party) out.shooter = if_seen(event.shooter, sight);
  return out;
}

std::optional<Kill> told(const Kill& event, const Sight& sight) {
  const bool is_party = event.killer == sight.viewer() || event.victim == sight.viewer();
  Kill out = event;
  if (is_party) return out;
  if (!sight.sees(event.killer)) out.killer_health = 0;
  if (sight.sees(event.victim)) return out;
  out.is_unseen = true;
  out.killer_health = 0;
  out.at = {};
  return out;
}

std::optional<RailFired> told(const RailFired& event, const Sight& sight) {
  if (event.player == sight.viewer()) return event;
  RailFired out = event;
  const bool sees_shooter = sight.sees(event.player);
  const bool sees_end = event.met == kNobody || sight.sees(event.met);
  if (sees_shooter && sees_end) return out;
  const auto part = sight.seen_part(event.from, event.to);
  if (!sees_shooter) {
    if (!part) return std::nullopt;
    out.player = kNobody;
    out.from = part->from;
  }
  // A ship that is met out of sight has no place here: the beam ends with the screen, or at the muzzle.
  out.to = part ? part->to : out.from;
  out.hit_wall = event.hit_wall && part && part->ends;
  return out;
}

std::optional<PickupTaken> told(const PickupTaken& event, const Sight& sight) {
  PickupTaken out = event;
  out.player = if_seen(event.player, sight);
  return out;
}

Judged told_of(const Judged& event, const Sight& sight) {
  Judged out = event;
  out.target_count = 0;
  out.targets = {};
  for (const JudgedTarget& target : std::span(event.targets).first(event.target_count))
    if (sight.sees(target.player)) out.targets[out.target_count++] = target;
  if (!event.struck) out.victim = if_seen(event.victim, sight);
  return out;
}

std::optional<Heard> heard(HeardKind kind, Vec at, const Sight& sight) {
  const Vec way = at - sight.ear();
  const std::int64_t away_squared = length_squared(way);
  if (away_squared > square(kEarshot)) return std::nullopt;
  return Heard{.kind = kind, .octant = octant_of(way), .is_near = away_squared <= square(kEarshotNear)};
}

}  // namespace game::sim
