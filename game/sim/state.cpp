#include "game/sim/state.hpp"

#include <algorithm>

namespace game::sim {

Options options_of(Mode mode) {
  Options options;
  options.mode = mode;
  if (mode == Mode::kDuel) options.frag_limit = kDuelFragLimit;
  if (mode == Mode::kTeams) options.frag_limit = kTeamFragLimit;
  return options;
}

bool has_teams(Mode mode) { return mode == Mode::kTeams; }

bool has_pickups(Mode mode) { return mode != Mode::kInstarail; }

std::int32_t energy_at(const Ship& ship, std::uint32_t tick) {
  if (tick <= ship.energy_from_tick) return ship.energy;
  const std::uint32_t grown = std::min(tick - ship.energy_from_tick, static_cast<std::uint32_t>(kEnergyMax));
  return std::min(ship.energy + static_cast<std::int32_t>(grown), kEnergyMax);
}

bool is_dashing(const Ship& ship, std::uint32_t tick) {
  return ship.dash_ready_tick > tick + (kDashCooldownTicks - kDashTicks);
}

bool is_shielded(const Ship& ship, std::uint32_t tick) { return tick < ship.shield_until_tick; }

bool has_rapid(const Ship& ship, std::uint32_t tick) { return tick < ship.rapid_until_tick; }

bool weapons_work(Phase phase) { return phase != Phase::kCountdown && phase != Phase::kPodium; }

bool ships_stand_still(Phase phase) { return phase == Phase::kCountdown; }

bool kills_count(Phase phase) { return phase == Phase::kRound || phase == Phase::kSuddenDeath; }

Player* find_player(State& state, PlayerId id) {
  const auto at = std::lower_bound(state.players.begin(), state.players.end(), id,
                                   [](const Player& player, PlayerId wanted) { return player.id() < wanted; });
  return at != state.players.end() && at->id() == id ? &*at : nullptr;
}

const Player* find_player(const State& state, PlayerId id) { return find_player(const_cast<State&>(state), id); }

}  // namespace game::sim
