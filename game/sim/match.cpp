#include "game/sim/match.hpp"

#include <algorithm>
#include <utility>

#include "engine/core/assert.hpp"
#include "game/sim/pickups.hpp"
#include "game/sim/rewind.hpp"
#include "game/sim/ship.hpp"
#include "game/sim/teams.hpp"

namespace game::sim {

State make_state(const Options& options, const Map& map, std::uint32_t seed) {
  State state;
  state.options = options;
  state.seed = seed;
  state.players.reserve(map.players_max());
  state.shots.reserve(map.players_max() * kShotsMax / kPlayersMax);
  state.position_history.reserve(map.players_max() * position_history_ticks_max(options));
  state.encounters.reserve(std::size_t{map.players_max()} * map.players_max() / 2);
  if (!has_pickups(options.mode)) return state;
  state.pickups.reserve(map.pads().size());
  for (std::size_t i = 0; i < map.pads().size(); ++i) {
    state.pickups.push_back({.id = static_cast<std::uint16_t>(i), .kind = map.pads()[i].kind});
  }
  reset_pickups(state.pickups, 0);
  return state;
}

void join(State& state, PlayerId id, std::string name, std::vector<Event>* events) {
  ENGINE_ASSERT(id != kNobody, "0 is nobody");
  ENGINE_ASSERT(state.players.size() < kPlayersMax, "no seat left");
  ENGINE_ASSERT(find_player(state, id) == nullptr, "the seat is taken");
  if (events != nullptr) events->emplace_back(PlayerJoined{id, name});
  Player player;
  player.ship.id = id;
  player.ship.respawn_tick = state.tick + 1;
  player.name = std::move(name);
  if (has_teams(state.options.mode)) player.team = team_to_join(state);
  const auto at = std::lower_bound(state.players.begin(), state.players.end(), id,
                                   [](const Player& other, PlayerId wanted) { return other.id() < wanted; });
  state.players.insert(at, std::move(player));
}

void leave(State& state, PlayerId id, std::vector<Event>* events) {
  Player* player = find_player(state, id);
  if (player == nullptr) return;
  if (events != nullptr) events->emplace_back(PlayerLeft{id, player->name});
  state.players.erase(state.players.begin() + (player - state.players.data()));
  std::erase_if(state.shots, [id](const Shot& shot) { return shot.owner == id; });
  std::erase_if(state.position_history, [id](const PositionSample& sample) { return sample.id == id; });
  std::erase_if(state.encounters, [id](const Encounter& one) { return one.a == id || one.b == id; });
  if (state.flow.leader == id) state.flow.leader = kNobody;
  for (Player& other : state.players) {
    if (other.nemesis == id) other.nemesis = kNobody;
  }
}

void apply_action(State& state, PlayerId id, const Action& action, ViewTime view, std::uint32_t ticks_late) {
  Player* player = find_player(state, id);
  if (player == nullptr) return;
  const std::uint32_t tick = state.tick + 1;
  const Press now{.tick = tick,
                  .aim = action.aim,
                  .view = view,
                  .ticks_late = static_cast<std::uint8_t>(std::min<std::uint32_t>(ticks_late, UINT8_MAX))};
  const Action& held = player->ship.held;
  // Of several presses before one tick the first is the one that is answered.
  if (action.fire && !held.fire && player->fire_press.tick != tick) player->fire_press = now;
  if (action.rail && !held.rail && player->rail_press.tick != tick) player->rail_press = now;
  player->view = view;
  press(player->ship, action, tick);
}

void release(State& state, PlayerId id) {
  if (const Player* player = find_player(state, id)) apply_action(state, id, {.aim = player->ship.held.aim});
}

}  // namespace game::sim
