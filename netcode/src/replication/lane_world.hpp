// A World as numbers: the lanes of its entities, by key, and its slow state as runs of bytes. What the packed codec
// codes, and what it compares.
//
// Threading: values, pure functions. Two Worlds with equal LaneWorlds say the same: the order of elements, bytes that
// mean nothing, and whether an empty vector is there make no difference.
#pragma once

#include <cstdint>
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

/// By LaneLayout::slow, each by rising key.
using SlowState = std::vector<std::vector<SlowElement>>;

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
