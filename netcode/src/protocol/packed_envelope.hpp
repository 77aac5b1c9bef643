// The message around something packed: a client's action, or a snapshot with its head.
//
// Pure functions, any thread.
#pragma once

#include <cstddef>

#include "netcode/bytes.hpp"

namespace netcode::protocol {

/// The bytes of a message that stand before what is packed in it.
inline constexpr std::size_t kPackedEnvelopeBytes = 20;

/// Written over the first kPackedEnvelopeBytes of `message`, for so many bytes of what is packed.
void write_packed_envelope(std::size_t packed_bytes, Bytes& message);

}  // namespace netcode::protocol
