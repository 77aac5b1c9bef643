#include "replication/packed_frame.hpp"

#include <string_view>
#include <utility>

#include "engine/core/assert.hpp"
#include "protocol/near_numbers.hpp"

namespace netcode {
namespace {

constexpr std::uint8_t kFirst = 32;
constexpr std::uint8_t kHash = 64;
constexpr std::uint8_t kRestart = 128;
constexpr std::size_t kEarlier = 30;
constexpr std::size_t kLong = 31;

constexpr std::uint64_t kEarlierHash = 1;
constexpr std::uint64_t kEarlierRestart = 2;
constexpr unsigned kEarlierFlagBits = 2;

constexpr std::string_view kWhat = "a packed snapshot";

engine::Result<std::vector<EarlierFrame>> read_earlier(protocol::NumberReader& in) {
  std::vector<EarlierFrame> out;
  for (std::size_t count = in.byte(); count > 0; --count) {
    EarlierFrame earlier{.ticks = static_cast<Tick>(in.number())};
    const std::uint64_t said = in.number();
    earlier.has_hash = (said & kEarlierHash) != 0;
    earlier.is_restart = (said & kEarlierRestart) != 0;
    earlier.shared = in.bytes(said >> kEarlierFlagBits);
    if (!in.is_good()) break;
    if (earlier.has_hash && earlier.shared.size() < kWorldHashBytes) return engine::error("{} that is cut off", kWhat);
    out.push_back(earlier);
  }
  if (!in.is_good()) return engine::error("{}", in.problem());
  return out;
}

}  // namespace

Bytes PackedFrame::prefix() const {
  ENGINE_ASSERT(own.size() <= UINT16_MAX, "an own part is bounded by the size of a World's structs");
  ENGINE_ASSERT(earlier.size() <= kEarlierMax, "whoever is so far behind begins anew");
  Bytes out;
  if (!earlier.empty()) {
    out.push_back(kEarlier);
    out.push_back(static_cast<std::uint8_t>(earlier.size()));
    for (const EarlierFrame& frame : earlier) {
      protocol::put_number(out, frame.ticks);
      protocol::put_number(out, frame.shared.size() << kEarlierFlagBits | (frame.has_hash ? kEarlierHash : 0) |
                                    (frame.is_restart ? kEarlierRestart : 0));
      out.insert(out.end(), frame.shared.begin(), frame.shared.end());
    }
  }
  const bool is_long = own.size() >= kEarlier;
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
  protocol::NumberReader in(bytes, kWhat);
  PackedFrame out;
  std::uint8_t said = in.byte();
  if (said == kEarlier) {
    auto earlier = read_earlier(in);
    if (!earlier) return earlier.error();
    out.earlier = std::move(*earlier);
    said = in.byte();
  }
  out.is_first = (said & kFirst) != 0;
  out.is_restart = (said & kRestart) != 0;
  out.has_hash = (said & kHash) != 0;
  std::size_t size = said & kLong;
  if (size == kEarlier) return engine::error("{} that says twice what it builds on", kWhat);
  if (size == kLong) {
    size = in.byte();
    size |= static_cast<std::size_t>(in.byte()) << 8U;
  }
  out.own = in.bytes(size);
  if (!in.is_good() || (out.has_hash && in.rest().size() < kWorldHashBytes))
    return engine::error("{} that is cut off", kWhat);
  if (out.is_first && !out.earlier.empty()) return engine::error("{} that builds on nothing and on something", kWhat);
  out.shared = in.rest();
  return out;
}

}  // namespace netcode
