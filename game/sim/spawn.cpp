#include "game/sim/spawn.hpp"

#include <algorithm>
#include <numeric>
#include <optional>

#include "game/sim/player_view.hpp"
#include "game/sim/teams.hpp"

namespace game::sim {
namespace {

bool sees(const Ship& enemy, Vec point, const Map& map) {
  return in_camera(camera_of(enemy), point, kShipRadius) && map.is_clear(enemy.position, point);
}

struct Place {
  Vec at;
  std::int32_t worth = -1;  // the distance to the nearest enemy, and a little for a mate nearby
  bool is_seen = false;
  bool is_taken = false;
};

constexpr std::int32_t kFar = 16384 * kUnit;

bool is_better(const Place& a, const Place& b) {
  if (a.is_taken != b.is_taken) return b.is_taken;
  if (a.is_seen != b.is_seen) return b.is_seen;
  return a.worth > b.worth;
}

Place judge(const State& state, const Player& player, Vec at, const Map& map) {
  Place place{.at = at, .worth = -1, .is_seen = false, .is_taken = false};
  std::int32_t enemy = kFar;
  std::int32_t mate = kFar;
  for (const Player& other : state.players) {
    if (other.id() == player.id() || !other.ship.alive) continue;
    const Vec by = other.ship.position - at;
    const std::int32_t away = engine::length(by.x, by.y);
    place.is_taken = place.is_taken || away < kSpawnRoom;
    if (are_mates(other, player)) {
      mate = std::min(mate, away);
    } else {
      enemy = std::min(enemy, away);
      place.is_seen = place.is_seen || sees(other.ship, at, map);
    }
  }
  place.worth = enemy + (kFar - mate) / 2;
  return place;
}

// Goes through the map's spawns from a random one on, in steps of a random number that reaches them all. Where there
// are teams it looks at all of them: mates are to come in near each other.
Vec choose(const State& state, const Player& player, const Map& map, engine::Rng& rng) {
  const auto count = static_cast<std::uint32_t>(map.spawns().size());
  const std::uint32_t start = rng.below(count);
  std::uint32_t stride = 1 + rng.below(count);
  while (std::gcd(stride, count) != 1) ++stride;
  const std::size_t enough = player.team == kNoTeam ? kSpawnCandidates : count;
  std::optional<Place> best;
  std::size_t unseen = 0;
  for (std::uint32_t i = 0; i < count && unseen < enough; ++i) {
    const Place place = judge(state, player, map.spawns()[(start + i * stride) % count], map);
    if (!place.is_seen && !place.is_taken) ++unseen;
    if (!best || is_better(place, *best)) best = place;
  }
  return best->at;
}

}  // namespace

void spawn(State& state, Player& player, const Map& map, engine::Rng& rng, std::vector<Event>& events) {
  const Vec at = choose(state, player, map, rng);
  Ship fresh;
  fresh.id = player.id();
  fresh.alive = true;
  fresh.health = kHealthFull;
  fresh.position = at;
  fresh.held = player.ship.held;
  fresh.energy_from_tick = state.tick;
  fresh.shield_until_tick = state.tick + kShieldTicks;
  player.ship = fresh;
  ++player.life;
  events.emplace_back(Spawned{player.id(), at});
}

void respawn_due(State& state, const Map& map, engine::Rng& rng, std::vector<Event>& events) {
  for (Player& player : state.players) {
    if (player.ship.alive || state.tick < player.ship.respawn_tick) continue;
    even_out(state, player);
    spawn(state, player, map, rng, events);
  }
}

}  // namespace game::sim
