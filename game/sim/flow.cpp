#include "game/sim/flow.hpp"

#include <algorithm>
#include <limits>

#include "game/sim/pickups.hpp"
#include "game/sim/spawn.hpp"

namespace game::sim {
namespace {

void enter(State& state, Phase phase, std::uint32_t length_ticks, std::vector<Event>& events) {
  state.flow.phase = phase;
  state.flow.phase_end_tick = length_ticks == 0 ? 0 : state.tick + length_ticks;
  events.emplace_back(PhaseChanged{phase, state.flow.phase_end_tick});
}

void clear_score(Player& player) {
  player.score = 0;
  player.deaths = player.streak = player.best_streak = 0;
  player.nemesis = kNobody;
  player.shots_fired = player.shots_hit = 0;
  player.rail_kills = player.pickups_taken = 0;
}

void start_countdown(State& state, const Map& map, engine::Rng& rng, std::vector<Event>& events) {
  ++state.flow.round;
  state.flow.leader = kNobody;
  state.shots.clear();
  enter(state, Phase::kCountdown, std::max(state.options.countdown_ticks, 1U), events);
  for (Player& player : state.players) {
    clear_score(player);
    player.ship.alive = false;  // so that no place is judged by where others were
  }
  for (Player& player : state.players) spawn(state, player, map, rng, events);
}

void start_round(State& state, std::vector<Event>& events) {
  enter(state, Phase::kRound, state.options.time_limit_ticks, events);
  reset_pickups(state, state.tick);
  for (Player& player : state.players) player.ship.shield_until_tick = state.tick + kShieldTicks;
  events.emplace_back(RoundStarted{state.flow.round, state.options.frag_limit, state.flow.phase_end_tick});
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

void end_round(State& state, std::vector<Event>& events) {
  const Player* winner = find_player(state, state.flow.leader);
  RoundEnded ended{.round = state.flow.round, .winner = state.flow.leader, .score = 0, .awards = {}};
  if (winner != nullptr) ended.score = winner->score;
  ended.awards = {award(state, AwardKind::kDeadeye, 1, accuracy_percent),
                  award(state, AwardKind::kSharpshooter, 1, [](const Player& p) { return int{p.rail_kills}; }),
                  award(state, AwardKind::kRampage, 3, [](const Player& p) { return int{p.best_streak}; }),
                  fewest_deaths(state),
                  award(state, AwardKind::kCollector, 3, [](const Player& p) { return int{p.pickups_taken}; })};
  state.shots.clear();
  enter(state, Phase::kPodium, std::max(state.options.podium_ticks, 1U), events);
  events.emplace_back(ended);
}

PlayerId single_leader(const State& state) {
  PlayerId leader = kNobody;
  std::int16_t most = 0;
  for (const Player& player : state.players) {
    if (player.score > most) {
      most = player.score;
      leader = player.id();
    } else if (player.score == most) {
      leader = kNobody;
    }
  }
  return leader;
}

std::int16_t highest_score(const State& state) {
  std::int16_t most = 0;
  for (const Player& player : state.players) most = std::max(most, player.score);
  return most;
}

void warm_up(State& state, const Map& map, engine::Rng& rng, std::vector<Event>& events) {
  Flow& flow = state.flow;
  if (state.players.size() < std::max<std::size_t>(state.options.players_to_start, 1)) {
    if (flow.phase_end_tick != 0) enter(state, Phase::kWarmup, 0, events);
  } else if (state.options.warmup_ticks == 0) {
    start_countdown(state, map, rng, events);
  } else if (flow.phase_end_tick == 0) {
    enter(state, Phase::kWarmup, state.options.warmup_ticks, events);
  } else if (state.tick >= flow.phase_end_tick) {
    start_countdown(state, map, rng, events);
  }
}

}  // namespace

void advance_phase(State& state, const Map& map, engine::Rng& rng, std::vector<Event>& events) {
  Flow& flow = state.flow;
  if (flow.phase == Phase::kWarmup) return warm_up(state, map, rng, events);
  if (state.players.empty()) {
    flow.leader = kNobody;
    return enter(state, Phase::kWarmup, 0, events);
  }
  if (flow.phase_end_tick == 0 || state.tick < flow.phase_end_tick) return;
  switch (flow.phase) {
    case Phase::kCountdown:
      return start_round(state, events);
    case Phase::kRound:
      flow.leader = single_leader(state);  // afresh: somebody may have left since the last tick
      if (flow.leader != kNobody) return end_round(state, events);
      return enter(state, Phase::kSuddenDeath, state.options.sudden_death_ticks, events);
    case Phase::kSuddenDeath:
      return end_round(state, events);
    case Phase::kPodium:
      if (state.players.size() >= state.options.players_to_start) return start_countdown(state, map, rng, events);
      return enter(state, Phase::kWarmup, 0, events);
    case Phase::kWarmup:
      return;
  }
}

void settle_score(State& state, std::vector<Event>& events) {
  Flow& flow = state.flow;
  if (!kills_count(flow.phase)) return;
  const PlayerId leader = single_leader(state);
  const std::int16_t most = highest_score(state);
  if (leader != flow.leader) {
    events.emplace_back(LeadChanged{leader, flow.leader, most});
    flow.leader = leader;
  }
  if (flow.phase == Phase::kSuddenDeath) {
    if (leader != kNobody) end_round(state, events);
  } else if (most >= state.options.frag_limit) {
    if (leader != kNobody) return end_round(state, events);
    enter(state, Phase::kSuddenDeath, state.options.sudden_death_ticks, events);
  }
}

}  // namespace game::sim
