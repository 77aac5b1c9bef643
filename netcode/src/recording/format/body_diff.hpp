// Bytes as the difference to earlier bytes, in place: `base` is what came before and becomes what was coded.
//
//   0                          the same again
//   size << 1 | 1, bytes       whole
//   runs << 1, then each run   of the same size; a run replaces 1 to 4 bytes: varint (skip << 2 | length - 1), bytes
#pragma once

#include "recording/format/varint.hpp"

namespace netcode::recording {

void encode_diff(VarintWriter& writer, BytesView bytes, Bytes& base);
/// False, and the reader failed, if these are no such bytes or more than `bytes_max`.
bool decode_diff(VarintReader& reader, Bytes& base, std::size_t bytes_max);

}  // namespace netcode::recording
