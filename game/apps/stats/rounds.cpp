#include "game/apps/stats/rounds.hpp"

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>

#include "engine/core/rng.hpp"
#include "game/bots/brain.hpp"
#include "game/sim/match.hpp"
#include "game/sim/player_view.hpp"

namespace game::stats {
namespace {

// A round has a time limit, and so has sudden death; this is beyond both.
constexpr std::uint32_t kRoundTicksMax = sim::seconds(600);

}  // namespace

Tally play_round(const RoundsAsked& asked, std::uint32_t number) {
  const sim::Map& map = asked.grid->map();
  engine::Rng rng(asked.seed, number);
  sim::Options options = sim::options_of(asked.mode);
  options.players_to_start = static_cast<std::uint16_t>(asked.bots);
  options.warmup_ticks = 0;
  options.countdown_ticks = 1;
  options.snapshot_interval_ticks = 1;  // what bots are shown here is the newest tick
  sim::State state = sim::make_state(options, map, rng.next());
  std::vector<bots::Brain> brains;
  for (const int level : levels_of(asked, number)) {
    const auto id = static_cast<sim::PlayerId>(brains.size() + 1);
    sim::join(state, id, "bot " + std::to_string(id));
    const std::uint64_t high = rng.next();
    brains.emplace_back(level, high << 32U | rng.next(), asked.grid);
  }
  RoundWatch watch(map);
  sim::PlayerView view;
  std::vector<sim::Event> events;
  while (watch.tally().rounds == 0 && state.tick < kRoundTicksMax) {
    for (std::size_t i = 0; i < brains.size(); ++i) {
      const auto id = static_cast<sim::PlayerId>(i + 1);
      sim::view_of(state, id, view);
      sim::apply_action(state, id, brains[i].think(view, id, state.tick + 1), {.tick = state.tick});
    }
    events.clear();
    sim::step(state, map, rng, state.tick + 1, events);
    watch.watch(state, events);
  }
  return watch.tally();
}

Tally play_rounds(const RoundsAsked& asked) {
  std::vector<Tally> tallies(asked.rounds);
  std::atomic<std::uint32_t> next = 0;
  const auto work = [&] {
    for (std::uint32_t number = next++; number < asked.rounds; number = next++)
      tallies[number] = play_round(asked, number);
  };
  std::vector<std::thread> threads;
  const std::uint32_t count = std::clamp(std::thread::hardware_concurrency(), 1U, std::max(asked.rounds, 1U));
  for (std::uint32_t i = 1; i < count; ++i) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
  Tally sum;
  for (const Tally& one : tallies) sum.add(one);
  return sum;
}

std::vector<int> levels_of(const RoundsAsked& asked, std::uint32_t round) {
  constexpr std::uint32_t kLevels = bots::kLevelMax - bots::kLevelMin + 1;
  const std::uint32_t first = round % (asked.bots < kLevels ? kLevels - asked.bots + 1 : kLevels);
  std::vector<int> out;
  for (std::uint32_t i = 0; i < asked.bots; ++i)
    out.push_back(asked.level != 0 ? asked.level : bots::kLevelMin + static_cast<int>((first + i) % kLevels));
  return out;
}

}  // namespace game::stats
