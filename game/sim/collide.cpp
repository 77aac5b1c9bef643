#include "game/sim/collide.hpp"

#include "game/sim/ship.hpp"

namespace game::sim {
namespace {

// A push must not take a ship into a wall: one that has no way out there stays where it was.
void shift(Ship& ship, const Map& map, Vec by) {
  const Vec before = ship.position;
  ship.position += by;
  if (!resolve_walls(ship, map, kWallRestitution)) ship.position = before;
}

void bounce(Ship& a, Ship& b, const Map& map) {
  const Vec between = b.position - a.position;
  const Vec n = direction_q14(between);
  const auto closing = static_cast<std::int32_t>(dot(a.velocity - b.velocity, n) / engine::kOneQ14);
  if (closing > 0) {
    const std::int32_t exchange = (closing + scale_q14(closing, kShipRestitution)) / 2;  // equal masses
    const Vec impulse{scale_q14(exchange, n.x), scale_q14(exchange, n.y)};
    push(a, -impulse);
    push(b, impulse);
  }
  const std::int32_t overlap = 2 * kShipRadius - engine::length(between.x, between.y);
  const Vec half{scale_q14((overlap + 1) / 2, n.x), scale_q14((overlap + 1) / 2, n.y)};
  shift(a, map, -half);
  shift(b, map, half);
}

}  // namespace

void bounce_ships(State& state, const Map& map) {
  for (std::size_t i = 0; i < state.players.size(); ++i) {
    Ship& a = state.players[i].ship;
    if (!a.alive) continue;
    for (std::size_t j = i + 1; j < state.players.size(); ++j) {
      Ship& b = state.players[j].ship;
      if (!b.alive || length_squared(b.position - a.position) >= square(2 * kShipRadius)) continue;
      bounce(a, b, map);
    }
  }
}

}  // namespace game::sim
