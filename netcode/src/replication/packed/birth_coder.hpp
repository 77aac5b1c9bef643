// The lanes of an entity that is new: each from nought, the last one that was born, its owner, the tick, the lane
// before it or the place its rate has brought it to, whichever has been nearest of late.
//
// Threading: none of its own.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "replication/packed/lane_guess.hpp"
#include "replication/packed/packed_state.hpp"

namespace netcode::packed {

template <class Bits>
class BirthCoder {
 public:
  BirthCoder(const LaneLayout& layout, State& state, std::size_t group, Tick tick, Bits& bits)
      : layout_(layout), state_(state), group_(group), tick_(tick), bits_(bits) {}

  /// `now` is what a writer writes, `read` where a reader's go; `owners` the World of which owners are read: of the
  /// groups before this one the new World, else the one before. The first lane's field is `field`.
  void code(const std::int64_t* now, std::int64_t* read, const LaneWorld& owners, std::size_t field) {
    const LaneGroup& layout = layout_.groups()[group_];
    const std::int64_t* owner = nullptr;
    for (std::size_t lane = 0; lane < layout.public_lanes; ++lane) {
      bits_.at(field + lane);
      const std::int64_t value = code_lane(layout.lanes[lane], lane, now, owner);
      if constexpr (!Bits::kWrites) read[lane] = value;
      if (layout.owner == static_cast<int>(lane)) owner = find_owner(owners, value);
    }
  }

 private:
  std::int64_t code_lane(const Lane& what, std::size_t lane, const std::int64_t* now, const std::int64_t* owner) {
    LaneModels& models = state_.groups[group_].lanes[lane];
    const std::int64_t of_owner = owner && models.owner_lane >= 0 ? owner[models.owner_lane] : 0;
    const std::int64_t rate = what.rate < 0 ? 0 : now[what.rate];
    const std::int64_t round = has_neighbour(layout_.groups()[group_], lane) ? beside(models.square, now[lane - 1]) : 0;
    std::array<std::int64_t, kBirthGuesses> guesses = {
        0, models.last_birth, of_owner, moved(what, models.tick_offset, tick_), moved(what, of_owner, rate), round};
    const std::size_t choice = cheapest(models.birth_cost, [&](std::size_t i) {
      return i < 4 || (i == 4 ? what.rate >= 0 : has_neighbour(layout_.groups()[group_], lane));
    });
    if (choice == 5) {
      const bool is_negative = code_bit(bits_, Bits::kWrites && now[lane] < 0, models.birth_sign);
      if (is_negative) guesses[5] = -guesses[5];
    }
    const std::int64_t residual = code_number(
        bits_, Bits::kWrites ? difference(what, now[lane], guesses[choice]) : 0, models.symbols, kNumberAt,
        [&](std::size_t symbol) { return code_symbol(bits_, symbol, models.symbols.of(kBirthAt + choice)); });
    const std::int64_t value = moved(what, guesses[choice], residual);
    if (choice != 5 && value < 0) guesses[5] = -guesses[5];
    for (std::size_t i = 0; i < guesses.size(); ++i)
      note_cost(models.birth_cost[i], cost_of(difference(what, value, guesses[i])));
    if (has_neighbour(layout_.groups()[group_], lane)) note_square(models.square, now[lane - 1], value);
    models.last_birth = value;
    models.tick_offset = minus(value, std::int64_t{tick_});
    return value;
  }

  // The entity whose key is the owner's PlayerId.
  const std::int64_t* find_owner(const LaneWorld& world, std::int64_t player) const {
    const int group = state_.groups[group_].owner_group;
    if (group < 0) return nullptr;
    const GroupLanes& there = world.groups[static_cast<std::size_t>(group)];
    const auto found = std::lower_bound(there.keys.begin(), there.keys.end(), player,
                                        [](std::uint32_t key, std::int64_t id) { return std::int64_t{key} < id; });
    if (found == there.keys.end() || std::int64_t{*found} != player) return nullptr;
    return there.values.data() + static_cast<std::size_t>(found - there.keys.begin()) *
                                     layout_.groups()[static_cast<std::size_t>(group)].lanes.size();
  }

  const LaneLayout& layout_;
  State& state_;
  std::size_t group_;
  Tick tick_;
  Bits& bits_;
};

}  // namespace netcode::packed
