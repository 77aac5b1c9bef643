// A World as numbers: the lanes of its entities, by key, and its slow state as runs of bytes. What the packed codec
// codes, and what it compares.
//
// Threading: values, pure functions. Two Worlds with equal LaneWorlds say the same: the order of elements, bytes that
// mean nothing, and whether an empty vector is there make no difference.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <vector>

#include "engine/core/result.hpp"
#include "netcode/bytes.hpp"
#include "netcode/ids.hpp"
#include "replication/lane_layout.hpp"

namespace netcode {

/// By rising key; `values` has each entity's lanes one after the other, in the layout's order.
struct GroupLanes {
  std::vector<std::uint32_t> keys;
  std::vector<std::int64_t> values;

  bool operator==(const GroupLanes&) const = default;
};

/// Its table's run (slow_table.hpp).
struct SlowElement {
  std::uint32_t key;
  Bytes run;

  bool operator==(const SlowElement&) const = default;
};

/// By LaneLayout::slow, each by rising key. Copies share what they hold until one of them is changed: it hardly ever
/// is, and a match has many copies.
class SlowState {
 public:
  using Elements = std::vector<SlowElement>;

  SlowState() = default;
  SlowState(std::initializer_list<Elements> vectors) : vectors_(std::make_shared<std::vector<Elements>>(vectors)) {}

  bool empty() const { return size() == 0; }
  std::size_t size() const { return vectors_ ? vectors_->size() : 0; }
  const Elements& operator[](std::size_t i) const { return (*vectors_)[i]; }
  const Elements& back() const { return vectors_->back(); }
  std::vector<Elements>::const_iterator begin() const { return vectors_ ? vectors_->begin() : nothing().begin(); }
  std::vector<Elements>::const_iterator end() const { return vectors_ ? vectors_->end() : nothing().end(); }

  /// To be changed: other copies stay as they are.
  std::vector<Elements>& edit() {
    if (!vectors_) {
      vectors_ = std::make_shared<std::vector<Elements>>();
    } else if (vectors_.use_count() > 1) {
      vectors_ = std::make_shared<std::vector<Elements>>(*vectors_);
    }
    return *vectors_;
  }

  /// One is a copy of the other.
  bool is_same(const SlowState& other) const { return vectors_ == other.vectors_; }
  bool operator==(const SlowState& other) const {
    return is_same(other) || std::equal(begin(), end(), other.begin(), other.end());
  }

 private:
  static const std::vector<Elements>& nothing();

  std::shared_ptr<std::vector<Elements>> vectors_;  // null: none
};

struct LaneWorld {
  std::vector<GroupLanes> groups;  // by LaneLayout::groups
  SlowState slow;

  bool operator==(const LaneWorld&) const = default;
};
using LaneWorldPtr = std::shared_ptr<const LaneWorld>;

/// `world` is verified. An error: two elements of one vector have the same key.
engine::Result<LaneWorld> read_world(const LaneLayout& layout, BytesView world);
/// That part alone; of two elements with one key both.
SlowState read_slow_state(const LaneLayout& layout, BytesView world);
/// Is the vector there at all?
bool has_vector(const SlowVector& slow, BytesView world);

/// Is the entity `viewer`'s? `values`: its lanes.
bool is_owned(const LaneGroup& group, std::uint32_t key, const std::int64_t* values, PlayerId viewer);

/// Of a World that was read from or written by the functions here or by the game: what is owner_only becomes zero in
/// each element that is not `viewer`'s. kNoPlayer owns nothing.
void hide_owner_only(const LaneLayout& layout, PlayerId viewer, std::span<std::uint8_t> world);
void hide_owner_only(const LaneLayout& layout, PlayerId viewer, LaneWorld& world);

/// Equal for equal Worlds, without what is owner_only.
std::uint32_t public_hash(const LaneLayout& layout, const LaneWorld& world);

/// A buffer of the World table, aligned to 8 where it lies. An error: its slow state, from outside, is none. Every
/// vector of elements is there, be it empty.
engine::Result<Bytes> write_world(const LaneLayout& layout, const LaneWorld& world);

}  // namespace netcode
