// A match of bots on foundry, without a server: what golden hashes, statistics and benchmarks run.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/rng.hpp"
#include "game/bots/brain.hpp"
#include "game/sim/match.hpp"

namespace game::test {

class Crowd {
 public:
  // `count` bots of this level, ids from 1 up, in a match without a warm-up.
  Crowd(std::uint16_t count, int level, std::uint64_t seed);
  // The same with a level for each.
  Crowd(const std::vector<int>& levels, std::uint64_t seed);

  // What they do next; does not change the match.
  std::vector<sim::Action> think();
  // The next tick with these actions, by rising id.
  void advance(const std::vector<sim::Action>& actions);
  void step() { advance(think()); }

  std::shared_ptr<const sim::Map> map;
  engine::Rng rng;
  sim::State state;
  std::vector<sim::Event> events;  // of the last tick

 private:
  std::vector<bots::Brain> brains_;
  sim::PlayerView view_;
};

}  // namespace game::test
