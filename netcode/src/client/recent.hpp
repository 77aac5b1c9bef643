// The last N of something, and where in their order a share of them lies. Plain value.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "engine/core/assert.hpp"

namespace netcode::client {

template <class T, std::size_t N>
class Recent {
 public:
  void add(const T& value) {
    values_[next_] = value;
    next_ = (next_ + 1) % N;
    size_ = std::min(size_ + 1, N);
  }
  void clear() { next_ = size_ = 0; }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  /// The value that `share` (0 to 1) of them lie below: 0.5 is the median. Not of none.
  T quantile(double share) const {
    ENGINE_ASSERT(size_ > 0, "a share of nothing");
    std::array<T, N> sorted = values_;
    const auto at = std::min(size_ - 1, static_cast<std::size_t>(share * static_cast<double>(size_)));
    const auto nth = sorted.begin() + static_cast<std::ptrdiff_t>(at);
    std::nth_element(sorted.begin(), nth, sorted.begin() + static_cast<std::ptrdiff_t>(size_));
    return *nth;
  }

 private:
  std::array<T, N> values_{};
  std::size_t next_ = 0;
  std::size_t size_ = 0;
};

}  // namespace netcode::client
