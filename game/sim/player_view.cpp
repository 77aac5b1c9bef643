#include "game/sim/player_view.hpp"

#include <algorithm>
#include <cstdlib>

namespace game::sim {

const Ship* PlayerView::ship(PlayerId id) const {
  const auto at = std::lower_bound(ships.begin(), ships.end(), id,
                                   [](const Ship& ship, PlayerId wanted) { return ship.id < wanted; });
  return at != ships.end() && at->id == id ? &*at : nullptr;
}

Team PlayerView::team_of(PlayerId id) const {
  const auto at = std::lower_bound(sides.begin(), sides.end(), id,
                                   [](const Side& side, PlayerId wanted) { return side.id < wanted; });
  return at != sides.end() && at->id == id ? at->team : kNoTeam;
}

bool PlayerView::are_mates(PlayerId a, PlayerId b) const {
  const Team team = team_of(a);
  return team != kNoTeam && team == team_of(b);
}

Vec camera_of(const Ship& viewer) { return viewer.position + from_angle(viewer.held.aim, kViewLead); }

Vec camera_within(Vec camera, Vec map_size) {
  const auto kept = [](std::int32_t at, std::int32_t seen, std::int32_t size) {
    const std::int32_t margin = std::min(seen / 2 - kViewOutside, size / 2);
    return std::clamp(at, margin, size - margin);
  };
  return {kept(camera.x, kViewWidth, map_size.x), kept(camera.y, kViewHeight, map_size.y)};
}

bool in_camera(Vec camera, Vec point, std::int32_t margin) {
  return std::abs(point.x - camera.x) <= kViewWidth / 2 + margin &&
         std::abs(point.y - camera.y) <= kViewHeight / 2 + margin;
}

Ship public_part(const Ship& ship) {
  Ship seen = ship;
  const Ship unset;
  seen.held.fire = seen.held.rail = seen.held.dash = false;
  seen.energy = unset.energy;
  seen.energy_from_tick = unset.energy_from_tick;
  seen.fire_ready_tick = seen.rail_ready_tick = seen.dash_ready_tick = 0;
  seen.fire_latch_tick = seen.rail_latch_tick = seen.dash_latch_tick = 0;
  return seen;
}

void limit_to_screen(PlayerId viewer, PlayerView& view) {
  const Ship* self = view.ship(viewer);
  if (self == nullptr) {
    view.ships.clear();
    view.shots.clear();
    return;
  }
  const Vec camera = camera_of(*self);
  std::erase_if(view.ships,
                [&](const Ship& ship) { return ship.id != viewer && !in_camera(camera, ship.position, kShipRadius); });
  for (Ship& ship : view.ships)
    if (ship.id != viewer) ship = public_part(ship);
  std::erase_if(view.shots, [&](const Shot& shot) { return !in_camera(camera, shot.position, kShotRadius); });
}

void view_of(const State& state, PlayerId viewer, PlayerView& out) {
  out.tick = state.tick;
  out.seed = state.seed;
  out.mode = state.options.mode;
  out.flow = state.flow;
  out.sides.clear();
  if (has_teams(state.options.mode)) {
    for (const Player& player : state.players) out.sides.push_back({player.id(), player.team});
  }
  out.ships.clear();
  out.shots.clear();
  out.pickups.assign(state.pickups.begin(), state.pickups.end());
  for (const Player& player : state.players) out.ships.push_back(player.ship);
  out.shots.assign(state.shots.begin(), state.shots.end());
  limit_to_screen(viewer, out);
}

}  // namespace game::sim
