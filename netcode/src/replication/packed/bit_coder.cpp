#include "replication/packed/bit_coder.hpp"

namespace netcode::packed {

// The shortest bytes which, followed by zeros, lie in the range; zeros at the end of all are left out.
void BitWriter::end() {
  for (int bytes = 0; bytes <= 4; ++bytes) {
    const std::uint32_t step = bytes == 0 ? 0 : 0xFFFFFFFFU >> (8 * (bytes - 1)) >> 8;  // all bits below the last byte
    const std::uint32_t mask = bytes == 0 ? 0xFFFFFFFFU : step;
    const std::uint64_t up = (std::uint64_t{low_} + mask) & ~std::uint64_t{mask};
    if (up > high_) continue;
    for (int i = 0; i < bytes; ++i) to_.push_back(static_cast<std::uint8_t>(up >> (24 - 8 * i)));
    break;
  }
  while (to_.size() > first_ && to_.back() == 0) to_.pop_back();
}

}  // namespace netcode::packed
