// What stands in a packed snapshot beside its bits.
//
//   a byte: how long the own part is (5 bits; 31: two bytes follow that say it), and three flags
//   the own part
//   a hash of the World, if its flag is set: 4 bytes, little-endian
//   the bits, to the end
//
// Before all of it, if snapshots were left out that it builds on: a byte of 30, their number, and for each how many
// ticks after the one before it was, its size with its two flags below, and its hash and bits. Numbers are as in
// protocol/near_numbers.hpp.
//
// Threading: pure functions of values.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/result.hpp"
#include "netcode/bytes.hpp"
#include "netcode/ids.hpp"

namespace netcode {

/// One that others were sent meanwhile.
struct EarlierFrame {
  Tick ticks = 0;  // from the one before
  bool is_restart = false;
  bool has_hash = false;
  BytesView shared{};
};

struct PackedFrame {
  static constexpr std::size_t kEarlierMax = 255;

  bool is_first = false;    // against nothing: whatever the client had is forgotten
  bool is_restart = false;  // what was learned is forgotten, the last World is not
  bool has_hash = false;
  BytesView own{};
  BytesView shared{};  // the hash, if there is one, and the bits
  std::vector<EarlierFrame> earlier{};

  /// All of it but `shared`, which stands behind.
  Bytes prefix() const;
  static engine::Result<PackedFrame> read(BytesView bytes);
};
inline constexpr std::size_t kWorldHashBytes = 4;

}  // namespace netcode
