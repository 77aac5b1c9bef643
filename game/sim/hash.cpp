#include <span>
#include <string>

#include "engine/core/hash.hpp"
#include "game/sim/match.hpp"

namespace game::sim {
namespace {

void add(engine::Hasher& hasher, Vec v) {
  hasher.add(v.x);
  hasher.add(v.y);
}

void add(engine::Hasher& hasher, ViewTime view) {
  hasher.add(view.tick);
  hasher.add(view.fraction);
  hasher.add(view.from);
  hasher.add(view.to);
}

void add(engine::Hasher& hasher, const Press& press) {
  hasher.add(press.tick);
  hasher.add(press.aim);
  add(hasher, press.view);
  hasher.add(press.ticks_late);
}

void add(engine::Hasher& hasher, const std::string& text) {
  hasher.add(static_cast<std::uint32_t>(text.size()));
  for (const char byte : text) hasher.add(byte);
}

void add(engine::Hasher& hasher, const Options& options) {
  hasher.add(static_cast<std::uint8_t>(options.mode));
  hasher.add(options.frag_limit);
  hasher.add(options.players_to_start);
  hasher.add(options.warmup_ticks);
  hasher.add(options.countdown_ticks);
  hasher.add(options.time_limit_ticks);
  hasher.add(options.sudden_death_ticks);
  hasher.add(options.podium_ticks);
  hasher.add(static_cast<std::uint32_t>(options.maps.size()));
  for (const std::string& map : options.maps) add(hasher, map);
  hasher.add(options.snapshot_interval_ticks);
  hasher.add(options.rewind_ticks);
}

void add(engine::Hasher& hasher, const Action& action) {
  hasher.add(action.thrust_x);
  hasher.add(action.thrust_y);
  hasher.add(action.aim);
  hasher.add(action.fire);
  hasher.add(action.rail);
  hasher.add(action.dash);
}

void add(engine::Hasher& hasher, const Ship& ship) {
  hasher.add(ship.id);
  hasher.add(ship.alive);
  hasher.add(ship.health);
  add(hasher, ship.position);
  add(hasher, ship.velocity);
  add(hasher, ship.held);
  hasher.add(ship.energy);
  for (const std::uint32_t tick :
       {ship.energy_from_tick, ship.rapid_until_tick, ship.shield_until_tick, ship.respawn_tick, ship.fire_ready_tick,
        ship.rail_ready_tick, ship.dash_ready_tick, ship.fire_latch_tick, ship.rail_latch_tick, ship.dash_latch_tick}) {
    hasher.add(tick);
  }
}

void add(engine::Hasher& hasher, const Player& player) {
  add(hasher, player.ship);
  add(hasher, player.name);
  hasher.add(player.life);
  add(hasher, player.view);
  add(hasher, player.fire_press);
  add(hasher, player.rail_press);
  hasher.add(player.team);
  hasher.add(player.score);
  hasher.add(player.deaths);
  hasher.add(player.streak);
  hasher.add(player.best_streak);
  hasher.add(player.nemesis);
  hasher.add(player.shots_fired);
  hasher.add(player.shots_hit);
  hasher.add(player.rail_kills);
  hasher.add(player.pickups_taken);
  hasher.add(player.vote);
}

}  // namespace

std::uint64_t hash(const State& state) {
  engine::Hasher hasher;
  add(hasher, state.options);
  hasher.add(state.tick);
  hasher.add(state.seed);
  hasher.add(state.next_shot_id);
  hasher.add(static_cast<std::uint8_t>(state.flow.phase));
  hasher.add(state.flow.phase_end_tick);
  hasher.add(state.flow.round);
  hasher.add(state.flow.leader);
  hasher.add(state.flow.leading_team);
  for (const std::int16_t score : state.flow.team_scores) hasher.add(score);
  hasher.add(static_cast<std::uint32_t>(state.players.size()));
  for (const Player& player : state.players) add(hasher, player);
  hasher.add(static_cast<std::uint32_t>(state.shots.size()));
  for (const Shot& shot : state.shots) {
    hasher.add(shot.id);
    hasher.add(shot.owner);
    hasher.add(static_cast<std::uint8_t>(shot.weapon));
    add(hasher, shot.position);
    add(hasher, shot.velocity);
    hasher.add(shot.end_tick);
  }
  hasher.add(static_cast<std::uint32_t>(state.pickups.size()));
  for (const Pickup& pickup : state.pickups) {
    hasher.add(pickup.id);
    hasher.add(static_cast<std::uint8_t>(pickup.kind));
    hasher.add(pickup.ready_tick);
  }
  hasher.add(static_cast<std::uint32_t>(state.position_history.size()));
  for (const PositionSample& sample : state.position_history) {
    hasher.add(sample.tick);
    hasher.add(sample.id);
    hasher.add(sample.life);
    add(hasher, sample.at);
  }
  return hasher.value();
}

}  // namespace game::sim
