#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include "engine/core/hash.hpp"
#include "game/sim/match.hpp"

namespace game::sim {
namespace {

// Each struct is taken apart into all of its fields: with one more it does not compile until that is hashed, too. Which
// bytes are hashed, and in which order, is part of every recording.
class StateHash {
 public:
  void add(const State& state) {
    const auto& [options, tick, seed, next_shot_id, flow, players, shots, pickups, position_history, encounters] =
        state;
    add_all(options, tick, seed, next_shot_id, flow, players, shots, pickups, position_history, encounters);
  }
  std::uint64_t value() const { return hasher_.value(); }

 private:
  template <class... Fields>
  void add_all(const Fields&... fields) {
    (add(fields), ...);
  }

  template <std::integral T>
  void add(T value) {
    hasher_.add(value);
  }
  template <class Enum>
  requires std::is_enum_v<Enum>
  void add(Enum value) { hasher_.add(static_cast<std::underlying_type_t<Enum>>(value)); }
  void add(const std::string& text) {
    add(static_cast<std::uint32_t>(text.size()));
    for (const char byte : text) add(byte);
  }
  template <class T>
  void add(const std::vector<T>& elements) {
    add(static_cast<std::uint32_t>(elements.size()));
    for (const T& element : elements) add(element);
  }
  template <class T, std::size_t N>
  void add(const std::array<T, N>& elements) {
    for (const T& element : elements) add(element);
  }

  void add(const Vec& v) {
    const auto& [x, y] = v;
    add_all(x, y);
  }
  void add(const ViewTime& view) {
    const auto& [tick, fraction, from, to] = view;
    add_all(tick, fraction, from, to);
  }
  void add(const Press& press) {
    const auto& [tick, aim, view, ticks_late] = press;
    add_all(tick, aim, view, ticks_late);
  }
  void add(const Options& options) {
    const auto& [mode, frag_limit, players_to_start, warmup_ticks, countdown_ticks, time_limit_ticks,
                 sudden_death_ticks, podium_ticks, maps, snapshot_interval_ticks, rewind_ticks, visibility] = options;
    add_all(mode, frag_limit, players_to_start, warmup_ticks, countdown_ticks, time_limit_ticks, sudden_death_ticks,
            podium_ticks, maps, snapshot_interval_ticks, rewind_ticks, visibility);
  }
  void add(const Action& action) {
    const auto& [thrust_x, thrust_y, aim, fire, rail, dash] = action;
    add_all(thrust_x, thrust_y, aim, fire, rail, dash);
  }
  void add(const Ship& ship) {
    const auto& [id, alive, health, position, velocity, held, energy, energy_from_tick, rapid_until_tick,
                 shield_until_tick, respawn_tick, fire_ready_tick, rail_ready_tick, dash_ready_tick, fire_latch_tick,
                 rail_latch_tick, dash_latch_tick] = ship;
    add_all(id, alive, health, position, velocity, held, energy, energy_from_tick, rapid_until_tick, shield_until_tick,
            respawn_tick, fire_ready_tick, rail_ready_tick, dash_ready_tick, fire_latch_tick, rail_latch_tick,
            dash_latch_tick);
  }
  void add(const Player& player) {
    const auto& [ship, name, life, view, fire_press, rail_press, team, score, deaths, streak, best_streak, nemesis,
                 shots_fired, shots_hit, rail_kills, pickups_taken, vote] = player;
    add_all(ship, name, life, view, fire_press, rail_press, team, score, deaths, streak, best_streak, nemesis,
            shots_fired, shots_hit, rail_kills, pickups_taken, vote);
  }
  void add(const Flow& flow) {
    const auto& [phase, phase_end_tick, round, leader, leading_team, team_scores] = flow;
    add_all(phase, phase_end_tick, round, leader, leading_team, team_scores);
  }
  void add(const Shot& shot) {
    const auto& [id, owner, weapon, position, velocity, end_tick] = shot;
    add_all(id, owner, weapon, position, velocity, end_tick);
  }
  void add(const Pickup& pickup) {
    const auto& [id, kind, ready_tick] = pickup;
    add_all(id, kind, ready_tick);
  }
  void add(const PositionSample& sample) {
    const auto& [tick, id, life, at] = sample;
    add_all(tick, id, life, at);
  }

  void add(const Encounter& encounter) {
    const auto& [a, b, tick] = encounter;
    add_all(a, b, tick);
  }

  engine::Hasher hasher_;
};

}  // namespace

std::uint64_t hash(const State& state) {
  StateHash out;
  out.add(state);
  return out.value();
}

}  // namespace game::sim
