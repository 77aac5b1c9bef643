// What both ends of a stream of packed snapshots know after one of them: the World's lanes, how each moved, and what has
// been learned of how such Worlds change. The next snapshot is coded against it.
//
// Threading: a value. Equal on both ends after the same snapshots, whatever the machine.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "netcode/ids.hpp"
#include "replication/lane_layout.hpp"
#include "replication/lane_world.hpp"
#include "replication/packed/bit_model.hpp"
#include "replication/packed/value_models.hpp"

namespace netcode::packed {

/// Ways to guess a lane's next value. Which is best is found out lane by lane.
enum class Guess : std::uint8_t { kSame, kOnward, kRateAfter, kRateEuler, kRateMean, kTick, kLearned };
inline constexpr std::size_t kGuesses = 7;

/// What one lane of one entity did last.
struct LaneHistory {
  std::int64_t step = 0;      // its last change
  std::int32_t residual = 0;  // how far the last guess was off
};

struct EntityHistory {
  std::uint8_t hits = 0;    // of the last 8 snapshots, the newest lowest: was all of it as guessed?
};

/// Learned of one lane, for all entities of a group.
struct LaneModels {
  ResidualModels residuals;      // against the best guess
  ResidualModels after_miss;     // against the second, where the first is missed
  ResidualModels at_birth;
  std::array<std::uint32_t, kGuesses> cost{};       // 256ths of binary digits, on average
  std::array<std::uint32_t, kGuesses> miss_cost{};
  std::array<std::uint32_t, 4> birth_cost{};
  std::int64_t tick_offset = 0;  // of its last change, from the tick
  std::int64_t last_birth = 0;
};

struct GroupModels {
  std::vector<LaneModels> lanes;
  std::array<std::array<BitModel, 64>, 3> hit{};
  std::array<Mixer<3>, 4> hit_mixers{};
  BitModel any_gone, any_born, more_born;
  std::array<BitModel, 2> gone{};
  ResidualModels keys;
  std::int64_t next_key = 0;  // one more than the newest that was born
};

struct SlowModels {
  BitModel any_change, changed, any_gone, gone, any_born, more_born;
  std::array<BitModel, 64> same{};
  std::array<BitModel, 256> byte{};
  BitModel same_length;
  ResidualModels lengths, keys;
};

struct GroupHistory {
  std::vector<LaneHistory> lanes;  // as GroupLanes::values
  std::vector<EntityHistory> entities;
};

struct State {
  Tick tick = 0;       // 0: nothing was coded yet
  Tick interval = 0;   // ticks from the snapshot before to this one
  LaneWorld world;
  std::vector<GroupHistory> history;
  std::vector<GroupModels> groups;
  std::vector<SlowModels> slow;

  explicit State(const LaneLayout& layout);
};

}  // namespace netcode::packed
