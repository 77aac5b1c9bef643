#include "crowd.hpp"

#include <memory>
#include <string>

#include "support.hpp"

namespace game::test {

Crowd::Crowd(std::uint16_t count, int level, std::uint64_t seed) : Crowd(std::vector<int>(count, level), seed) {}

Crowd::Crowd(const std::vector<int>& levels, std::uint64_t seed) : map(foundry()), rng(seed) {
  sim::Options options;
  options.warmup_ticks = 0;
  options.snapshot_interval_ticks = 1;  // what they are shown is the newest tick
  state = sim::make_state(options, *map, static_cast<std::uint32_t>(seed));
  static const auto grid = std::make_shared<const bots::NavGrid>(map);
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const auto id = static_cast<sim::PlayerId>(i + 1);
    sim::join(state, id, "bot " + std::to_string(id));
    brains_.emplace_back(levels[i], seed * 1000 + id, grid);
  }
}

std::vector<sim::Action> Crowd::think() {
  std::vector<sim::Action> actions;
  for (std::size_t i = 0; i < brains_.size(); ++i) {
    const auto id = static_cast<sim::PlayerId>(i + 1);
    sim::view_of(state, id, view_);
    actions.push_back(brains_[i].think(view_, id, state.tick + 1));
  }
  return actions;
}

void Crowd::advance(const std::vector<sim::Action>& actions) {
  for (std::size_t i = 0; i < actions.size(); ++i)
    sim::apply_action(state, static_cast<sim::PlayerId>(i + 1), actions[i], {.tick = state.tick});
  events.clear();
  sim::step(state, *map, rng, state.tick + 1, events);
}

}  // namespace game::test
