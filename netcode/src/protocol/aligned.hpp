// A place for one incoming message at a time, aligned as FlatBuffers must be to be read.
//
// Bytes come off a socket at any address; reading a ulong from an odd one is undefined. One of these serves a whole
// shard or client, since messages are handled one after the other.
#pragma once

#include <cstdint>
#include <vector>

#include "netcode/bytes.hpp"

namespace netcode::protocol {

class AlignedBuffer {
 public:
  /// A copy of `bytes`, aligned to 8, valid until the next call.
  BytesView copy(BytesView bytes);

 private:
  std::vector<std::uint64_t> words_;
};

/// `bytes` itself if it is aligned to 8, else a copy of it in `scratch`: a body inside a message whose writer did not
/// align it.
BytesView aligned(BytesView bytes, AlignedBuffer& scratch);

}  // namespace netcode::protocol
