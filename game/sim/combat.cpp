#include "game/sim/combat.hpp"

#include <algorithm>
#include <array>

#include "engine/core/assert.hpp"
#include "game/sim/rewind.hpp"
#include "game/sim/sight.hpp"

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
  note_encounter(state, shooter.id(), victim.id());
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

// What a ship that has died, or lives another life, since it was shown does to a shot at it.
enum class Gone : std::uint8_t { kStops, kLetsPass };

// The first target, but the owner and its mates, that a circle meets on its path, or null; `covered` becomes the
// fraction of the path at which it is nearest to that target.
const Target* first_hit(const State& state, const Targets& targets, const Player& owner, Vec from, Vec by,
                        std::int32_t radius, Gone gone, std::int32_t& covered) {
  const std::int64_t reach_squared = square(radius + kShipRadius);
  const std::int64_t path_squared = std::max<std::int64_t>(length_squared(by), 1);
  const std::int32_t reach = radius + kShipRadius;
  const Vec lo{std::min(from.x, from.x + by.x) - reach, std::min(from.y, from.y + by.y) - reach};
  const Vec hi{std::max(from.x, from.x + by.x) + reach, std::max(from.y, from.y + by.y) + reach};
  const Target* first = nullptr;
  for (const Target& target : targets) {
    const Vec center = target.at;
    if (center.x < lo.x || center.x > hi.x || center.y < lo.y || center.y > hi.y) continue;
    const Player& player = state.players[target.player];
    if (player.id() == owner.id() || are_mates(player, owner)) continue;
    if (gone == Gone::kLetsPass && !is_there(state, target)) continue;
    const std::int64_t ahead = std::clamp<std::int64_t>(dot(center - from, by), 0, path_squared);
    const auto nearest = static_cast<std::int32_t>(ahead * kWholePath / path_squared);
    if (nearest > covered || (first != nullptr && nearest == covered)) continue;
    if (length_squared(center - along(from, by, nearest)) >= reach_squared) continue;
    covered = nearest;
    first = &target;
  }
  return first;
}

// Where a circle that just touches a ship was when it did, near enough for sparks: on the ship's edge towards `from`.
Vec edge_of(Vec ship, Vec from) {
  const Vec towards = direction_q14(from - ship);
  return ship + Vec{scale_q14(kShipRadius, towards.x), scale_q14(kShipRadius, towards.y)};
}

ViewTime view_of_shot(const State& state, const Player& shooter, const Press& press) {
  return bounded_view(state, press.tick == state.tick ? press.view : shooter.view);
}

std::int64_t distance_squared(Vec point, Vec from, Vec by) {
  const std::int64_t path_squared = std::max<std::int64_t>(length_squared(by), 1);
  const std::int64_t ahead = std::clamp<std::int64_t>(dot(point - from, by), 0, path_squared);
  return length_squared(point - along(from, by, static_cast<std::int32_t>(ahead * kWholePath / path_squared)));
}

// The targets nearest to a beam, the nearest first.
void tell_targets(const State& state, const Targets& targets, PlayerId shooter, Vec from, Vec by, Judged& out) {
  std::array<std::int64_t, kJudgedTargetsMax> distances{};
  for (const Target& target : targets) {
    const PlayerId id = state.players[target.player].id();
    if (id == shooter) continue;
    const std::int64_t distance = distance_squared(target.at, from, by);
    std::size_t at = out.target_count;
    if (at == kJudgedTargetsMax && distance >= distances.back()) continue;
    if (at == kJudgedTargetsMax) --at;
    for (; at > 0 && distances[at - 1] > distance; --at) {
      distances[at] = distances[at - 1];
      out.targets[at] = out.targets[at - 1];
    }
    distances[at] = distance;
    out.targets[at] = {id, target.at};
    out.target_count = static_cast<std::uint8_t>(std::min<std::size_t>(out.target_count + 1U, kJudgedTargetsMax));
  }
}

// Strikes the target that a shot meets first in this tick of its flight, if it meets one.
bool strike_first(State& state, const Map& map, Player& owner, const Shot& shot, const Targets& targets,
                  std::vector<Event>& events) {
  std::int32_t covered = state.tick >= shot.end_tick ? map.cast(shot.position, shot.velocity, kShotRadius) : kWholePath;
  const Target* victim =
      first_hit(state, targets, owner, shot.position, shot.velocity, kShotRadius, Gone::kLetsPass, covered);
  if (victim == nullptr) return false;
  strike(state, owner, state.players[victim->player],
         {shot.weapon, damage_of(shot.weapon), direction_q14(shot.velocity), edge_of(victim->at, shot.position)},
         events);
  return true;
}

}  // namespace

void fire_rails(State& state, const Map& map, std::span<const Fired> fired, std::vector<Event>& events) {
  struct Rail {
    std::uint16_t shooter;
    Target victim;
    Blow blow;
  };
  const std::int32_t damage = state.options.mode == Mode::kInstarail ? kHealthMax : kRailDamage;
  std::array<Rail, kPlayersMax> hits;
  std::size_t hit_count = 0;
  for (std::size_t i = 0; i < state.players.size(); ++i) {
    if (!fired[i].rail) continue;
    Player& shooter = state.players[i];
    ++shooter.shots_fired;
    const ViewTime view = view_of_shot(state, shooter, shooter.rail_press);
    const Targets targets = targets_at(state, view);
    // From where it was when the trigger was pressed: late hands aimed from there.
    const bool is_late = shooter.rail_press.tick == state.tick;
    const Vec from = place_ago(state, shooter, is_late ? shooter.rail_press.ticks_late : 0);
    const Vec by = from_angle(fired[i].rail_direction, kRailRange);
    const std::int32_t wall = map.cast(from, by, kRailRadius);
    std::int32_t covered = wall;
    const Target* victim = first_hit(state, targets, shooter, from, by, kRailRadius, Gone::kStops, covered);
    const Vec to = victim != nullptr ? edge_of(victim->at, from) : along(from, by, covered);
    events.emplace_back(RailFired{.player = shooter.id(),
                                  .from = from,
                                  .to = to,
                                  .hit_wall = victim == nullptr && wall != kWholePath,
                                  .met = victim != nullptr ? state.players[victim->player].id() : kNobody});
    Judged judged{.shooter = shooter.id(), .tick = state.tick, .view = view};
    tell_targets(state, targets, shooter.id(), from, by, judged);
    if (victim != nullptr) {
      judged.victim = state.players[victim->player].id();
      judged.struck = is_there(state, *victim);
      hits[hit_count++] = {static_cast<std::uint16_t>(i), *victim, {Weapon::kRail, damage, direction_q14(by), to}};
    }
    events.emplace_back(judged);
  }
  for (const Rail& hit : std::span(hits).first(hit_count)) {
    if (is_there(state, hit.victim))
      strike(state, state.players[hit.shooter], state.players[hit.victim.player], hit.blow, events);
  }
}

Shot make_shot(const Ship& shooter, const Fired& fired, std::uint32_t tick, const Map& map) {
  const Vec from = shooter.position;
  const Vec velocity = from_angle(fired.shot_direction, kShotSpeed);
  const Vec path{velocity.x * static_cast<std::int32_t>(kShotFlightTicks),
                 velocity.y * static_cast<std::int32_t>(kShotFlightTicks)};
  const std::int64_t ticks_q16 = std::int64_t{map.cast(from, path, kShotRadius)} * kShotFlightTicks;
  const auto flight_ticks =
      static_cast<std::uint32_t>(std::max<std::int64_t>((ticks_q16 + kWholePath - 1) / kWholePath, 1));
  return {.owner = shooter.id,
          .weapon = fired.shot_weapon,
          .position = from,
          .velocity = velocity,
          .end_tick = tick + flight_ticks - 1};
}

void launch_shots(State& state, const Map& map, std::span<const Fired> fired, std::vector<Event>& events) {
  for (std::size_t i = 0; i < state.players.size(); ++i) {
    if (!fired[i].shot) continue;
    ENGINE_ASSERT(state.shots.size() < kShotsMax, "a ship outshoots its rate of fire");
    Player& shooter = state.players[i];
    ++shooter.shots_fired;
    Shot shot = make_shot(shooter.ship, fired[i], state.tick, map);
    shot.id = state.next_shot_id;
    if (++state.next_shot_id == 0) state.next_shot_id = 1;
    const ViewTime view = view_of_shot(state, shooter, shooter.fire_press);
    if (view.tick != 0 && strike_first(state, map, shooter, shot, targets_at(state, view), events)) continue;
    // At the end, but for the shots that were fired before the ids began anew.
    const auto at = std::upper_bound(state.shots.begin(), state.shots.end(), shot.id,
                                     [](std::uint16_t id, const Shot& other) { return id < other.id; });
    state.shots.insert(at, shot);
  }
}

void fly_shots(State& state, const Map& map, std::vector<Event>& events) {
  const Targets targets = targets_at(state, {});
  auto kept = state.shots.begin();
  for (const Shot& shot : state.shots) {
    Player& owner = *find_player(state, shot.owner);  // in the match: its shots leave with it
    if (strike_first(state, map, owner, shot, targets, events) || state.tick >= shot.end_tick) continue;
    *kept = shot;
    kept->position += shot.velocity;
    ++kept;
  }
  state.shots.erase(kept, state.shots.end());
}

}  // namespace game::sim
