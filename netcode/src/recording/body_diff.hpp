// Bytes as the difference to earlier bytes, in place: `base` is what came before and becomes what was coded.
//
//   0                          the same again
//   size << 1 | 1, bytes       whole
//   runs << 1, then each run: varint (skip << 2 | length - 1), bytes       of the same size, with up to 4 bytes
//   replaced a run
#pragma once

#include "recording/wire.hpp"

namespace netcode::recording {

void encode_diff(WireWriter& writer, BytesView bytes, Bytes& base);
/// False, and the reader failed, if these are no such bytes or more than `bytes_max`.
bool decode_diff(WireReader& reader, Bytes& base, std::size_t bytes_max);

}  // namespace netcode::recording
