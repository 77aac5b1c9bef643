#include "random_worlds.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "replication/packed/lane_guess.hpp"

namespace netcode::testing {
namespace {

constexpr std::size_t kEntitiesMax = 5;
constexpr std::size_t kElementsMax = 4;

std::string random_struct(engine::Rng& rng, std::size_t group) {
  constexpr std::array<std::string_view, 12> kTypes = {"bool", "byte", "ubyte", "short", "short", "ushort",
                                                       "int",  "int",  "uint",  "long",  "float", "ulong"};
  constexpr std::array<std::string_view, 3> kKeys = {"uint", "ushort", "ubyte"};
  std::string fields;
  std::vector<std::size_t> rates;
  std::vector<std::size_t> integers;
  const std::size_t count = 1 + rng.below(12);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view type = kTypes[rng.below(kTypes.size())];
    std::string attributes;
    const auto add = [&](const std::string& attribute) { attributes += (attributes.empty() ? "" : ", ") + attribute; };
    if (type == "float") add("quantize:\"1/16\"");
    if (type != "float" && chance(rng, 20)) add(chance(rng, 50) ? "scale:\"1/256\"" : "scale:\"0.01\"");
    if (chance(rng, 10)) {
      add("predict:\"(linear)\"");
    } else if (!rates.empty() && chance(rng, 40)) {
      add(fmt::format("predict:\"f{}\"", rates[rng.below(static_cast<std::uint32_t>(rates.size()))]));
    }
    if (i > 0 && chance(rng, 8)) {
      add("owner_only");
    } else {
      rates.push_back(i);
      if (type != "float") integers.push_back(i);
    }
    fields += fmt::format(" f{}:{} {};", i, type, attributes.empty() ? "" : "(" + attributes + ")");
  }
  std::string owner;
  if (!integers.empty() && chance(rng, 30))
    owner = fmt::format("(owner:\"f{}\")", integers[rng.below(static_cast<std::uint32_t>(integers.size()))]);
  return fmt::format("struct G{} {} {{ id:{} (key);{} }}\n", group, owner, kKeys[rng.below(kKeys.size())], fields);
}

std::uint64_t any64(engine::Rng& rng) {
  const std::uint64_t upper = rng.next();
  return (upper << 32) | rng.next();
}

std::uint32_t random_key(const Lane& key, engine::Rng& rng) {
  const std::uint32_t all = key.bits == 32 ? 0xFFFFFFFFU : (1U << key.bits) - 1;
  switch (rng.below(8)) {
    case 0:
      return all;
    case 1:
      return rng.next() & all;
    default:
      return rng.below(12);
  }
}

std::int64_t next_value(const LaneGroup& group, const Lane& lane, const std::int64_t* values, std::int64_t old,
                        std::size_t habit, Tick ticks, engine::Rng& rng) {
  if (chance(rng, 3)) return random_value(lane, rng);
  const auto moved = [&](std::uint64_t by) {
    const std::int64_t value = packed::fit(lane, static_cast<std::uint64_t>(old) + by);
    return lane.scalar == reflection::Float  ? std::clamp<std::int64_t>(value, -(1 << 23), 1 << 23)
           : lane.scalar == reflection::Bool ? value & 1
                                             : value;
  };
  switch (habit % 6) {
    case 0:
      return lane.rate >= 0 && static_cast<std::size_t>(lane.rate) < group.lanes.size()
                 ? moved(static_cast<std::uint64_t>(values[lane.rate]) * ticks)
                 : moved(3 * ticks);
    case 1:
      return moved(std::uint64_t{5} * ticks);
    case 2:
      return moved(static_cast<std::uint64_t>(std::int64_t{rng.between(-2, 2)}));
    case 3:
      return chance(rng, 10) ? moved(rng.below(100)) : old;
    case 4:
      return chance(rng, 50) ? random_value(lane, rng) : old;
    default:
      return old;
  }
}

void move_group(const LaneGroup& group, engine::Rng& rng, Tick ticks, GroupLanes& lanes) {
  const std::size_t width = group.lanes.size();
  for (std::size_t i = 0; i < lanes.keys.size();) {
    const auto row = lanes.values.begin() + static_cast<std::ptrdiff_t>(i * width);
    if (chance(rng, 4)) {
      lanes.keys.erase(lanes.keys.begin() + static_cast<std::ptrdiff_t>(i));
      lanes.values.erase(row, row + static_cast<std::ptrdiff_t>(width));
      continue;
    }
    std::int64_t* values = &lanes.values[i * width];
    // An entity keeps to its ways: what a lane does follows from its key.
    for (std::size_t lane = 0; lane < width; ++lane)
      if (!group.lanes[lane].is_owner_only)
        values[lane] = next_value(group, group.lanes[lane], values, values[lane], lane * 7 + lanes.keys[i], ticks, rng);
    ++i;
  }
  while (lanes.keys.size() < kEntitiesMax && chance(rng, lanes.keys.empty() ? 40 : 10)) {
    const std::uint32_t key = random_key(group.key, rng);
    const auto at = std::lower_bound(lanes.keys.begin(), lanes.keys.end(), key);
    if (at != lanes.keys.end() && *at == key) continue;
    std::vector<std::int64_t> row;
    for (const Lane& lane : group.lanes) row.push_back(lane.is_owner_only ? 0 : random_value(lane, rng));
    lanes.values.insert(lanes.values.begin() + (at - lanes.keys.begin()) * static_cast<std::ptrdiff_t>(width),
                        row.begin(), row.end());
    lanes.keys.insert(at, key);
  }
}

void move_slow(const SlowVector& slow, engine::Rng& rng, std::vector<SlowElement>& elements) {
  if (!slow.key) {
    if (chance(rng, 20)) elements.front().run = random_run(*slow.element, rng, true);
    return;
  }
  if (chance(rng, 70)) return;
  std::erase_if(elements, [&](const SlowElement&) { return chance(rng, 20); });
  for (SlowElement& element : elements)
    if (chance(rng, 40)) element.run = random_run(*slow.element, rng, false, element.key);
  while (elements.size() < kElementsMax && chance(rng, 40)) {
    const std::uint32_t key = chance(rng, 20) ? rng.next() : rng.below(9);
    const auto at = std::find_if(elements.begin(), elements.end(), [&](const auto& of) { return of.key >= key; });
    if (at != elements.end() && at->key == key) continue;
    elements.insert(at, SlowElement{.key = key, .run = random_run(*slow.element, rng, false, key)});
  }
}

void append_length(Bytes& to, std::size_t length) {
  for (int i = 0; i < 4; ++i) to.push_back(static_cast<std::uint8_t>(length >> (8 * i)));
}

void append_random(Bytes& to, std::size_t size, engine::Rng& rng) {
  for (std::size_t i = 0; i < size; ++i) to.push_back(static_cast<std::uint8_t>(rng.next()));
}

void append_random_struct(const TypeInfo& type, engine::Rng& rng, Bytes& to) {
  const std::size_t start = to.size();
  to.resize(start + type.struct_bytes);
  for (const FieldInfo& field : type.fields) {
    Bytes bytes;
    if (field.shape == Shape::kStruct)
      append_random_struct(*field.child, rng, bytes);
    else
      append_random(bytes, field.scalar_bytes, rng);
    std::copy(bytes.begin(), bytes.end(), to.begin() + static_cast<std::ptrdiff_t>(start + field.offset));
  }
}

void append_random_text(Bytes& to, engine::Rng& rng) {
  const std::size_t size = rng.below(12);
  append_length(to, size);
  for (std::size_t i = 0; i < size; ++i) to.push_back(static_cast<std::uint8_t>('a' + rng.below(26)));
}

void append_random_child(const FieldInfo& field, engine::Rng& rng, int depth, Bytes& to) {
  const auto each = [&](auto&& element) {
    const std::size_t size = rng.below(4);
    append_length(to, size);
    for (std::size_t i = 0; i < size; ++i) element();
  };
  const auto table = [&] {
    const Bytes run = random_run(*field.child, rng, false, rng.below(9), depth + 1);
    to.insert(to.end(), run.begin(), run.end());
  };
  switch (field.shape) {
    case Shape::kScalar:
      return append_random(to, field.scalar_bytes, rng);
    case Shape::kStruct:
      return append_random_struct(*field.child, rng, to);
    case Shape::kString:
      return append_random_text(to, rng);
    case Shape::kTable:
      return table();
    case Shape::kVectorOfStrings:
      return each([&] { append_random_text(to, rng); });
    case Shape::kVectorOfTables:
      return each(table);
    case Shape::kVectorOfStructs:
      return each([&] { append_random_struct(*field.child, rng, to); });
    default:
      return each([&] { append_random(to, field.scalar_bytes, rng); });
  }
}

}  // namespace

bool chance(engine::Rng& rng, std::uint32_t percent) { return rng.below(100) < percent; }

std::int64_t random_value(const Lane& lane, engine::Rng& rng) {
  if (lane.scalar == reflection::Bool) return rng.below(2);
  if (lane.scalar == reflection::Float) return rng.between(-(1 << 23), 1 << 23);
  constexpr std::array<std::uint64_t, 6> kEdges = {
      0, 1, ~std::uint64_t{0}, std::uint64_t{1} << 63, (std::uint64_t{1} << 63) - 1, std::uint64_t{1} << 31};
  switch (rng.below(4)) {
    case 0: {
      const std::uint64_t edge = kEdges[rng.below(kEdges.size())];
      // Also of a narrower lane.
      return packed::fit(lane, chance(rng, 50) ? edge : edge >> (64 - lane.bits));
    }
    case 1:
      return packed::fit(lane, any64(rng));
    default:
      return packed::fit(lane, rng.below(200));
  }
}

std::string random_schema(engine::Rng& rng) {
  std::string text;
  std::string world = "tick:uint;";
  const std::size_t groups = 1 + rng.below(3);
  for (std::size_t i = 0; i < groups; ++i) {
    text += random_struct(rng, i);
    world += fmt::format(" g{}:[G{}];", i, i);
  }
  if (chance(rng, 50)) {
    text += "table Note { id:uint (key); text:string; n:short; }\n";
    world += " notes:[Note]; name:string;";
  }
  return text + "table World { " + world + " }\n";
}

LaneWorld first_world(const LaneLayout& layout, engine::Rng& rng) {
  LaneWorld world;
  world.groups.resize(layout.groups().size());
  world.slow.edit().resize(layout.slow().size());
  world.slow.edit().back().push_back({.key = 0, .run = random_run(layout.world(), rng, true)});
  move_on(layout, rng, 1, world);
  return world;
}

void move_on(const LaneLayout& layout, engine::Rng& rng, Tick ticks, LaneWorld& world) {
  for (std::size_t i = 0; i < world.groups.size(); ++i) move_group(layout.groups()[i], rng, ticks, world.groups[i]);
  for (std::size_t i = 0; i < world.slow.size(); ++i) move_slow(layout.slow()[i], rng, world.slow.edit()[i]);
}

Bytes random_run(const TypeInfo& type, engine::Rng& rng, bool is_world, std::uint32_t key, int depth) {
  Bytes run;
  for (const FieldInfo& field : type.fields) {
    if (is_world && (field.shape == Shape::kVectorOfStructs || field.shape == Shape::kVectorOfTables)) continue;
    const bool goes_deeper = field.shape == Shape::kTable || field.shape == Shape::kVectorOfTables;
    const bool is_there = field.is_required || field.is_key || (!(goes_deeper && depth > 2) && chance(rng, 70));
    run.push_back(is_there ? 1 : 0);
    if (!is_there) continue;
    if (field.is_key && field.shape == Shape::kScalar) {
      for (int i = 0; i < field.scalar_bytes; ++i) run.push_back(static_cast<std::uint8_t>(key >> (8 * i)));
      continue;
    }
    append_random_child(field, rng, depth, run);
  }
  return run;
}

}  // namespace netcode::testing
