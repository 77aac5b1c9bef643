#include "replication/own_part.hpp"

#include <algorithm>
#include <bit>
#include <vector>

#include "replication/packed/bit_coder.hpp"
#include "replication/packed/lane_guess.hpp"
#include "replication/packed/value_models.hpp"

namespace netcode {
namespace {

using packed::BitReader;
using packed::BitWriter;

constexpr packed::Probability kChanged = 65536 / 4;
constexpr packed::Probability kEven = 65536 / 2;

/// A client's own entity now, and what it was if it was the client's own before; null: it was not.
template <class Value>
struct OwnEntity {
  const LaneGroup* group;
  Value* now;
  const std::int64_t* before;
};

const std::int64_t* own_before(const LaneGroup& group, const GroupLanes& lanes, std::uint32_t key, PlayerId viewer) {
  const auto found = std::lower_bound(lanes.keys.begin(), lanes.keys.end(), key);
  if (found == lanes.keys.end() || *found != key) return nullptr;
  const std::int64_t* values = &lanes.values[static_cast<std::size_t>(found - lanes.keys.begin()) * group.lanes.size()];
  return is_owned(group, key, values, viewer) ? values : nullptr;
}

template <class Value, class World>
std::vector<OwnEntity<Value>> own_entities(const LaneLayout& layout, PlayerId viewer, const LaneWorld* before,
                                           World& now) {
  std::vector<OwnEntity<Value>> own;
  for (std::size_t i = 0; i < layout.groups().size(); ++i) {
    const LaneGroup& group = layout.groups()[i];
    if (group.public_lanes == group.lanes.size()) continue;
    Value* values = now.groups[i].values.data();
    for (const std::uint32_t key : now.groups[i].keys) {
      if (is_owned(group, key, values, viewer))
        own.push_back({&group, values, before ? own_before(group, before->groups[i], key, viewer) : nullptr});
      values += group.lanes.size();
    }
  }
  return own;
}

// A number in as many digits as it has, twice less one.
template <class Bits>
std::int64_t code_number(Bits& bits, std::int64_t value) {
  const std::uint64_t folded = (static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63);
  const auto width = static_cast<unsigned>(std::bit_width(folded));
  unsigned digits = 0;
  while (digits < 64 && bits.bit(width > digits, kEven)) ++digits;
  std::uint64_t read = digits == 0 ? 0 : 1;
  for (unsigned left = digits; left > 1; --left)
    read = (read << 1U) | (bits.bit(((folded >> (left - 2)) & 1U) != 0, kEven) ? 1U : 0U);
  return static_cast<std::int64_t>((read >> 1U) ^ (0 - (read & 1U)));
}

// Either by how much it changed or how far it is from the tick, whichever is nearer.
template <class Bits>
void code_lane(Bits& bits, const Lane& lane, std::int64_t before, Tick tick, std::int64_t& now) {
  if (!bits.bit(now != before, kChanged)) {
    now = before;
    return;
  }
  const std::int64_t change = packed::difference(lane, now, before);
  const std::int64_t from_tick = packed::difference(lane, now, std::int64_t{tick});
  const bool is_by_tick = bits.bit(packed::width_of(from_tick) < packed::width_of(change), kEven);
  const std::int64_t off = code_number(bits, is_by_tick ? from_tick : change);
  now = packed::fit(
      lane, static_cast<std::uint64_t>(is_by_tick ? std::int64_t{tick} : before) + static_cast<std::uint64_t>(off));
}

}  // namespace

Bytes encode_own(const LaneLayout& layout, PlayerId viewer, const LaneWorld* before, const LaneWorld& now, Tick tick) {
  const auto own = own_entities<const std::int64_t>(layout, viewer, before, now);
  const auto is_same = [](const OwnEntity<const std::int64_t>& entity) {
    for (std::size_t lane = entity.group->public_lanes; lane < entity.group->lanes.size(); ++lane)
      if (entity.now[lane] != (entity.before ? entity.before[lane] : 0)) return false;
    return true;
  };
  Bytes out;
  if (std::all_of(own.begin(), own.end(), is_same)) return out;
  BitWriter bits(out);
  for (const auto& entity : own)
    for (std::size_t lane = entity.group->public_lanes; lane < entity.group->lanes.size(); ++lane) {
      std::int64_t value = entity.now[lane];
      code_lane(bits, entity.group->lanes[lane], entity.before ? entity.before[lane] : 0, tick, value);
    }
  bits.end();
  if (out.empty()) out.push_back(0);  // empty says that nothing changed
  return out;
}

engine::Result<void> decode_own(const LaneLayout& layout, PlayerId viewer, const LaneWorld* before, BytesView from,
                                Tick tick, LaneWorld& now) {
  BitReader bits(from);
  for (const auto& entity : own_entities<std::int64_t>(layout, viewer, before, now))
    for (std::size_t lane = entity.group->public_lanes; lane < entity.group->lanes.size(); ++lane) {
      const std::int64_t was = entity.before ? entity.before[lane] : 0;
      if (from.empty()) {
        entity.now[lane] = was;
      } else {
        code_lane(bits, entity.group->lanes[lane], was, tick, entity.now[lane]);
        if (bits.is_overrun()) return engine::error("the own part of a packed snapshot ends early");
      }
    }
  return {};
}

}  // namespace netcode
