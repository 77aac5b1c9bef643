#include "game/sim/flow.hpp"

#include <algorithm>

#include "game/sim/pickups.hpp"
#include "game/sim/score.hpp"
#include "game/sim/spawn.hpp"
#include "game/sim/teams.hpp"
#include "game/sim/vote.hpp"

namespace game::sim {
namespace {

void enter(State& state, Phase phase, std::uint32_t length_ticks, std::vector<Event>& events) {
  state.flow.phase = phase;
  state.flow.phase_end_tick = length_ticks == 0 ? 0 : state.tick + length_ticks;
  events.emplace_back(PhaseChanged{phase, state.flow.phase_end_tick});
}

void note_lead(Flow& flow, const Standing& standing) {
  flow.leader = standing.leader;
  flow.leading_team = standing.team;
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
  note_lead(state.flow, {});
  state.flow.team_scores = {};
  state.shots.clear();
  enter(state, Phase::kCountdown, std::max(state.options.countdown_ticks, 1U), events);
  for (Player& player : state.players) {
    clear_score(player);
    player.ship.alive = false;  // so that no place is judged by where others were
  }
  even_out_all(state);
  for (Player& player : state.players) spawn(state, player, map, rng, events);
}

void start_round(State& state, std::vector<Event>& events) {
  enter(state, Phase::kRound, state.options.time_limit_ticks, events);
  reset_pickups(state.pickups, state.tick);
  for (Player& player : state.players) begin_round(player.ship, state.tick);
  events.emplace_back(RoundStarted{state.flow.round, state.options.frag_limit, state.flow.phase_end_tick});
}

void end_round(State& state, std::vector<Event>& events) {
  const Flow& flow = state.flow;
  RoundEnded ended{.round = flow.round, .winner = flow.leader, .score = 0, .awards = awards_of(state), .team = kNoTeam};
  ended.team = flow.leading_team;
  if (flow.leader != kNobody || flow.leading_team != kNoTeam) ended.score = standing_of(state).best;
  state.shots.clear();
  for (Player& player : state.players) player.vote = 0;
  enter(state, Phase::kPodium, std::max(state.options.podium_ticks, 1U), events);
  events.emplace_back(ended);
}

// Another map is another match: whoever holds this one ends it when it is told of a map that is not its own.
void leave_podium(State& state, const Map& map, engine::Rng& rng, std::vector<Event>& events) {
  if (const auto chosen = chosen_map(state, map.name())) {
    events.emplace_back(MapChosen{*chosen});
    if (*chosen != map.name()) return;
  }
  if (state.players.size() >= state.options.players_to_start) return start_countdown(state, map, rng, events);
  enter(state, Phase::kWarmup, 0, events);
}

void warm_up(State& state, const Map& map, engine::Rng& rng, std::vector<Event>& events) {
  Flow& flow = state.flow;
  if (state.players.size() < std::max<std::size_t>(state.options.players_to_start, 1)) {
    if (flow.phase_end_tick != 0) enter(state, Phase::kWarmup, 0, events);
    return;
  }
  const std::uint32_t ticks = state.options.warmup_ticks;
  if (ticks != 0 && flow.phase_end_tick == 0) return enter(state, Phase::kWarmup, ticks, events);
  if (ticks == 0 || state.tick >= flow.phase_end_tick) start_countdown(state, map, rng, events);
}

}  // namespace

Phase phase_at(const Flow& flow, std::uint32_t tick) {
  const bool begins = flow.phase == Phase::kCountdown && flow.phase_end_tick != 0 && tick >= flow.phase_end_tick;
  return begins ? Phase::kRound : flow.phase;
}

void begin_round(Ship& ship, std::uint32_t tick) { ship.shield_until_tick = tick + kShieldTicks; }

void advance_phase(State& state, const Map& map, engine::Rng& rng, std::vector<Event>& events) {
  Flow& flow = state.flow;
  if (flow.phase == Phase::kWarmup) return warm_up(state, map, rng, events);
  if (state.players.empty()) {
    note_lead(flow, {});
    return enter(state, Phase::kWarmup, 0, events);
  }
  if (flow.phase_end_tick == 0 || state.tick < flow.phase_end_tick) return;
  switch (flow.phase) {
    case Phase::kCountdown:
      return start_round(state, events);
    case Phase::kRound:
      note_lead(flow, standing_of(state));  // afresh: somebody may have left since the last tick
      if (flow.leader != kNobody || flow.leading_team != kNoTeam) return end_round(state, events);
      return enter(state, Phase::kSuddenDeath, state.options.sudden_death_ticks, events);
    case Phase::kSuddenDeath:
      return end_round(state, events);
    case Phase::kPodium:
      return leave_podium(state, map, rng, events);
    case Phase::kWarmup:
      return;
  }
}

void settle_score(State& state, std::vector<Event>& events) {
  Flow& flow = state.flow;
  if (!kills_count(flow.phase)) return;
  const Standing now = standing_of(state);
  if (now.leader != flow.leader || now.team != flow.leading_team) {
    events.emplace_back(LeadChanged{now.leader, flow.leader, now.best, now.team, flow.leading_team});
    note_lead(flow, now);
  }
  if (flow.phase == Phase::kSuddenDeath) {
    if (now.is_led()) end_round(state, events);
  } else if (limit_reached(state, now)) {
    if (now.is_led()) return end_round(state, events);
    enter(state, Phase::kSuddenDeath, state.options.sudden_death_ticks, events);
  }
}

}  // namespace game::sim
