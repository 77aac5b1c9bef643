// What of a World is replicated number by number: its lanes, read from the game's schema and its attributes.
//
// A vector of structs with a key is a group of entities; each scalar of such a struct is a lane of integers. All the
// rest of a World (tables, strings, its own scalars) is slow state, which is sent whole when it changed.
//
// Threading: immutable once loaded. Ownership: holds its own copy of the schema's types.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.hpp"
#include "netcode/bytes.hpp"
#include "netcode/schema.hpp"
#include "schema/type_table.hpp"

namespace netcode {

/// Raised when other bytes come of the same Worlds.
inline constexpr std::uint32_t kPackedVersion = 1;

/// Has it negative values?
bool is_signed(reflection::BaseType type);

/// One scalar of an entity.
struct Lane {
  std::string name;  // "x", "at.x"
  reflection::BaseType scalar;
  std::uint16_t offset;  // of its bytes in the struct
  std::uint8_t bits;     // of its integers: 8, 16, 32 or 64; a float's have 32, a double's 64
  bool is_signed;
  bool is_owner_only = false;     // zero for everybody who does not own the entity
  double quantum = 0;             // of a float: the step of its integers
  double unit = 0;                // what a step is to the game, by quantize or scale; 0: the schema does not say
  int rate = -1;                  // the lane that holds its change per tick; -1: there is none
  std::int64_t rate_q16 = 65536;  // 65536ths: how many of its steps one of its rate's is
  bool is_linear = false;         // it goes on as over its own last two values
  bool jumps = false;             // interpolate is step or none: no motion is guessed

  bool is_float() const { return quantum > 0; }
};

inline constexpr std::uint32_t kPriorityMax = 1000;

/// The entities of one vector.
struct LaneGroup {
  std::string name;     // "things"
  std::uint16_t field;  // its entry in the vtable of the World
  std::uint16_t bytes;  // of one struct
  std::uint16_t align;
  Lane key;                    // none of the lanes
  int owner = -1;              // the lane that holds the PlayerId of an entity's owner; -1: its key is one
  std::uint32_t priority = 1;  // what each entity gathers with each snapshot that it waits for: 1 to kPriorityMax
  /// In the order in which they are coded: what says how others change comes before them, what is for its owner alone
  /// comes last.
  std::vector<Lane> lanes;
  std::size_t public_lanes = 0;  // how many are for everybody
};

/// The elements of one vector of tables, or, with no key, the rest of the World.
struct SlowVector {
  std::string name;
  std::uint16_t field;
  const TypeInfo* element;
  const FieldInfo* key;
  bool is_required = false;
};

class LaneLayout {
 public:
  /// The schema was loaded with this World. An error names the attribute that is wrong: an unknown value, a rate that
  /// is no lane, a float without `quantize` ...
  static engine::Result<std::shared_ptr<const LaneLayout>> load(const Schema& schema, std::string_view world_table);

  /// The same, but null where there is an error.
  static std::shared_ptr<const LaneLayout> find(const Schema& schema, std::string_view world_table) {
    auto layout = load(schema, world_table);
    return layout ? std::move(*layout) : nullptr;
  }

  /// Both by the order of their fields in the World.
  const std::vector<LaneGroup>& groups() const { return groups_; }
  const std::vector<SlowVector>& slow() const { return slow_; }
  const TypeInfo& world() const { return *world_; }
  /// Of all that a packed snapshot is made by: what is read with another layout has another hash.
  std::uint64_t hash() const { return hash_; }
  /// Is any lane for its owner alone?
  bool has_owner_only() const { return has_owner_only_; }

 private:
  explicit LaneLayout(TypeTable types) : types_(std::move(types)) {}
  engine::Result<void> add_groups();
  void add_to_hash(std::uint64_t schema_layout);

  TypeTable types_;
  const TypeInfo* world_ = nullptr;
  std::vector<LaneGroup> groups_;
  std::vector<SlowVector> slow_;
  std::uint64_t hash_ = 0;
  bool has_owner_only_ = false;
};

using LaneLayoutPtr = std::shared_ptr<const LaneLayout>;

}  // namespace netcode
