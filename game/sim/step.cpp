#include "game/sim/step.hpp"

#include <array>
#include <optional>

#include "engine/core/assert.hpp"
#include "game/sim/collide.hpp"
#include "game/sim/combat.hpp"
#include "game/sim/flow.hpp"
#include "game/sim/pickups.hpp"
#include "game/sim/rewind.hpp"
#include "game/sim/ship.hpp"
#include "game/sim/sight.hpp"
#include "game/sim/spawn.hpp"

namespace game::sim {

void step(State& state, const Map& map, engine::Rng& rng, std::uint32_t tick, std::vector<Event>& events) {
  ENGINE_ASSERT(tick > state.tick, "ticks run forward");
  state.tick = tick;
  advance_phase(state, map, rng, events);
  respawn_due(state, map, rng, events);

  std::array<Fired, kPlayersMax> fired;
  ShipContext context{.tick = tick, .seed = state.seed, .phase = state.flow.phase, .mode = state.options.mode};
  for (std::size_t i = 0; i < state.players.size(); ++i) {
    const Player& player = state.players[i];
    context.fire_aim = player.fire_press.tick == tick ? std::optional(player.fire_press.aim) : std::nullopt;
    context.rail_aim = player.rail_press.tick == tick ? std::optional(player.rail_press.aim) : std::nullopt;
    Ship& ship = state.players[i].ship;
    fired[i] = step_player(ship, ship.held, map, context);
  }
  bounce_ships(state, map);
  fire_rails(state, map, fired, events);
  launch_shots(state, map, fired, events);
  fly_shots(state, map, events);
  take_pickups(state, map, events);
  settle_score(state, events);
  note_positions(state);
  forget_encounters(state);
}

}  // namespace game::sim
