// What one viewer may see of a World: the same table without the entities that are hidden from it, their bytes
// included.
//
// An entity is an element of one of World's vectors whose type has a key. Everything else is everybody's.
//
// Threading: immutable once made. Ownership: refers to the Schema's bytes, which must outlive it.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "netcode/bytes.hpp"
#include "netcode/rules.hpp"
#include "netcode/schema.hpp"

namespace reflection {
struct Field;
struct Object;
struct Schema;
}  // namespace reflection

namespace netcode {

class VisibleWorld {
 public:
  VisibleWorld(const Schema& schema, std::string_view world_table);

  /// By the order of the schema, then of the vectors. `world` is a verified buffer of the World table.
  std::vector<EntityRef> entities(BytesView world) const;

  /// A buffer of the World table with those entities for which `keep` (one for each of `entities`, in their order;
  /// null: all) is true, and without the fields of these entries in its vtable.
  Bytes filtered(BytesView world, const std::vector<bool>* keep, std::span<const std::uint16_t> without = {}) const;

 private:
  struct Group {
    const reflection::Field* field;
    const reflection::Object* element;
    const reflection::Field* key;
    std::string name;
  };
  const Group* group_of(const reflection::Field& field) const;

  const reflection::Schema& schema_;
  const reflection::Object* world_ = nullptr;
  std::vector<Group> groups_;  // by the fields' order in the reflection, which is by name
};

}  // namespace netcode
