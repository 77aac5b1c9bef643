#include "game/sim/score.hpp"

#include <algorithm>
#include <limits>

namespace game::sim {
namespace {

Standing standing_of_teams(const Flow& flow) {
  const auto [one, two] = flow.team_scores;
  const Team ahead = one > two ? Team{1} : two > one ? Team{2} : kNoTeam;
  return {.leader = kNobody, .team = ahead, .best = std::max(one, two), .second = std::min(one, two)};
}

// The player with the most of something, at least `least`; of equals, the first.
template <class Value>
Award award(const State& state, AwardKind kind, int least, Value value) {
  Award best{kNobody, kind, 0};
  int best_value = least - 1;
  for (const Player& player : state.players) {
    const int its = value(player);
    if (its <= best_value) continue;
    best_value = its;
    best.player = player.id();
    best.value = static_cast<std::uint16_t>(std::clamp(its, 0, int{std::numeric_limits<std::uint16_t>::max()}));
  }
  return best;
}

int accuracy_percent(const Player& player) {
  constexpr std::uint32_t kShotsLeast = 20;
  if (player.shots_fired < kShotsLeast) return 0;
  return static_cast<int>(std::uint64_t{player.shots_hit} * 100 / player.shots_fired);
}

Award fewest_deaths(const State& state) {
  Award best{kNobody, AwardKind::kSurvivor, std::numeric_limits<std::uint16_t>::max()};
  for (const Player& player : state.players) {
    if (best.player == kNobody || player.deaths < best.value) best = {player.id(), best.kind, player.deaths};
  }
  return best;
}

}  // namespace

Standing standing_of(const State& state) {
  if (has_teams(state.options.mode)) return standing_of_teams(state.flow);
  Standing standing;
  for (const Player& player : state.players) {
    if (player.score > standing.best) {
      standing.second = standing.best;
      standing.best = player.score;
      standing.leader = player.id();
    } else if (player.score == standing.best) {
      standing.second = player.score;
      standing.leader = kNobody;
    } else {
      standing.second = std::max(standing.second, player.score);
    }
  }
  return standing;
}

bool limit_reached(const State& state, const Standing& standing) {
  if (standing.best < state.options.frag_limit) return false;
  return state.options.mode != Mode::kDuel || standing.best - standing.second >= kDuelLead;
}

std::array<Award, kAwardKinds> awards_of(const State& state) {
  const Team winner = state.flow.leading_team;
  const auto score_in_winning_team = [winner](const Player& player) {
    return winner != kNoTeam && player.team == winner ? int{player.score} : 0;
  };
  return {award(state, AwardKind::kDeadeye, 1, accuracy_percent),
          award(state, AwardKind::kSharpshooter, 1, [](const Player& p) { return int{p.rail_kills}; }),
          award(state, AwardKind::kRampage, 3, [](const Player& p) { return int{p.best_streak}; }),
          fewest_deaths(state),
          award(state, AwardKind::kCollector, 3, [](const Player& p) { return int{p.pickups_taken}; }),
          award(state, AwardKind::kMvp, 1, score_in_winning_team)};
}

}  // namespace game::sim
