// How many bytes the arena's snapshots take when they are packed. The same numbers come out on every machine, so that
// what makes them grow, be it in the codec, in the schema or in the rules, is seen before anybody pays for it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <numeric>
#include <utility>
#include <vector>

#include "arena_bfbs_generated.h"
#include "arena_generated.h"
#include "crowd.hpp"
#include "game/wire/world.hpp"
#include "netcode/schema.hpp"
#include "replication/lane_layout.hpp"
#include "replication/lane_world.hpp"
#include "replication/packed/packed_codec.hpp"

namespace game::wire {
namespace {

// Bytes of a snapshot without what only its receiver is told, in the second half of 20 s of the fight below. Whoever
// makes them smaller, or larger for a good reason, writes down what is printed then.
constexpr double kMeanBytes = 84.35;
constexpr double kP99Bytes = 124;
constexpr double kGrowthMax = 1.05;

constexpr std::uint32_t kFightTicks = 20 * 60;
constexpr std::uint32_t kSnapshotTicks = 2;

struct Sizes {
  double mean = 0;
  double p99 = 0;
};

/// 16 bots of all levels, everybody against everybody on foundry, as a spectator is told of it 30 times a second.
Sizes sizes_of_a_fight() {
  const netcode::BytesView bfbs(arena::WorldBinarySchema::data(), arena::WorldBinarySchema::size());
  const auto schema = netcode::Schema::load(bfbs, arena::World::GetFullyQualifiedName()).value();
  const auto layout = netcode::LaneLayout::load(schema, arena::World::GetFullyQualifiedName()).value();
  test::Crowd crowd({1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 3}, 2026);
  netcode::packed::State state(*layout);
  flatbuffers::FlatBufferBuilder builder;
  std::vector<std::size_t> sizes;
  while (crowd.state.tick < kFightTicks) {
    crowd.step();
    if (crowd.state.tick % kSnapshotTicks != 0) continue;
    builder.Clear();
    builder.Finish(write_world(crowd.state, crowd.map->name(), builder));
    auto world = netcode::read_world(*layout, {builder.GetBufferPointer(), builder.GetSize()}).value();
    netcode::hide_owner_only(*layout, netcode::kNoPlayer, world);
    netcode::Bytes packed;
    EXPECT_TRUE(netcode::packed::encode(*layout, state, crowd.state.tick,
                                        std::make_shared<const netcode::LaneWorld>(std::move(world)), packed));
    sizes.push_back(packed.size());
  }
  sizes.erase(sizes.begin(), sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() / 2));
  std::sort(sizes.begin(), sizes.end());
  const auto sum = static_cast<double>(std::accumulate(sizes.begin(), sizes.end(), std::size_t{0}));
  return {.mean = sum / static_cast<double>(sizes.size()),
          .p99 = static_cast<double>(sizes[(sizes.size() - 1) * 99 / 100])};
}

TEST(PackedSize, of_a_fight_of_16_bots_has_not_grown_by_a_twentieth) {
  const Sizes sizes = sizes_of_a_fight();
  EXPECT_LE(sizes.mean, kMeanBytes * kGrowthMax) << "mean " << sizes.mean << ", p99 " << sizes.p99;
  EXPECT_LE(sizes.p99, kP99Bytes * kGrowthMax) << "mean " << sizes.mean << ", p99 " << sizes.p99;
}

}  // namespace
}  // namespace game::wire
