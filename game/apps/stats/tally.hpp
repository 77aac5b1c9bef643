// What is measured of rounds: sums, so that rounds can be added up in any order of their making.
//
// Plain values. Times in ticks.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "game/sim/event.hpp"
#include "game/sim/map.hpp"
#include "game/sim/state.hpp"

namespace game::stats {

inline constexpr std::uint32_t kSpawnDeathTicks = sim::seconds(2);

struct Tally {
  std::uint32_t rounds = 0;
  std::uint64_t player_ticks = 0;        // of all players together, alive or not
  std::uint64_t lives = 0;               // that a kill has ended
  std::uint64_t life_ticks = 0;          // of those, from coming in to the kill
  std::uint64_t spawn_deaths = 0;        // of those, within 2 s of coming in
  std::uint64_t contacts = 0;            // lives that have met an enemy
  std::uint64_t contact_ticks = 0;       // from coming in until then
  std::array<std::uint64_t, 3> kills{};  // by sim::Weapon
  std::uint64_t lead_changes = 0;        // how often somebody took the lead, from another or from a draw
  std::vector<std::uint32_t> wins{};     // by seat, or by team

  void add(const Tally& other);
  std::uint64_t kill_count() const { return kills[0] + kills[1] + kills[2]; }
};

// Watches one match, tick for tick, and tallies its rounds.
class RoundWatch {
 public:
  // `map` must outlive it.
  explicit RoundWatch(const sim::Map& map) : map_(map) {}

  // After each tick, with what it told.
  void watch(const sim::State& state, std::span<const sim::Event> events);

  const Tally& tally() const { return tally_; }

 private:
  struct Life {
    sim::PlayerId player = sim::kNobody;
    std::uint32_t since_tick = 0;
    bool had_contact = false;
  };

  void on(const sim::State& state, const sim::RoundStarted& event);
  void on(const sim::State& state, const sim::Spawned& event);
  void on(const sim::State& state, const sim::Kill& event);
  void on(const sim::State& state, const sim::LeadChanged& event);
  void on(const sim::State& state, const sim::RoundEnded& event);
  template <class Other>
  void on(const sim::State&, const Other&) {}
  void look_for_contacts(const sim::State& state);
  Life& life_of(sim::PlayerId player);

  const sim::Map& map_;
  bool in_round_ = false;
  std::vector<Life> lives_;
  Tally tally_;
};

}  // namespace game::stats
