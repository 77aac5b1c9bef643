#include "replication/lane_world.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>

#include "engine/core/hash.hpp"
#include "replication/slow_table.hpp"
#include "schema/walk.hpp"

namespace netcode {
namespace {

using flatbuffers::FlatBufferBuilder;
using flatbuffers::Offset;
using flatbuffers::uoffset_t;

// The nearest step; what is beyond the lane's range is at its end.
std::int64_t quantized(double value, const Lane& lane) {
  const double steps = std::nearbyint(value / lane.quantum);
  const double limit = lane.bits == 32 ? 2147483647.0 : 9007199254740992.0;
  return static_cast<std::int64_t>(std::clamp(steps, -limit, limit));
}

std::int64_t read_lane(const Lane& lane, const std::uint8_t* at) {
  return lane.is_float() ? quantized(read_real(lane.scalar, at), lane) : read_integer(lane.scalar, at);
}

template <class T>
void write_scalar(std::uint8_t* at, std::int64_t value) {
  flatbuffers::WriteScalar(at, static_cast<T>(value));
}

void write_lane(const Lane& lane, std::int64_t value, std::uint8_t* at) {
  if (lane.scalar == reflection::Float)
    return flatbuffers::WriteScalar(at, static_cast<float>(static_cast<double>(value) * lane.quantum));
  if (lane.scalar == reflection::Double) return flatbuffers::WriteScalar(at, static_cast<double>(value) * lane.quantum);
  switch (lane.bits) {
    case 8:
      return write_scalar<std::uint8_t>(at, value);
    case 16:
      return write_scalar<std::uint16_t>(at, value);
    case 32:
      return write_scalar<std::uint32_t>(at, value);
    default:
      return write_scalar<std::uint64_t>(at, value);
  }
}

std::uint32_t read_key(const Lane& key, const std::uint8_t* element) {
  return static_cast<std::uint32_t>(read_integer(key.scalar, element + key.offset));
}

engine::Result<GroupLanes> read_group(const LaneGroup& group, const AnyTable& world) {
  const VectorView vector = VectorView::of(world, group.field);
  GroupLanes out;
  out.keys.resize(vector.size);
  out.values.resize(vector.size * group.lanes.size());
  std::vector<std::uint32_t> order(vector.size);
  std::iota(order.begin(), order.end(), 0U);
  const auto key_at = [&](std::uint32_t i) { return read_key(group.key, vector.data + i * std::size_t{group.bytes}); };
  const auto is_less = [&](std::uint32_t a, std::uint32_t b) { return key_at(a) < key_at(b); };
  if (!std::is_sorted(order.begin(), order.end(), is_less)) std::sort(order.begin(), order.end(), is_less);
  std::int64_t* value = out.values.data();
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::uint8_t* element = vector.data + order[i] * std::size_t{group.bytes};
    out.keys[i] = read_key(group.key, element);
    if (i > 0 && out.keys[i] == out.keys[i - 1])
      return engine::error("{} has the key {} twice", group.name, out.keys[i]);
    for (const Lane& lane : group.lanes) *value++ = read_lane(lane, element + lane.offset);
  }
  return out;
}

std::vector<SlowElement> read_slow(const SlowVector& slow, const AnyTable& world) {
  std::vector<SlowElement> out;
  if (!slow.key) {
    append_slow_table(*slow.element, world, true, out.emplace_back(SlowElement{.key = 0, .run = {}}).run);
    return out;
  }
  const auto* tables = world.GetPointer<const Tables*>(slow.field);
  if (!tables) return out;
  out.reserve(tables->size());
  for (const AnyTable* table : *tables) {
    const std::uint8_t* at = table->GetAddressOf(slow.key->offset);
    const std::int64_t key = at ? read_integer(slow.key->scalar, at) : slow.key->default_integer;
    append_slow_table(*slow.element, *table, false,
                      out.emplace_back(SlowElement{.key = static_cast<std::uint32_t>(key), .run = {}}).run);
  }
  std::stable_sort(out.begin(), out.end(), [](const SlowElement& a, const SlowElement& b) { return a.key < b.key; });
  return out;
}

// Keys rise as unsigned numbers here, and as what they are in a World: which place comes first there, the others
// following round the end. Whoever looks an element up by its key goes by that.
template <class Element, class KeyOf>
std::size_t first_place(const std::vector<Element>& elements, bool has_negative, KeyOf&& key_of) {
  if (!has_negative) return 0;
  const auto is_positive = [&](const Element& element) { return static_cast<std::int32_t>(key_of(element)) >= 0; };
  const auto first = std::partition_point(elements.begin(), elements.end(), is_positive);
  return first == elements.end() ? 0 : static_cast<std::size_t>(first - elements.begin());
}

uoffset_t write_group(FlatBufferBuilder& builder, const LaneGroup& group, const GroupLanes& from) {
  const std::size_t bytes = from.keys.size() * group.bytes;
  std::uint8_t* to = nullptr;
  const uoffset_t at = builder.CreateUninitializedVector(bytes / group.align, group.align, &to);
  // The length that was written counts units of its alignment.
  flatbuffers::WriteScalar(to - sizeof(uoffset_t), static_cast<uoffset_t>(from.keys.size()));
  std::memset(to, 0, bytes);
  const std::size_t count = from.keys.size();
  const std::size_t first = first_place(from.keys, group.key.is_signed, [](std::uint32_t key) { return key; });
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at_row = (first + i) % count;
    const std::int64_t* value = from.values.data() + at_row * group.lanes.size();
    write_lane(group.key, from.keys[at_row], to + group.key.offset);
    for (const Lane& lane : group.lanes) write_lane(lane, *value++, to + lane.offset);
    to += group.bytes;
  }
  return at;
}

}  // namespace

const std::vector<SlowState::Elements>& SlowState::nothing() {
  static const std::vector<Elements> kNone;
  return kNone;
}

engine::Result<LaneWorld> read_world(const LaneLayout& layout, BytesView world) {
  const AnyTable& table = *flatbuffers::GetRoot<AnyTable>(world.data());
  LaneWorld out;
  out.groups.reserve(layout.groups().size());
  for (const LaneGroup& group : layout.groups()) {
    auto read = read_group(group, table);
    if (!read) return read.error();
    out.groups.push_back(std::move(*read));
  }
  out.slow = read_slow_state(layout, world);
  for (std::size_t i = 0; i < out.slow.size(); ++i) {
    const auto twice = std::adjacent_find(out.slow[i].begin(), out.slow[i].end(),
                                          [](const SlowElement& a, const SlowElement& b) { return a.key == b.key; });
    if (twice != out.slow[i].end()) return engine::error("{} has the key {} twice", layout.slow()[i].name, twice->key);
  }
  return out;
}

SlowState read_slow_state(const LaneLayout& layout, BytesView world) {
  SlowState out;
  for (const SlowVector& slow : layout.slow())
    out.edit().push_back(read_slow(slow, *flatbuffers::GetRoot<AnyTable>(world.data())));
  return out;
}

bool has_vector(const SlowVector& slow, BytesView world) {
  return flatbuffers::GetRoot<AnyTable>(world.data())->GetOptionalFieldOffset(slow.field) != 0;
}

bool is_owned(const LaneGroup& group, std::uint32_t key, const std::int64_t* values, PlayerId viewer) {
  const std::int64_t owner = group.owner < 0 ? std::int64_t{key} : values[group.owner];
  return viewer != kNoPlayer && owner == std::int64_t{viewer.value};
}

void hide_owner_only(const LaneLayout& layout, PlayerId viewer, std::span<std::uint8_t> world) {
  const AnyTable& table = *flatbuffers::GetRoot<AnyTable>(world.data());
  for (const LaneGroup& group : layout.groups()) {
    if (group.public_lanes == group.lanes.size()) continue;
    const VectorView vector = VectorView::of(table, group.field);
    if (vector.size == 0) continue;
    std::uint8_t* element = world.data() + (vector.data - world.data());
    for (flatbuffers::uoffset_t i = 0; i < vector.size; ++i, element += group.bytes) {
      const std::int64_t owner = group.owner < 0
                                     ? std::int64_t{read_key(group.key, element)}
                                     : read_lane(group.lanes[static_cast<std::size_t>(group.owner)],
                                                 element + group.lanes[static_cast<std::size_t>(group.owner)].offset);
      if (viewer != kNoPlayer && owner == std::int64_t{viewer.value}) continue;
      for (std::size_t lane = group.public_lanes; lane < group.lanes.size(); ++lane)
        write_lane(group.lanes[lane], 0, element + group.lanes[lane].offset);
    }
  }
}

void hide_owner_only(const LaneLayout& layout, PlayerId viewer, LaneWorld& world) {
  for (std::size_t i = 0; i < layout.groups().size(); ++i) {
    const LaneGroup& group = layout.groups()[i];
    std::int64_t* values = world.groups[i].values.data();
    for (const std::uint32_t key : world.groups[i].keys) {
      if (!is_owned(group, key, values, viewer)) std::fill(values + group.public_lanes, values + group.lanes.size(), 0);
      values += group.lanes.size();
    }
  }
}

std::uint32_t public_hash(const LaneLayout& layout, const LaneWorld& world) {
  engine::Hasher hasher;
  for (std::size_t i = 0; i < layout.groups().size(); ++i) {
    const LaneGroup& group = layout.groups()[i];
    const std::int64_t* values = world.groups[i].values.data();
    for (const std::uint32_t key : world.groups[i].keys) {
      hasher.add(key);
      for (std::size_t lane = 0; lane < group.public_lanes; ++lane) hasher.add(values[lane]);
      values += group.lanes.size();
    }
  }
  for (const std::vector<SlowElement>& slow : world.slow)
    for (const SlowElement& element : slow) {
      hasher.add(element.key);
      hasher.add(std::span<const std::uint8_t>(element.run));
    }
  return static_cast<std::uint32_t>(hasher.value() ^ (hasher.value() >> 32));
}

engine::Result<Bytes> write_world(const LaneLayout& layout, const LaneWorld& world) {
  FlatBufferBuilder builder(1024);
  std::vector<SlowField> fields;
  for (std::size_t i = 0; i < layout.groups().size(); ++i)
    fields.push_back({layout.groups()[i].field, write_group(builder, layout.groups()[i], world.groups[i])});
  for (std::size_t i = 0; i < layout.slow().size(); ++i) {
    const SlowVector& slow = layout.slow()[i];
    if (!slow.key) continue;
    std::vector<Offset<AnyTable>> elements;
    const auto& from = world.slow[i];
    const auto key_of = [](const SlowElement& element) { return element.key; };
    const std::size_t first = first_place(from, is_signed(slow.key->scalar), key_of);
    for (std::size_t row = 0; row < from.size(); ++row) {
      const SlowElement& element = from[(first + row) % from.size()];
      auto built = build_slow_table(builder, *slow.element, element.run, false);
      if (!built) return engine::error("{} {}: {}", slow.name, element.key, built.error().reason);
      elements.push_back(*built);
    }
    fields.push_back({slow.field, builder.CreateVector(elements).o});
  }
  const std::vector<SlowElement>& rest = world.slow.back();
  if (rest.size() != 1) return engine::error("the World has no state of its own");
  auto root = build_slow_table(builder, layout.world(), rest.front().run, true, fields);
  if (!root) return root.error();
  builder.Finish(*root);
  return Bytes(builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize());
}

}  // namespace netcode
