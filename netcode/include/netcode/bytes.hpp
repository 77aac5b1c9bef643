// Bytes as they travel: owned, shared between the outboxes of many sessions, or borrowed for the length of a call.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace netcode {

using Bytes = std::vector<std::uint8_t>;
using BytesView = std::span<const std::uint8_t>;
/// Encoded once, read by many threads, never written again.
using SharedBytes = std::shared_ptr<const Bytes>;

}  // namespace netcode
