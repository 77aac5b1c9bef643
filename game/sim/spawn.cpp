#include "game/sim/spawn.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "game/sim/view.hpp"

namespace game::sim {
namespace {

bool sees(const Ship& enemy, Vec point, const Map& map) {
  return in_camera(camera_of(enemy), point, kShipRadius) && map.is_clear(enemy.position, point);
}

struct Place {
  Vec at;
  std::int64_t distance_squared = -1;  // to the nearest enemy
  bool seen = false;
};

Place judge(const State& state, PlayerId id, Vec at, const Map& map) {
  Place place{at, std::numeric_limits<std::int64_t>::max(), false};
  for (const Player& other : state.players) {
    if (other.id() == id || !other.ship.alive) continue;
    place.distance_squared = std::min(place.distance_squared, length_squared(other.ship.position - at));
    place.seen = place.seen || sees(other.ship, at, map);
  }
  return place;
}

// Goes through the map's spawns from a random one on, in steps of a random number that reaches them all.
Vec choose(const State& state, PlayerId id, const Map& map, engine::Rng& rng) {
  const auto count = static_cast<std::uint32_t>(map.spawns().size());
  const std::uint32_t start = rng.below(count);
  std::uint32_t stride = 1 + rng.below(count);
  while (std::gcd(stride, count) != 1) ++stride;
  Place best;
  Place best_unseen;
  std::size_t unseen = 0;
  for (std::uint32_t i = 0; i < count && unseen < kSpawnCandidates; ++i) {
    const Place place = judge(state, id, map.spawns()[(start + i * stride) % count], map);
    if (place.distance_squared > best.distance_squared) best = place;
    if (place.seen) continue;
    ++unseen;
    if (place.distance_squared > best_unseen.distance_squared) best_unseen = place;
  }
  return unseen > 0 ? best_unseen.at : best.at;
}

}  // namespace

void spawn(State& state, Player& player, const Map& map, engine::Rng& rng, std::vector<Event>& events) {
  const Vec at = choose(state, player.id(), map, rng);
  Ship fresh;
  fresh.id = player.id();
  fresh.alive = true;
  fresh.health = kHealthFull;
  fresh.position = at;
  fresh.held = player.ship.held;
  fresh.energy_from_tick = state.tick;
  fresh.shield_until_tick = state.tick + kShieldTicks;
  player.ship = fresh;
  events.emplace_back(Spawned{player.id(), at});
}

void respawn_due(State& state, const Map& map, engine::Rng& rng, std::vector<Event>& events) {
  for (Player& player : state.players) {
    if (!player.ship.alive && state.tick >= player.ship.respawn_tick) spawn(state, player, map, rng, events);
  }
}

}  // namespace game::sim
