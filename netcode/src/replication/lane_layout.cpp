#include "replication/lane_layout.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <utility>

#include "engine/core/assert.hpp"
#include "engine/core/hash.hpp"
#include "netcode/limits.hpp"

namespace netcode {
namespace {

constexpr double kRateQ16Max = 4294967296.0;
/// "at.x": a schema from outside makes long ones of structs in structs.
constexpr std::size_t kLaneNameBytesMax = 255;

const std::string* attribute(const Attributes& of, std::string_view name) {
  const auto found = of.find(name);
  return found == of.end() ? nullptr : &found->second;
}

// A positive decimal number, or a fraction such as "1/256".
double positive(std::string_view text) {
  const auto number = [](std::string_view digits) {
    double value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc() && end == digits.data() + digits.size() && std::isfinite(value) && value > 0 ? value
                                                                                                             : 0;
  };
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return number(text);
  const double divisor = number(text.substr(slash + 1));
  const double fraction = divisor > 0 ? number(text.substr(0, slash)) / divisor : 0;
  return std::isfinite(fraction) ? fraction : 0;
}

engine::Result<Lane> make_lane(const TypeInfo& type, const FieldInfo& field, const std::string& name,
                               std::uint16_t offset) {
  Lane lane{.name = name,
            .scalar = field.scalar,
            .offset = offset,
            .bits = static_cast<std::uint8_t>(8 * field.scalar_bytes),
            .is_signed = is_signed(field.scalar),
            .is_owner_only = field.attributes.contains("owner_only")};
  const std::string* quantize = attribute(field.attributes, "quantize");
  if (field.is_float() && !quantize)
    return engine::error("{}.{} is a float: it needs quantize, the step to which it is rounded", type.name, field.name);
  if (!field.is_float() && quantize) return engine::error("{}.{}: quantize is for floats", type.name, field.name);
  if (quantize) lane.unit = lane.quantum = positive(*quantize);
  if (quantize && lane.quantum <= 0)
    return engine::error("{}.{}: quantize is a positive number, not '{}'", type.name, field.name, *quantize);
  if (const std::string* scale = attribute(field.attributes, "scale")) {
    if (positive(*scale) <= 0)
      return engine::error("{}.{}: scale is a positive number or a fraction, not '{}'", type.name, field.name, *scale);
    if (!quantize) lane.unit = positive(*scale);
  }
  if (const std::string* way = attribute(field.attributes, "interpolate")) {
    lane.jumps = *way == "step" || *way == "none";
    if (!lane.jumps && *way != "linear" && *way != "angle")
      return engine::error("{}.{}: interpolate is linear, angle, step or none, not '{}'", type.name, field.name, *way);
  }
  return lane;
}

// 65536ths: how many of a lane's steps one of its rate's is. One, unless both say what theirs are.
std::int64_t rate_q16(double unit, double rate_unit) {
  if (unit <= 0 || rate_unit <= 0) return 65536;
  return std::llround(std::clamp(65536 * (rate_unit / unit), 1.0, kRateQ16Max));
}

engine::Error no_place_for_priority(const std::string& name) {
  return engine::error("{}: priority is for World's vectors of structs: mark one of those", name);
}

// Of the vector; 1 if it does not say.
engine::Result<std::uint32_t> priority_of(const TypeInfo& world, const FieldInfo& vector) {
  const std::string* text = attribute(vector.attributes, "priority");
  if (!text) return 1U;
  std::uint32_t priority = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), priority);
  if (error != std::errc() || end != text->data() + text->size() || priority == 0 || priority > kPriorityMax)
    return engine::error("{}.{}: priority is a whole number from 1 to {}, not '{}'", world.name, vector.name,
                         kPriorityMax, *text);
  return priority;
}

engine::Error too_many_lanes() {
  return engine::error("the World's entities have more than {} numbers", limits::kWorldLanesMax);
}

// Structs in structs are as many lanes as they have scalars. A rate stands in the same struct.
engine::Result<void> add_lanes(const TypeInfo& type, const std::string& prefix, std::size_t offset, LaneGroup& group) {
  const std::size_t first = group.lanes.size();
  std::vector<std::pair<std::size_t, const FieldInfo*>> predicted;
  for (const FieldInfo& field : type.fields) {
    if (attribute(field.attributes, "priority")) return no_place_for_priority(type.name + "." + field.name);
    const std::string name = prefix + field.name;
    if (name.size() > kLaneNameBytesMax)
      return engine::error("{}: a field's name takes more than {} bytes", type.name, kLaneNameBytesMax);
    if (group.lanes.size() >= limits::kWorldLanesMax) return too_many_lanes();
    const auto at = static_cast<std::uint16_t>(offset + field.offset);
    if (field.shape == Shape::kStruct) {
      if (attribute(field.attributes, "owner_only"))
        return engine::error("{}.{}: owner_only is for numbers: mark those of {}", type.name, field.name,
                             field.child->name);
      if (auto added = add_lanes(*field.child, name + ".", at, group); !added) return added;
      continue;
    }
    auto lane = make_lane(type, field, name, at);
    if (!lane) return lane.error();
    if (prefix.empty() && field.is_key) {
      if (lane->is_owner_only)
        return engine::error("{}.{} is the key, which everybody is sent: it cannot be owner_only", type.name,
                             field.name);
      if (attribute(field.attributes, "predict"))
        return engine::error("{}.{} is the key, which does not change: predict is of no use", type.name, field.name);
      group.key = std::move(*lane);
      continue;
    }
    if (attribute(field.attributes, "predict")) predicted.emplace_back(group.lanes.size(), &field);
    group.lanes.push_back(std::move(*lane));
  }
  for (const auto& [index, field] : predicted) {
    Lane& lane = group.lanes[index];
    const std::string& rate = *attribute(field->attributes, "predict");
    if (rate == "(linear)") {
      lane.is_linear = true;
      continue;
    }
    const auto found = std::find_if(group.lanes.begin() + static_cast<std::ptrdiff_t>(first), group.lanes.end(),
                                    [&](const Lane& other) { return other.name == prefix + rate; });
    if (found == group.lanes.end() || found->name == lane.name)
      return engine::error("{}.{}: predict names another field of the struct or is \"(linear)\", not '{}'", type.name,
                           field->name, rate);
    if (found->is_owner_only && !lane.is_owner_only)
      return engine::error("{}.{}: {} is owner_only and cannot predict what everybody is sent", type.name, field->name,
                           found->name);
    lane.rate = static_cast<int>(found - group.lanes.begin());
    lane.rate_q16 = rate_q16(lane.unit, found->unit);
  }
  return {};
}

// What is narrow is more often a cause (flags, inputs) than an effect; what says how others change comes before them.
void put_in_order(LaneGroup& group) {
  std::vector<std::size_t> order(group.lanes.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto rank = [&](std::size_t i) { return std::pair(group.lanes[i].is_owner_only, group.lanes[i].bits); };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
  std::vector<std::size_t> place(order.size());
  std::vector<Lane> lanes;
  std::vector<bool> is_placed(order.size());
  const auto put = [&](auto& self, std::size_t i) -> void {
    if (is_placed[i]) return;
    is_placed[i] = true;
    if (group.lanes[i].rate >= 0) self(self, static_cast<std::size_t>(group.lanes[i].rate));
    place[i] = lanes.size();
    lanes.push_back(group.lanes[i]);
  };
  if (group.owner >= 0) put(put, static_cast<std::size_t>(group.owner));
  for (const std::size_t i : order) put(put, i);
  for (Lane& lane : lanes)
    if (lane.rate >= 0) lane.rate = static_cast<int>(place[static_cast<std::size_t>(lane.rate)]);
  if (group.owner >= 0) group.owner = static_cast<int>(place[static_cast<std::size_t>(group.owner)]);
  group.lanes = std::move(lanes);
  group.public_lanes = static_cast<std::size_t>(
      std::count_if(group.lanes.begin(), group.lanes.end(), [](const Lane& lane) { return !lane.is_owner_only; }));
}

// Does a rate depend on what it is the rate of?
bool has_circle(const LaneGroup& group) {
  for (std::size_t i = 0; i < group.lanes.size(); ++i) {
    std::size_t steps = 0;
    for (int rate = group.lanes[i].rate; rate >= 0; rate = group.lanes[static_cast<std::size_t>(rate)].rate)
      if (++steps > group.lanes.size()) return true;
  }
  return false;
}

std::vector<const TypeInfo*> tables_below(const TypeInfo& world) {
  std::vector<const TypeInfo*> tables{&world};
  for (std::size_t i = 0; i < tables.size(); ++i)
    for (const FieldInfo& field : tables[i]->fields)
      if (field.child && !field.child->is_struct &&
          std::find(tables.begin(), tables.end(), field.child) == tables.end())
        tables.push_back(field.child);
  return tables;
}

engine::Result<void> find_owner(const TypeInfo& type, LaneGroup& group) {
  const std::string* owner = attribute(type.attributes, "owner");
  if (!owner) return {};
  if (*owner == group.key.name) return {};
  const auto found =
      std::find_if(group.lanes.begin(), group.lanes.end(), [&](const Lane& lane) { return lane.name == *owner; });
  if (found == group.lanes.end() || found->is_float() || found->is_owner_only)
    return engine::error("{}: owner names a field of integers that everybody is sent, not '{}'", type.name, *owner);
  group.owner = static_cast<int>(found - group.lanes.begin());
  return {};
}

}  // namespace

bool is_signed(reflection::BaseType type) {
  return type == reflection::Byte || type == reflection::Short || type == reflection::Int || type == reflection::Long ||
         type == reflection::Float || type == reflection::Double;
}

engine::Result<std::shared_ptr<const LaneLayout>> LaneLayout::load(const Schema& schema, std::string_view world_table) {
  auto types = TypeTable::load(*reflection::GetSchema(schema.bfbs().data()));
  if (!types) return types.error();
  std::shared_ptr<LaneLayout> layout(new LaneLayout(std::move(*types)));
  layout->world_ = layout->types_.find(world_table);
  ENGINE_ASSERT(layout->world_, "the schema was loaded for this World");
  if (auto added = layout->add_groups(); !added) return added.error();
  layout->add_to_hash(schema.layout_hash(world_table));
  return std::shared_ptr<const LaneLayout>(std::move(layout));
}

engine::Result<void> LaneLayout::add_groups() {
  for (const TypeInfo* table : tables_below(*world_))
    for (const FieldInfo& field : table->fields) {
      if (attribute(field.attributes, "owner_only"))
        return engine::error("{}.{}: owner_only is for structs in World's vectors: everybody is sent this", table->name,
                             field.name);
      const bool is_group = table == world_ && field.shape == Shape::kVectorOfStructs;
      if (attribute(field.attributes, "priority") && !is_group)
        return no_place_for_priority(table->name + "." + field.name);
    }
  std::size_t lanes = 0;
  for (const FieldInfo& field : world_->fields) {
    if (field.shape == Shape::kVectorOfTables) {
      const auto key = std::find_if(field.child->fields.begin(), field.child->fields.end(),
                                    [](const FieldInfo& candidate) { return candidate.is_key; });
      ENGINE_ASSERT(key != field.child->fields.end(), "Schema::load refuses elements without a key");
      slow_.push_back({.name = field.name,
                       .field = field.offset,
                       .element = field.child,
                       .key = &*key,
                       .is_required = field.is_required});
    }
    if (field.shape != Shape::kVectorOfStructs) continue;
    if (attribute(field.child->attributes, "priority")) return no_place_for_priority(field.child->name);
    const auto priority = priority_of(*world_, field);
    if (!priority) return priority.error();
    LaneGroup group{.name = field.name,
                    .field = field.offset,
                    .bytes = field.child->struct_bytes,
                    .align = field.child->struct_align,
                    .key = {},
                    .priority = *priority,
                    .lanes = {}};
    if (auto added = add_lanes(*field.child, "", 0, group); !added) return added;
    lanes += group.lanes.size() + 1;
    if (lanes > limits::kWorldLanesMax) return too_many_lanes();
    if (auto found = find_owner(*field.child, group); !found) return found;
    if (has_circle(group))
      return engine::error("{}: a field is predicted by what it predicts itself", field.child->name);
    put_in_order(group);
    for (const Lane& lane : group.lanes) has_owner_only_ = has_owner_only_ || lane.is_owner_only;
    groups_.push_back(std::move(group));
  }
  slow_.push_back({.name = "", .field = 0, .element = world_, .key = nullptr});
  return {};
}

void LaneLayout::add_to_hash(std::uint64_t schema_layout) {
  engine::Hasher hasher;
  hasher.add(kPackedVersion);
  hasher.add(schema_layout);
  const auto add_text = [&hasher](const std::string& text) {
    hasher.add(static_cast<std::uint32_t>(text.size()));
    for (const char letter : text) hasher.add(letter);
  };
  for (const LaneGroup& group : groups_) {
    add_text(group.name);
    hasher.add(group.owner);
    for (const Lane& lane : group.lanes) {
      add_text(lane.name);
      hasher.add(lane.bits);
      hasher.add(lane.is_signed);
      hasher.add(lane.is_owner_only);
      hasher.add(lane.is_linear);
      hasher.add(lane.jumps);
      hasher.add(std::bit_cast<std::uint64_t>(lane.quantum));
      hasher.add(lane.rate);
      hasher.add(lane.rate_q16);
    }
  }
  // What is slow is told of in the order of the fields of every table that can be reached.
  for (const TypeInfo* table : tables_below(*world_)) {
    add_text(table->name);
    for (const FieldInfo& field : table->fields) {
      add_text(field.name);
      hasher.add(field.offset);
      hasher.add(static_cast<std::uint8_t>(field.shape));
      hasher.add(field.scalar_bytes);
      hasher.add(field.is_required);
      hasher.add(field.default_integer);
      hasher.add(std::bit_cast<std::uint64_t>(field.default_real));
      if (field.child) add_text(field.child->name);
    }
  }
  hash_ = hasher.value();
}

}  // namespace netcode
