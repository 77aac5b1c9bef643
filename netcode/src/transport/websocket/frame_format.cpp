#include "transport/websocket/frame_format.hpp"

#include <sys/random.h>

#include <bit>
#include <cstring>

#include "engine/core/assert.hpp"

namespace netcode::transport {

std::size_t write_frame_header(std::span<std::uint8_t, kFrameHeaderBytesMax> out, Opcode opcode,
                               std::uint64_t payload_bytes, const Mask* mask) {
  out[0] = static_cast<std::uint8_t>(kFinBit | static_cast<std::uint8_t>(opcode));
  const std::uint8_t mask_bit = mask != nullptr ? kMaskBit : 0;
  std::size_t size = 2;
  const auto put_length = [&](std::uint8_t marker, int bytes) {
    out[1] = mask_bit | marker;
    for (int i = bytes - 1; i >= 0; --i) out[size++] = static_cast<std::uint8_t>(payload_bytes >> (8 * i));
  };
  if (payload_bytes < 126) {
    out[1] = mask_bit | static_cast<std::uint8_t>(payload_bytes);
  } else if (payload_bytes < 65536) {
    put_length(126, 2);
  } else {
    put_length(127, 8);
  }
  if (mask != nullptr) {
    std::memcpy(&out[size], mask->data(), mask->size());
    size += mask->size();
  }
  return size;
}

void apply_mask(std::span<std::uint8_t> bytes, const Mask& mask, std::size_t offset) {
  std::array<std::uint8_t, 8> pattern{};
  for (std::size_t i = 0; i < pattern.size(); ++i) pattern[i] = mask[(i + offset) % mask.size()];
  const auto word = std::bit_cast<std::uint64_t>(pattern);
  std::size_t i = 0;
  for (; i + sizeof word <= bytes.size(); i += sizeof word) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, &bytes[i], sizeof eight);
    eight ^= word;
    std::memcpy(&bytes[i], &eight, sizeof eight);
  }
  for (; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(bytes[i] ^ pattern[i % pattern.size()]);
}

Mask make_mask() {
  // One system call for 64 masks.
  struct Pool {
    std::array<std::uint8_t, 256> bytes{};
    std::size_t used = 256;
  };
  thread_local Pool pool;
  if (pool.used == pool.bytes.size()) {
    const auto got = ::getrandom(pool.bytes.data(), pool.bytes.size(), 0);  // up to 256 bytes never come in part
    ENGINE_ASSERT(got == static_cast<ssize_t>(pool.bytes.size()), "no random numbers from the kernel");
    pool.used = 0;
  }
  Mask mask{};
  std::memcpy(mask.data(), &pool.bytes[pool.used], mask.size());
  pool.used += mask.size();
  return mask;
}

}  // namespace netcode::transport
