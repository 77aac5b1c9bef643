// What both ends of a stream of packed snapshots know after one of them: the last Worlds as numbers, how well each
// entity was guessed, and what has been learned of how such Worlds change. The next snapshot is coded against it.
//
// Threading: a value. Equal on both ends after the same snapshots, whatever the machine.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "netcode/ids.hpp"
#include "replication/lane_layout.hpp"
#include "replication/lane_world.hpp"
#include "replication/packed/bit_model.hpp"
#include "replication/packed/lane_learner.hpp"
#include "replication/packed/value_models.hpp"
#include "replication/packed/when_used.hpp"

namespace netcode::packed {

/// Ways to guess a lane's next value; which is best is found out lane by lane, and of kAlike entity by entity.
enum class Guess : std::uint8_t {
  kSame,       // as it was
  kOnward,     // changes as it did last
  kRateAfter,  // by its rate as it is now,
  kRateEuler,  // ... as if that had changed evenly tick by tick and each tick began with it,
  kRateMean,   // ... or by the mean of before and now
  kTick,       // as far from the tick as when it changed last
  kLearned,    // as LaneLearner says
  kAlike,      // as it went on when its entity was most like now
  kRound,      // what makes a vector of the usual length with the lane before it
};
inline constexpr std::size_t kGuesses = 9;
inline constexpr std::size_t kBirthGuesses = 6;

/// At most so many Worlds are kept.
inline constexpr std::size_t kPastMax = 14;

struct PastWorld {
  Tick tick;
  std::shared_ptr<const LaneWorld> world;
};

struct EntityHistory {
  std::uint8_t hits = 0;        // of the last 8 snapshots, the newest lowest: was all of it as guessed?
  std::uint8_t usual_cost = 0;  // of late, what the lanes' own guesses missed by, in halves of all lanes' binary digits
  std::uint8_t alike_cost = 0;  // ... and what Guess::kAlike did
};

struct GroupHistory {
  std::vector<EntityHistory> entities;
  std::vector<std::uint8_t>
      residuals;  // of each lane: the symbol it was coded with; from bit 4 its usual width of late, in halves
};

/// How a lane is coded for a while.
struct LaneChoice {
  static constexpr std::size_t kPartnersMax = 2;

  Guess first = Guess::kSame;
  Guess second = Guess::kSame;  // where the first is missed
  bool is_quiet = true;         // it is hardly ever missed
  bool learns = false;
  std::array<std::uint8_t, kPartnersMax> partners{};  // lanes from which it is learned
  std::uint8_t partner_count = 0;
};

/// Is the best guess missed? By the contexts of MixedSymbols.
struct MissModels {
  std::array<BitModel, kContextsInAll> missed{};
  Mixer<3> mixer;
  SymbolModel after;  // against the second guess, where the first is missed
};

/// Which of a lane's symbols is which: those of MixedSymbols come first.
inline constexpr std::size_t kNumberAt = kContextsInAll;
inline constexpr std::size_t kBirthAt = kNumberAt + kNumberModels;
inline constexpr std::size_t kLaneSymbols = kBirthAt + kBirthGuesses;

/// Learned of one lane, for all entities of a group.
struct LaneModels {
  SymbolModels<kLaneSymbols> symbols;
  MixedSymbols moved;  // of residuals, where there is but one guess
  WhenUsed<MissModels> misses;
  WhenUsed<LaneLearner> learner;
  LaneChoice choice;
  std::array<std::uint32_t, kGuesses> cost{};       // 4096ths of binary digits, on average
  std::array<std::uint32_t, kGuesses> miss_cost{};  // of those that the best guess missed
  std::array<std::uint32_t, kBirthGuesses> birth_cost{};
  std::array<BitModel, 4> round_sign{};  // does its sign change? By how far from nought it was
  BitModel birth_sign;
  std::int64_t square = 0;       // 16ths: what it and the lane before it squared make
  std::int64_t tick_offset = 0;  // of its last change, from the tick
  std::int64_t last_birth = 0;
  int owner_lane = -1;  // of the owner's entity, the one of the same name
};

struct GroupModels {
  std::vector<LaneModels> lanes;
  std::array<std::array<BitModel, 64>, 3> hit{};
  std::array<Mixer<3>, 4> hit_mixers{};
  std::array<BitModel, 4> quiet{};  // does any lane differ of those that hardly ever do?
  BitModel any_gone, any_born, more_born;
  std::array<BitModel, 2> gone{};
  std::array<ResidualModels, 2> keys;
  int owner_group = -1;       // where owners' entities are
  std::int64_t next_key = 0;  // one more than the newest that was born
};

struct SlowModels {
  BitModel any_change, changed, gone, any_born, more_born, same_length;
  std::array<BitModel, 64> same{};
  std::array<BitModel, 256> byte{};
  ResidualModels lengths, keys;
};

struct State {
  explicit State(const LaneLayout& layout);
  /// Of somebody who has this World, and has learned nothing yet.
  State(const LaneLayout& layout, PastWorld last);

  /// The newest first; at the beginning an empty one of tick 0.
  std::vector<PastWorld> past;
  std::vector<GroupHistory> history;
  std::vector<GroupModels> groups;
  std::vector<SlowModels> slow;
  std::uint32_t snapshots = 0;

  const LaneWorld& world() const { return *past.front().world; }
  Tick tick() const { return past.front().tick; }

 private:
  void find_owners(const LaneLayout& layout, std::size_t group);
  static void expect(const Lane& lane, LaneModels& models);
};

}  // namespace netcode::packed
