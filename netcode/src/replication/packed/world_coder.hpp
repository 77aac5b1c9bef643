// One snapshot's bits, written and read by the same walk, so that both ends see and learn the same: for each group who
// is gone and who is new, then each entity's lanes; last the slow state.
//
// Threading: none of its own.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "netcode/limits.hpp"
#include "replication/packed/birth_coder.hpp"
#include "replication/packed/entity_coder.hpp"
#include "replication/packed/lane_guess.hpp"
#include "replication/packed/packed_state.hpp"
#include "replication/packed/presence_coder.hpp"
#include "replication/packed/slow_coder.hpp"

namespace netcode::packed {

template <class Bits>
class WorldCoder {
 public:
  /// `state` is that of the snapshot before, and becomes this one's. `target` is what a writer writes; a reader has
  /// none.
  WorldCoder(const LaneLayout& layout, State& state, Bits& bits, std::shared_ptr<const LaneWorld> target)
      : layout_(layout), state_(state), bits_(bits), target_(std::move(target)) {}

  /// False: what is read is no sound stream.
  bool code(Tick tick) {
    const Times times(state_, tick);
    if constexpr (!kWrites) read_.groups.resize(layout_.groups().size());
    for (std::size_t group = 0; group < layout_.groups().size(); ++group) {
      if (!code_group(group, times)) return false;
      field_ += 2 + layout_.groups()[group].lanes.size();
    }
    if (!code_slow()) return false;
    if constexpr (!kWrites) target_ = std::make_shared<const LaneWorld>(std::move(read_));
    note_past(tick, times.worlds_kept());
    ++state_.snapshots;
    return !bits_.is_overrun();
  }

 private:
  static constexpr bool kWrites = Bits::kWrites;

  bool code_group(std::size_t group, const Times& times) {
    const LaneGroup& layout = layout_.groups()[group];
    const GroupLanes& old = state_.world().groups[group];
    const std::size_t lanes = layout.lanes.size();
    bits_.at(field_);
    PresenceCoder<Bits> presence(state_.groups[group], bits_, limits::kWorldBytesMax / layout.bytes);
    if (!presence.code(old.keys, kWrites ? &target_->groups[group].keys : nullptr, rows_)) return false;
    if constexpr (!kWrites)
      for (const Row& row : rows_)
        if (!holds_key(layout.key, row.key)) return false;
    bytes_ += rows_.size() * layout.bytes;
    if (bytes_ > limits::kWorldBytesMax) return false;
    GroupHistory& history = state_.history[group];
    if (presence.is_changed()) history = rearranged(history, lanes);
    std::int64_t* read = begin_reading(group, lanes);

    EntityCoder<Bits> entity(layout, state_, group, times, bits_);
    BirthCoder<Bits> birth(layout_, state_, group, times.tick, bits_);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const std::int64_t* now = kWrites ? target_->groups[group].values.data() + i * lanes : read;
      if (rows_[i].before == Row::kBorn) {
        birth.code(now, read, owners(group), field_ + 2);
      } else {
        const bool next_hit = i + 1 < rows_.size() && (history.entities[i + 1].hits & 1U) != 0;
        entity.code(rows_[i].key, rows_[i].before, now, read, history.residuals.data() + i * lanes, history.entities[i],
                    next_hit, field_);
      }
      if (bits_.is_overrun()) return false;
      if constexpr (!kWrites) read += lanes;
    }
    return true;
  }

  // This World, and of those before as many as leave room.
  void note_past(Tick tick, std::size_t kept) {
    std::vector<PastWorld>& past = state_.past;
    if (past.size() >= kept) past.erase(past.begin() + static_cast<std::ptrdiff_t>(kept) - 1, past.end());
    past.insert(past.begin(), {.tick = tick, .world = std::move(target_)});
  }

  // Those of types that are smaller than 4 bytes have fewer.
  static bool holds_key(const Lane& key, std::uint32_t value) {
    return key.bits >= 32 ||
           fit(key, value) == (key.is_signed ? static_cast<std::int32_t>(value) : std::int64_t{value});
  }

  // As before, but of those that are there now.
  GroupHistory rearranged(const GroupHistory& old, std::size_t lanes) const {
    GroupHistory now;
    now.entities.resize(rows_.size());
    now.residuals.resize(rows_.size() * lanes);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const std::size_t before = rows_[i].before;
      if (before == Row::kBorn) continue;
      now.entities[i] = old.entities[before];
      for (std::size_t lane = 0; lane < lanes; ++lane)
        now.residuals[i * lanes + lane] = old.residuals[before * lanes + lane];
    }
    return now;
  }

  // Room for what a reader reads of the group.
  std::int64_t* begin_reading(std::size_t group, std::size_t lanes) {
    if constexpr (kWrites) {
      return nullptr;
    } else {
      GroupLanes& to = read_.groups[group];
      to.keys.reserve(rows_.size());
      for (const Row& row : rows_) to.keys.push_back(row.key);
      to.values.resize(rows_.size() * lanes);
      return to.values.data();
    }
  }

  // The World in which the owners of a group's entities are looked up: this one, if they are coded already.
  const LaneWorld& owners(std::size_t group) const {
    if (state_.groups[group].owner_group > static_cast<int>(group)) return state_.world();
    return kWrites ? *target_ : read_;
  }

  bool code_slow() {
    if constexpr (!kWrites) read_.slow = state_.world().slow;
    for (std::size_t i = 0; i < layout_.slow().size(); ++i) {
      bits_.at(field_++);
      SlowCoder<Bits> slow(state_.slow[i], bits_, bytes_);
      if constexpr (kWrites) {
        if (!slow.write(state_.world().slow, target_->slow, i)) return false;
      } else {
        if (!slow.read(read_.slow, i)) return false;
      }
    }
    return true;
  }

  const LaneLayout& layout_;
  State& state_;
  Bits& bits_;
  std::shared_ptr<const LaneWorld> target_;
  LaneWorld read_;  // a reader's, as far as it has come
  std::vector<Row> rows_;
  std::size_t bytes_ = 0;  // of the World so far, about
  std::size_t field_ = 0;  // where in field_names the group begins
};

}  // namespace netcode::packed
