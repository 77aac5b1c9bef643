#include "replication/packed/packed_codec.hpp"

#include <algorithm>
#include <utility>

#include "replication/packed/slow_coder.hpp"
#include "replication/packed/world_coder.hpp"

namespace netcode::packed {
namespace {

/// 4096ths of binary digits.
constexpr std::uint32_t kUnexpectedCost = 2 * 4096;

}  // namespace

State::State(const LaneLayout& layout)
    : history(layout.groups().size()), groups(layout.groups().size()), slow(layout.slow().size()) {
  LaneWorld empty;
  empty.groups.resize(layout.groups().size());
  empty.slow.edit().resize(layout.slow().size());
  past.push_back({.tick = 0, .world = std::make_shared<const LaneWorld>(std::move(empty))});
  for (std::size_t i = 0; i < groups.size(); ++i) {
    groups[i].lanes.resize(layout.groups()[i].public_lanes);
    for (std::size_t lane = 0; lane < groups[i].lanes.size(); ++lane)
      expect(layout.groups()[i].lanes[lane], groups[i].lanes[lane]);
    if (layout.groups()[i].owner >= 0) find_owners(layout, i);
  }
}

State::State(const LaneLayout& layout, PastWorld last) : State(layout) {
  for (std::size_t i = 0; i < history.size(); ++i) {
    history[i].entities.resize(last.world->groups[i].keys.size());
    history[i].residuals.resize(last.world->groups[i].keys.size() * layout.groups()[i].lanes.size());
  }
  past = {std::move(last)};
}

// As the schema says, until its Worlds say otherwise.
void State::expect(const Lane& lane, LaneModels& models) {
  if (lane.jumps || (lane.rate < 0 && !lane.is_linear)) return;
  const Guess expected = lane.rate >= 0 ? Guess::kRateEuler : Guess::kOnward;
  models.cost.fill(kUnexpectedCost);
  models.cost[static_cast<std::size_t>(expected)] = 0;
}

// The first group whose keys are PlayerIds.
void State::find_owners(const LaneLayout& layout, std::size_t group) {
  const auto is_owner = [](const LaneGroup& other) { return other.owner < 0; };
  const auto found = std::find_if(layout.groups().begin(), layout.groups().end(), is_owner);
  if (found == layout.groups().end()) return;
  groups[group].owner_group = static_cast<int>(found - layout.groups().begin());
  for (std::size_t lane = 0; lane < groups[group].lanes.size(); ++lane)
    for (std::size_t i = 0; i < found->public_lanes; ++i)
      if (found->lanes[i].name == layout.groups()[group].lanes[lane].name)
        groups[group].lanes[lane].owner_lane = static_cast<int>(i);
}

bool encode(const LaneLayout& layout, State& state, Tick tick, std::shared_ptr<const LaneWorld> world, Bytes& to) {
  BitWriter bits(to);
  if (!WorldCoder<BitWriter>(layout, state, bits, std::move(world)).code(tick)) return false;
  bits.end();
  return true;
}

void count(const LaneLayout& layout, State& state, Tick tick, std::shared_ptr<const LaneWorld> world,
           std::vector<BitCounter::Field>& fields) {
  BitCounter bits(fields);
  WorldCoder<BitCounter>(layout, state, bits, std::move(world)).code(tick);
}

std::vector<std::string> field_names(const LaneLayout& layout) {
  std::vector<std::string> names;
  for (const LaneGroup& group : layout.groups()) {
    names.push_back(group.name + " (who)");
    names.push_back(group.name + " (as guessed)");
    for (const Lane& lane : group.lanes) names.push_back(group.name + "." + lane.name);
  }
  for (const SlowVector& slow : layout.slow()) names.push_back(slow.name.empty() ? "the rest" : slow.name);
  return names;
}

engine::Result<void> decode(const LaneLayout& layout, State& state, Tick tick, BytesView from) {
  BitReader bits(from);
  if (!WorldCoder<BitReader>(layout, state, bits, nullptr).code(tick))
    return engine::error("the packed snapshot of tick {} is damaged", tick);
  return {};
}

}  // namespace netcode::packed
