// What stands in a packed snapshot before its bits.
//
//   a byte: how long the own part is (5 bits; 31: two bytes follow that say it), and three flags
//   the own part
//   a hash of the World, if its flag is set: 4 bytes, little-endian
//   the bits, to the end
//
// Threading: pure functions of values.
#pragma once

#include <cstdint>

#include "engine/core/result.hpp"
#include "netcode/bytes.hpp"

namespace netcode {

struct PackedFrame {
  bool is_first = false;    // against nothing: whatever the client had is forgotten
  bool is_restart = false;  // what was learned is forgotten, the last World is not
  bool has_hash = false;
  BytesView own{};
  BytesView shared{};  // the hash, if there is one, and the bits

  /// All of it but `shared`, which stands behind.
  Bytes prefix() const;
  static engine::Result<PackedFrame> read(BytesView bytes);
};
inline constexpr std::size_t kWorldHashBytes = 4;

}  // namespace netcode
