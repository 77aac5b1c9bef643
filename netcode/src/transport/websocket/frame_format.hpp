// WebSocket frames as bytes (RFC 6455, section 5.2): headers, and the client's mask.
//
//   byte 0: FIN, RSV1-3, opcode(4)   byte 1: MASK, length(7)   [2 or 8 bytes of length, big-endian]   [4 bytes of mask]
//
// Pure functions, any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "netcode/bytes.hpp"

namespace netcode::transport {

enum class Opcode : std::uint8_t { kContinuation = 0, kText = 1, kBinary = 2, kClose = 8, kPing = 9, kPong = 10 };

inline constexpr std::uint8_t kFinBit = 0x80;
inline constexpr std::uint8_t kMaskBit = 0x80;
inline constexpr std::size_t kControlPayloadBytesMax = 125;
inline constexpr std::size_t kFrameHeaderBytesMax = 14;

constexpr bool is_control(std::uint8_t opcode) { return (opcode & 8) != 0; }

using Mask = std::array<std::uint8_t, 4>;

/// The header's size for a payload of so many bytes.
constexpr std::size_t frame_header_bytes(std::uint64_t payload_bytes, bool masked) {
  const std::size_t extended = payload_bytes < 126 ? 0 : payload_bytes < 65536 ? 2 : 8;
  return 2 + extended + (masked ? 4 : 0);
}

/// A header of a whole, unfragmented message; `mask` null for a server's. Returns its size.
std::size_t write_frame_header(std::span<std::uint8_t, kFrameHeaderBytesMax> out, Opcode opcode,
                               std::uint64_t payload_bytes, const Mask* mask);

/// `offset`: how many bytes of the payload were masked before these.
void apply_mask(std::span<std::uint8_t> bytes, const Mask& mask, std::size_t offset = 0);

/// Unpredictable, as section 10.3 asks: a script in a browser must not choose what is on the wire.
Mask make_mask();

}  // namespace netcode::transport
