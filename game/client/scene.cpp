#include "game/client/scene.hpp"

#include <algorithm>
#include <cmath>

#include "game/sim/tuning.hpp"

namespace game::client {
namespace {

/// Farther between two snapshots is no flight but another place.
constexpr float kJumpUnits = 240;

std::uint32_t period_of(sim::PickupKind kind) {
  switch (kind) {
    case sim::PickupKind::kHealth:
      return sim::kHealthPeriodTicks;
    case sim::PickupKind::kRapid:
      return sim::kRapidPeriodTicks;
    case sim::PickupKind::kMega:
      break;
  }
  return sim::kMegaPeriodTicks;
}

SceneShip base_of(const SceneSources& sources, const sim::Ship& ship, std::uint32_t tick) {
  SceneShip out{
      .id = ship.id,
      .at = units(ship.position),
      .velocity = units(ship.velocity),
      .aim = radians(ship.held.aim),
      .thrust = Point{static_cast<float>(ship.held.thrust_x), static_cast<float>(ship.held.thrust_y)} * (1.0F / 127),
      .health = ship.health};
  out.is_own = ship.id == sources.self;
  out.is_shielded = is_shielded(ship, tick);
  out.is_dashing = is_dashing(ship, tick);
  out.has_rapid = has_rapid(ship, tick);
  if (const PlayerRow* row = sources.roster.find(ship.id)) {
    out.name = row->name;
    out.team = row->team;
  }
  const bool is_mate = sources.roster.match().has_teams() && sources.roster.team(sources.self) == out.team;
  out.is_foe = !out.is_own && !is_mate;
  out.color = side_color(sources.colors, sources.roster, ship.id, sources.self);
  return out;
}

void add_ships(const SceneSources& sources, const Timeline::Pair& pair, Scene& out) {
  for (const sim::Ship& after : pair.after->ships) {
    if (sources.own != nullptr && sources.own->is_known() && after.id == sources.self) continue;
    const sim::Ship* before = pair.before->ship(after.id);
    // Who dies on the way is there until then; who comes in, or into sight, comes in with the later snapshot. Who goes
    // out of sight is gone at once: that is outside of the picture.
    if (before == nullptr || !before->alive) continue;
    SceneShip ship = base_of(sources, *before, pair.before->tick);
    const Point to = units(after.position);
    if (!pair.is_between()) {
      // Nothing newer has come: it goes on as it went.
      ship.at = ship.at + ship.velocity * static_cast<float>(pair.ticks_beyond);
    } else if (after.alive && length(to - ship.at) < kJumpUnits) {
      ship.at = mix(ship.at, to, pair.share);
      ship.velocity = mix(ship.velocity, units(after.velocity), pair.share);
      ship.aim = mix_angle(ship.aim, radians(after.held.aim), pair.share);
    }
    ship.is_leader = ship.id == out.flow.leader;
    out.ships.push_back(ship);
  }
}

void add_own(const SceneSources& sources, Scene& out) {
  if (sources.own == nullptr || !sources.own->is_known() || !sources.own->ship().alive) return;
  SceneShip ship = base_of(sources, sources.own->ship(), sources.own->tick());
  ship.at = sources.own_at;
  ship.is_leader = ship.id == out.flow.leader;
  out.ships.push_back(ship);
}

void add_shots(const SceneSources& sources, const Timeline::Pair& pair, double tick, Scene& out) {
  // One's own shots leave one's own ship, which is ahead of the others: they are shown at its moment, and where they
  // then are is known, since nothing turns a shot.
  const bool has_own = sources.own != nullptr && sources.own->is_known();
  const double own_tick = has_own ? sources.own->tick() + static_cast<double>(sources.own_share) : tick;
  const sim::PlayerView& newest = *sources.newest;
  const auto add = [&](const sim::Shot& shot, std::uint32_t seen_tick, double at_tick) {
    if (at_tick > shot.end_tick) return;
    const auto ticks = static_cast<float>(at_tick - seen_tick);
    SceneShot one{.id = shot.id,
                  .owner = shot.owner,
                  .at = units(shot.position) + units(shot.velocity) * ticks,
                  .velocity = units(shot.velocity),
                  .is_own = shot.owner == sources.self,
                  .weapon = shot.weapon};
    one.color = side_color(sources.colors, sources.roster, shot.owner, sources.self);
    out.shots.push_back(one);
  };
  for (const sim::Shot& shot : pair.before->shots)
    if (!has_own || shot.owner != sources.self) add(shot, pair.before_tick, tick);
  if (!has_own) return;
  for (const sim::Shot& shot : newest.shots)
    if (shot.owner == sources.self) add(shot, newest.tick, own_tick);
  for (const OwnShot& own : sources.own->shots()) add(own.shot, own.tick, own_tick);
}

void add_pickups(const SceneSources& sources, const Timeline::Pair& pair, double tick, Scene& out) {
  const auto pads = sources.map.pads();
  for (const sim::Pickup& pickup : pair.after->pickups) {
    if (pickup.id >= pads.size()) continue;
    ScenePickup one{.id = pickup.id, .at = units(pads[pickup.id].at), .kind = pickup.kind};
    const double left = pickup.ready_tick - tick;
    one.ready_share = std::clamp(1 - static_cast<float>(left / period_of(pickup.kind)), 0.0F, 1.0F);
    out.pickups.push_back(one);
  }
}

}  // namespace

Color side_color(const SideColors& colors, const Roster& roster, sim::PlayerId id, sim::PlayerId self) {
  const std::uint8_t team = roster.team(id);
  if (roster.match().has_teams() && team != 0) return colors.teams[(team - 1U) % colors.teams.size()];
  return id == self && self != sim::kNobody ? colors.own : colors.foe;
}

const SceneShip* Scene::ship(sim::PlayerId id) const {
  const auto found = std::find_if(ships.begin(), ships.end(), [id](const SceneShip& one) { return one.id == id; });
  return found == ships.end() ? nullptr : &*found;
}

void build(const SceneSources& sources, double tick, Scene& out) {
  out.tick = tick;
  out.self = sources.self;
  out.ships.clear();
  out.shots.clear();
  out.pickups.clear();
  const Timeline::Pair& pair = sources.pair;
  if (pair.before == nullptr) return;
  out.flow = sources.newest->flow;
  add_ships(sources, pair, out);
  add_own(sources, out);
  add_shots(sources, pair, tick, out);
  add_pickups(sources, pair, tick, out);
}

}  // namespace game::client
