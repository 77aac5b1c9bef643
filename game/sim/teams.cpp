#include "game/sim/teams.hpp"

#include <algorithm>
#include <array>

namespace game::sim {
namespace {

std::array<int, kTeamCount> sizes_of(const State& state) {
  std::array<int, kTeamCount> sizes{};
  for (const Player& player : state.players) {
    if (player.team != kNoTeam) ++sizes[player.team - 1U];
  }
  return sizes;
}

Team other(Team team) { return team == 1 ? Team{2} : Team{1}; }

}  // namespace

Team team_to_join(const State& state) {
  const auto sizes = sizes_of(state);
  if (sizes[0] != sizes[1]) return sizes[0] < sizes[1] ? 1 : 2;
  return state.flow.team_scores[1] < state.flow.team_scores[0] ? 2 : 1;
}

void even_out(const State& state, Player& player) {
  const auto sizes = sizes_of(state);
  if (player.team == kNoTeam || sizes[player.team - 1U] < sizes[other(player.team) - 1U] + 2) return;
  player.team = other(player.team);
}

void even_out_all(State& state) {
  std::for_each(state.players.rbegin(), state.players.rend(), [&state](Player& player) { even_out(state, player); });
}

}  // namespace game::sim
