#include "game/sim/combat.hpp"

#include <algorithm>
#include <array>

#include "engine/core/assert.hpp"

namespace game::sim {
namespace {

struct Blow {
  Weapon weapon = Weapon::kBlaster;
  std::int32_t damage = 0;
  Vec direction_q14;
  Vec at{};
};

std::int32_t damage_of(Weapon weapon) {
  switch (weapon) {
    case Weapon::kBlaster:
      return kBlasterDamage;
    case Weapon::kRapid:
      return kRapidDamage;
    case Weapon::kRail:
      break;
  }
  return kRailDamage;
}

void kill(State& state, Player& killer, Player& victim, const Blow& blow, std::vector<Event>& events) {
  victim.ship.alive = false;
  victim.ship.health = 0;
  victim.ship.velocity = {};
  victim.ship.rapid_until_tick = 0;
  victim.ship.shield_until_tick = 0;
  victim.ship.respawn_tick = state.tick + kRespawnTicks;
  victim.ship.fire_latch_tick = victim.ship.rail_latch_tick = victim.ship.dash_latch_tick = 0;

  const bool revenge = killer.nemesis == victim.id();
  if (revenge) killer.nemesis = kNobody;
  victim.nemesis = killer.id();
  victim.streak = 0;
  ++killer.streak;
  killer.best_streak = std::max(killer.best_streak, killer.streak);
  if (kills_count(state.flow.phase)) {
    ++killer.score;
    if (killer.team != kNoTeam) ++state.flow.team_scores[killer.team - 1U];
    ++victim.deaths;
    if (blow.weapon == Weapon::kRail) ++killer.rail_kills;
  }
  events.emplace_back(Kill{.killer = killer.id(),
                           .victim = victim.id(),
                           .weapon = blow.weapon,
                           .killer_health = killer.ship.health,
                           .streak = killer.streak,
                           .revenge = revenge,
                           .at = victim.ship.position});
}

void strike(State& state, Player& shooter, Player& victim, const Blow& blow, std::vector<Event>& events) {
  const bool shielded = is_shielded(victim.ship, state.tick);
  const std::int32_t damage = shielded ? 0 : std::min(blow.damage, victim.ship.health);
  ++shooter.shots_hit;
  victim.ship.health -= damage;
  push(victim.ship, {scale_q14(kKnockback, blow.direction_q14.x), scale_q14(kKnockback, blow.direction_q14.y)});
  events.emplace_back(Hit{.shooter = shooter.id(),
                          .victim = victim.id(),
                          .weapon = blow.weapon,
                          .damage = damage,
                          .shielded = shielded,
                          .at = blow.at});
  if (victim.ship.health == 0) kill(state, shooter, victim, blow, events);
}

// The first living ship, but the owner's and its mates', that a circle meets on its path, or null; `covered` becomes
// the fraction of the path at which it is nearest to that ship.
Player* first_hit(State& state, const Player& owner, Vec from, Vec by, std::int32_t radius, std::int32_t& covered) {
  const std::int64_t reach_squared = square(radius + kShipRadius);
  const std::int64_t path_squared = std::max<std::int64_t>(length_squared(by), 1);
  const std::int32_t reach = radius + kShipRadius;
  const Vec lo{std::min(from.x, from.x + by.x) - reach, std::min(from.y, from.y + by.y) - reach};
  const Vec hi{std::max(from.x, from.x + by.x) + reach, std::max(from.y, from.y + by.y) + reach};
  Player* first = nullptr;
  for (Player& player : state.players) {
    const Vec center = player.ship.position;
    if (center.x < lo.x || center.x > hi.x || center.y < lo.y || center.y > hi.y) continue;
    if (!player.ship.alive || player.id() == owner.id() || are_mates(player, owner)) continue;
    const std::int64_t ahead = std::clamp<std::int64_t>(dot(center - from, by), 0, path_squared);
    const auto nearest = static_cast<std::int32_t>(ahead * kWholePath / path_squared);
    if (nearest > covered || (first != nullptr && nearest == covered)) continue;
    if (length_squared(center - along(from, by, nearest)) >= reach_squared) continue;
    covered = nearest;
    first = &player;
  }
  return first;
}

// Where a circle that just touches a ship was when it did, near enough for sparks: on the ship's edge towards `from`.
Vec edge_of(const Ship& ship, Vec from) {
  const Vec towards = direction_q14(from - ship.position);
  return ship.position + Vec{scale_q14(kShipRadius, towards.x), scale_q14(kShipRadius, towards.y)};
}

}  // namespace

void fire_rails(State& state, const Map& map, std::span<const Fired> fired, std::vector<Event>& events) {
  struct Rail {
    std::uint16_t shooter;
    std::uint16_t victim;
    Blow blow;
  };
  const std::int32_t damage = state.options.mode == Mode::kInstarail ? kHealthMax : kRailDamage;
  std::array<Rail, kPlayersMax> hits;
  std::size_t hit_count = 0;
  for (std::size_t i = 0; i < state.players.size(); ++i) {
    if (!fired[i].rail) continue;
    Player& shooter = state.players[i];
    ++shooter.shots_fired;
    const Vec from = shooter.ship.position;
    const Vec by = from_angle(shooter.ship.held.aim, kRailRange);
    const std::int32_t wall = map.cast(from, by, kRailRadius);
    std::int32_t covered = wall;
    Player* victim = first_hit(state, shooter, from, by, kRailRadius, covered);
    const Vec to = victim != nullptr ? edge_of(victim->ship, from) : along(from, by, covered);
    events.emplace_back(RailFired{shooter.id(), from, to, victim == nullptr && wall != kWholePath});
    if (victim == nullptr) continue;
    hits[hit_count++] = {static_cast<std::uint16_t>(i),
                         static_cast<std::uint16_t>(victim - state.players.data()),
                         {Weapon::kRail, damage, direction_q14(by), to}};
  }
  for (const Rail& hit : std::span(hits).first(hit_count)) {
    Player& victim = state.players[hit.victim];
    if (victim.ship.alive) strike(state, state.players[hit.shooter], victim, hit.blow, events);
  }
}

void launch_shots(State& state, const Map& map, std::span<const Fired> fired) {
  for (std::size_t i = 0; i < state.players.size(); ++i) {
    if (!fired[i].shot) continue;
    ENGINE_ASSERT(state.shots.size() < kShotsMax, "a ship outshoots its rate of fire");
    Player& shooter = state.players[i];
    ++shooter.shots_fired;
    const Vec from = shooter.ship.position;
    const Vec velocity = from_angle(fired[i].shot_direction, kShotSpeed);
    const Vec path{velocity.x * static_cast<std::int32_t>(kShotFlightTicks),
                   velocity.y * static_cast<std::int32_t>(kShotFlightTicks)};
    const std::int64_t ticks_q16 = std::int64_t{map.cast(from, path, kShotRadius)} * kShotFlightTicks;
    const auto flight_ticks =
        static_cast<std::uint32_t>(std::max<std::int64_t>((ticks_q16 + kWholePath - 1) / kWholePath, 1));
    const Shot shot{.id = state.next_shot_id,
                    .owner = shooter.id(),
                    .weapon = fired[i].shot_weapon,
                    .position = from,
                    .velocity = velocity,
                    .end_tick = state.tick + flight_ticks - 1};
    // At the end, but for the shots that were fired before the ids began anew.
    const auto at = std::upper_bound(state.shots.begin(), state.shots.end(), shot.id,
                                     [](std::uint16_t id, const Shot& other) { return id < other.id; });
    state.shots.insert(at, shot);
    if (++state.next_shot_id == 0) state.next_shot_id = 1;
  }
}

void fly_shots(State& state, const Map& map, std::vector<Event>& events) {
  auto kept = state.shots.begin();
  for (const Shot& shot : state.shots) {
    const bool last = state.tick >= shot.end_tick;
    const std::int32_t open = last ? map.cast(shot.position, shot.velocity, kShotRadius) : kWholePath;
    std::int32_t covered = open;
    Player& owner = *find_player(state, shot.owner);  // in the match: its shots leave with it
    Player* victim = first_hit(state, owner, shot.position, shot.velocity, kShotRadius, covered);
    if (victim != nullptr) {
      strike(state, owner, *victim,
             {shot.weapon, damage_of(shot.weapon), direction_q14(shot.velocity), edge_of(victim->ship, shot.position)},
             events);
    } else if (!last) {
      *kept = shot;
      kept->position += shot.velocity;
      ++kept;
    }
  }
  state.shots.erase(kept, state.shots.end());
}

}  // namespace game::sim
