// What the fields of a World take in packed snapshots, told by a client that measures it (Client::measure_fields).
//
// Plain values.
#pragma once

#include <string>
#include <vector>

namespace netcode {

struct FieldCost {
  /// "things.x". Of each vector of entities also "things (who)", who is new and who is gone, and "things (as guessed)",
  /// whether all of an entity is as was guessed. "names": a vector of tables, whole. "the rest": what else the World
  /// has. "owner_only": what is for this client alone, all of it.
  std::string name{};
  double bits = 0;  // of a snapshot, on average
};

/// In the schema's order.
using FieldCosts = std::vector<FieldCost>;

}  // namespace netcode
