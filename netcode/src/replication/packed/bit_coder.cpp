#include "replication/packed/bit_coder.hpp"

namespace netcode::packed {

// Never beyond the first byte: all that is ever written is less than one whole range.
void BitWriter::carry() {
  for (std::size_t i = to_.size(); i-- > first_ && ++to_[i] == 0;) {
  }
}

void BitWriter::put() {
  const auto byte = [this](int down) { return static_cast<std::uint8_t>(low_ >> down); };
  to_.insert(to_.end(), {byte(56), byte(48), byte(40), byte(32)});
  low_ <<= 32;
  range_ <<= 32;
}

// The shortest bytes which, followed by zeros, lie in the range. What was written before stays, be it zeros: it is by
// their count that a reader finds out that a stream has ended too early.
void BitWriter::end() {
  for (int bytes = 0; bytes <= 8; ++bytes) {
    const std::uint64_t mask = bytes == 0 ? UINT64_MAX : bytes == 8 ? 0 : UINT64_MAX >> (8 * bytes);  // all below them
    const std::uint64_t up = (low_ + mask) & ~mask;
    if (up - low_ >= range_) continue;
    if (up < low_) carry();
    for (int i = 0; i < bytes; ++i) to_.push_back(static_cast<std::uint8_t>(up >> (56 - 8 * i)));
    break;
  }
}

}  // namespace netcode::packed
