#include "replication/packed_frame.hpp"

#include "engine/core/assert.hpp"

namespace netcode {
namespace {

constexpr std::uint8_t kFirst = 32;
constexpr std::uint8_t kHash = 64;
constexpr std::uint8_t kRestart = 128;
constexpr std::size_t kLong = 31;

}  // namespace

Bytes PackedFrame::prefix() const {
  ENGINE_ASSERT(own.size() <= UINT16_MAX, "an own part is bounded by the size of a World's structs");
  Bytes out;
  const bool is_long = own.size() >= kLong;
  out.push_back(static_cast<std::uint8_t>((is_long ? kLong : own.size()) | (is_first ? kFirst : 0U) |
                                          (has_hash ? kHash : 0U) | (is_restart ? kRestart : 0U)));
  if (is_long) {
    out.push_back(static_cast<std::uint8_t>(own.size() & 0xFFU));
    out.push_back(static_cast<std::uint8_t>(own.size() >> 8U));
  }
  out.insert(out.end(), own.begin(), own.end());
  return out;
}

engine::Result<PackedFrame> PackedFrame::read(BytesView bytes) {
  if (bytes.empty()) return engine::error("a packed snapshot of no bytes");
  PackedFrame out{.is_first = (bytes[0] & kFirst) != 0,
                  .is_restart = (bytes[0] & kRestart) != 0,
                  .has_hash = (bytes[0] & kHash) != 0};
  std::size_t at = 1;
  std::size_t size = bytes[0] & kLong;
  if (size == kLong) {
    if (bytes.size() < 3) return engine::error("a packed snapshot that is cut off");
    size = static_cast<std::size_t>(bytes[1] | bytes[2] << 8);
    at = 3;
  }
  if (bytes.size() - at < size + (out.has_hash ? kWorldHashBytes : 0))
    return engine::error("a packed snapshot that is cut off");
  out.own = bytes.subspan(at, size);
  out.shared = bytes.subspan(at + size);
  return out;
}

}  // namespace netcode
