// What the fields of unpacked snapshots take: each is packed once more against what was there before it, by a writer
// that adds up its bits field by field instead of writing them.
//
// Threading: none of its own.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <vector>

#include "netcode/field_cost.hpp"
#include "netcode/ids.hpp"
#include "replication/lane_layout.hpp"
#include "replication/packed/packed_state.hpp"

namespace netcode {

class FieldMeter {
 public:
  /// The means are of so many snapshots: about a second where 30 come in one.
  static constexpr std::size_t kSnapshotsMax = 32;

  /// A snapshot gave `after`, where `before` was known. The first of a stream, which builds on nothing, is not counted,
  /// and neither is what came before it.
  void add(const LaneLayoutPtr& layout, packed::State before, const packed::State& after);
  /// The snapshot that was added last also had so many bytes that are for this client alone.
  void add_own(std::size_t bytes);
  /// Empty before there is anything to tell.
  FieldCosts means() const;

 private:
  LaneLayoutPtr layout_;                  // of what is counted
  std::deque<std::vector<double>> bits_;  // of the last snapshots, the oldest first; the last of each is the own part
};

}  // namespace netcode
