// Numbers and strings as a recording's bytes hold them: fixed ones little-endian, others as LEB128 varints.
//
// Writer: appends to a buffer that its owner keeps and reuses. Reader: bytes from outside, so every read may fail;
// after the first failure all further ones fail too, and `ok` says so once at the end of a run of reads. Plain values,
// one owner.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "netcode/bytes.hpp"

namespace netcode {

/// A number that may be negative, so that a small one of either sign is a small varint: 0, -1, 1, -2 ... are 0, 1, 2, 3
/// ... Differences of unsigned numbers wrap round, there and back.
constexpr std::uint64_t zigzag(std::uint64_t difference) {
  return (difference << 1U) ^ ((difference >> 63U) != 0 ? ~std::uint64_t{0} : 0);
}
constexpr std::uint64_t unzigzag(std::uint64_t coded) {
  return (coded >> 1U) ^ ((coded & 1U) != 0 ? ~std::uint64_t{0} : 0);
}

class VarintWriter {
 public:
  explicit VarintWriter(Bytes& out) : out_(out) {}

  template <class T>
  void fixed(T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i) out_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  }
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7U) out_.push_back(static_cast<std::uint8_t>(value | 0x80U));
    out_.push_back(static_cast<std::uint8_t>(value));
  }
  void bytes(BytesView bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }
  void text(std::string_view text) {
    varint(text.size());
    bytes({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  }

 private:
  Bytes& out_;
};

class VarintReader {
 public:
  VarintReader() = default;
  explicit VarintReader(BytesView bytes) : rest_(bytes) {}

  bool ok() const { return ok_; }
  std::size_t left() const { return rest_.size(); }
  bool at_end() const { return ok_ && rest_.empty(); }

  template <class T>
  T fixed() {
    const BytesView from = bytes(sizeof(T));
    T value = 0;
    for (std::size_t i = 0; i < from.size(); ++i) value = static_cast<T>(value | static_cast<T>(T{from[i]} << (8 * i)));
    return value;
  }
  /// At most `max`; a longer or larger one is a failure.
  std::uint64_t varint(std::uint64_t max) {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const BytesView byte = bytes(1);
      if (byte.empty()) return 0;
      const std::uint64_t part = byte[0] & 0x7FU;
      if (shift == 63 && part > 1) break;
      value |= part << shift;
      if ((byte[0] & 0x80U) == 0) {
        if (value > max) break;
        return value;
      }
    }
    fail();
    return 0;
  }
  /// Borrowed from what is read; empty after a failure.
  BytesView bytes(std::size_t size) {
    if (!ok_ || size > rest_.size()) {
      fail();
      return {};
    }
    const BytesView taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }
  std::string_view text(std::size_t bytes_max) {
    const BytesView taken = bytes(static_cast<std::size_t>(varint(bytes_max)));
    return {reinterpret_cast<const char*>(taken.data()), taken.size()};
  }
  void fail() {
    ok_ = false;
    rest_ = {};
  }

 private:
  BytesView rest_;
  bool ok_ = true;
};

}  // namespace netcode
