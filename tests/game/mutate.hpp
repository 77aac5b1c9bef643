// Broken copies of good bytes, for whoever reads bytes from outside.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "engine/core/rng.hpp"

namespace game::test {

// Exactly as long as its bytes, so that a sanitizer sees a read beyond them, and aligned as verified buffers are.
class AlignedBytes {
 public:
  explicit AlignedBytes(const std::vector<std::uint8_t>& bytes) : bytes_(bytes) {}
  const std::uint8_t* data() const { return bytes_.data(); }  // what malloc returns is aligned to 16
  std::size_t size() const { return bytes_.size(); }

 private:
  std::vector<std::uint8_t> bytes_;
};

// Calls read with every prefix of the bytes and with `count` copies of which a few bytes are changed. Returns how many
// of the changed ones were read as good.
template <class Read>
int for_each_mutation(const std::vector<std::uint8_t>& bytes, int count, Read read) {
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    SCOPED_TRACE("the first " + std::to_string(size) + " bytes");
    (void)read(AlignedBytes({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)}));
  }
  int accepted = 0;
  for (int i = 0; i < count; ++i) {
    SCOPED_TRACE("mutation of seed " + std::to_string(i));
    engine::Rng rng(static_cast<std::uint64_t>(i));
    std::vector<std::uint8_t> broken = bytes;
    for (std::uint32_t n = 1 + rng.below(4); n > 0; --n) {
      std::uint8_t& byte = broken[rng.below(static_cast<std::uint32_t>(broken.size()))];
      byte =
          rng.below(3) == 0 ? static_cast<std::uint8_t>(rng.below(2) * 255) : static_cast<std::uint8_t>(rng.below(256));
    }
    if (read(AlignedBytes(broken))) ++accepted;
  }
  return accepted;
}

}  // namespace game::test
