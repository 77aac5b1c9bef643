#include "game/sim/vote.hpp"

#include <algorithm>

namespace game::sim {
namespace {

constexpr std::size_t kChoiceLeast = 2;

}  // namespace

bool vote_is_on(const State& state) {
  return state.flow.phase == Phase::kPodium && state.options.maps.size() >= kChoiceLeast;
}

void vote(State& state, PlayerId id, std::string_view map) {
  Player* player = find_player(state, id);
  if (player == nullptr || !vote_is_on(state)) return;
  const auto& maps = state.options.maps;
  const auto at = std::find(maps.begin(), maps.end(), map);
  player->vote = at == maps.end() ? std::uint16_t{0} : static_cast<std::uint16_t>(at - maps.begin() + 1);
}

std::uint16_t votes_for(const State& state, std::uint16_t candidate) {
  return static_cast<std::uint16_t>(std::count_if(state.players.begin(), state.players.end(),
                                                  [candidate](const Player& p) { return p.vote == candidate; }));
}

std::optional<std::string> chosen_map(const State& state, std::string_view current) {
  const auto& maps = state.options.maps;
  if (maps.size() < kChoiceLeast) return std::nullopt;
  const auto here = static_cast<std::size_t>(std::find(maps.begin(), maps.end(), current) - maps.begin());
  std::size_t best = maps.size();
  int best_votes = -1;
  for (std::size_t i = 1; i <= maps.size(); ++i) {
    const std::size_t at = (here + i) % maps.size();
    const int votes = votes_for(state, static_cast<std::uint16_t>(at + 1));
    if (votes <= best_votes) continue;
    best = at;
    best_votes = votes;
  }
  return maps[best];
}

}  // namespace game::sim
