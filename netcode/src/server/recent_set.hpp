// Which of the newest numbers of a rising series have come: a bit for each.
//
// Pure. One owner.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>

namespace netcode {

/// Of the numbers from 1 up, the newest that has come and the Size - 1 before it.
template <std::size_t Size>
class RecentSet {
 public:
  enum class Found : std::uint8_t { kNo, kYes, kTooOld };
  Found find(std::uint32_t number) const {
    if (number > newest_) return Found::kNo;
    if (newest_ - number >= Size) return Found::kTooOld;
    return has_[number % Size] ? Found::kYes : Found::kNo;
  }
  /// One that is not too old.
  void add(std::uint32_t number) {
    if (number > newest_) {
      if (number - newest_ >= Size) has_.reset();
      for (std::uint32_t next = newest_ + 1; next < number && number - newest_ < Size; ++next) has_.reset(next % Size);
      newest_ = number;
    }
    has_.set(number % Size);
  }
  std::uint32_t newest() const { return newest_; }

 private:
  std::bitset<Size> has_;
  std::uint32_t newest_ = 0;  // 0: none has come
};

}  // namespace netcode
