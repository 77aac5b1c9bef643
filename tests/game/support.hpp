// What the arena's tests share: bare maps, and a match whose ships can be put where a test wants them.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/core/rng.hpp"
#include "game/sim/map.hpp"
#include "game/sim/match.hpp"

namespace game::test {

inline constexpr sim::Vec u(std::int32_t x, std::int32_t y) { return {x * sim::kUnit, y * sim::kUnit}; }

// 3000 by 2000 u without a wall.
inline sim::MapPlan bare_ground() {
  return {.name = "bare",
          .size = u(3000, 2000),
          .players_max = 16,
          .walls = {},
          .spawns = {u(100, 100), u(2900, 1900), u(100, 1900), u(2900, 100)},
          .pads = {}};
}

// No warm-up, no countdown to speak of: tick 1 enters the countdown, tick 2 the round.
inline sim::Options at_once() {
  sim::Options options;
  options.players_to_start = 1;
  options.warmup_ticks = 0;
  options.countdown_ticks = 1;
  options.time_limit_ticks = 0;
  return options;
}

class Match {
 public:
  explicit Match(sim::MapPlan plan = bare_ground(), const sim::Options& options = at_once(), std::uint64_t seed = 7)
      : map(std::make_shared<const sim::Map>(std::move(plan))),
        rng(seed),
        state(sim::make_state(options, *map, static_cast<std::uint32_t>(seed))) {}

  void step() {
    tick_events.clear();
    sim::step(state, *map, rng, state.tick + 1, tick_events);
    events.insert(events.end(), tick_events.begin(), tick_events.end());
  }
  void run(std::uint32_t ticks) {
    for (std::uint32_t i = 0; i < ticks; ++i) step();
  }
  void run_until(sim::Phase phase, std::uint32_t ticks_max = 100000) {
    for (std::uint32_t i = 0; i < ticks_max && state.flow.phase != phase; ++i) step();
    ASSERT_EQ(state.flow.phase, phase);
  }

  // Joins players 1 to `count` and runs into the round.
  void start(sim::PlayerId count) {
    for (sim::PlayerId id = 1; id <= count; ++id) sim::join(state, id, "player " + std::to_string(id));
    run_until(sim::Phase::kRound);
    events.clear();
  }

  sim::Player& player(sim::PlayerId id) { return *sim::find_player(state, id); }
  sim::Ship& ship(sim::PlayerId id) { return player(id).ship; }

  // At rest, whole, without a shield.
  sim::Ship& place(sim::PlayerId id, sim::Vec at) {
    sim::Ship& placed = ship(id);
    placed.position = at;
    placed.velocity = {};
    placed.shield_until_tick = 0;
    return placed;
  }
  void act(sim::PlayerId id, const sim::Action& action, sim::ViewTime view = {}, std::uint32_t ticks_late = 0) {
    sim::apply_action(state, id, action, view, ticks_late);
  }

  template <class E>
  std::vector<E> all() const {
    std::vector<E> found;
    for (const sim::Event& event : events) {
      if (const E* one = std::get_if<E>(&event)) found.push_back(*one);
    }
    return found;
  }
  template <class E>
  bool has_now() const {
    for (const sim::Event& event : tick_events) {
      if (std::holds_alternative<E>(event)) return true;
    }
    return false;
  }

  std::shared_ptr<const sim::Map> map;
  engine::Rng rng;
  sim::State state;
  std::vector<sim::Event> events;       // of all ticks
  std::vector<sim::Event> tick_events;  // of the last one
};

inline constexpr engine::Angle kAimRight = 0;
inline constexpr engine::Angle kAimDown = 16384;

// When both are alive, with the others out of the way: the victim is in front of the killer's rail with a point of
// health left.
void frag(Match& match, sim::PlayerId killer, sim::PlayerId victim);

// The compiled maps of the arena.
std::vector<std::uint8_t> map_bytes(const std::string& name);
std::shared_ptr<const sim::Map> map_named(const std::string& name);
std::vector<std::uint8_t> foundry_bytes();
std::shared_ptr<const sim::Map> foundry();

}  // namespace game::test
