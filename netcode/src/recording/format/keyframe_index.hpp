// Where the keyframes of a recording are, in bounded memory: when it is full, every other entry goes, and from then on
// every other keyframe is left out. Seeking takes longer then, and still works.
#pragma once

#include <algorithm>
#include <vector>

#include "recording/format/record_bodies.hpp"

namespace netcode::recording {

class KeyframeIndex {
 public:
  explicit KeyframeIndex(std::size_t entries_max = kIndexEntriesMax) : entries_max_(entries_max) {}

  /// By rising tick; one that is not beyond the last is known already.
  void add(const IndexEntry& entry) {
    if (!entries_.empty() && entry.tick <= newest_tick_) return;
    newest_tick_ = entry.tick;
    if (seen_++ % step_ != 0) return;
    if (entries_.size() == entries_max_) thin_out();
    if ((seen_ - 1) % step_ == 0) entries_.push_back(entry);
  }

  /// The last at or before `tick`; null if there is none.
  const IndexEntry* find(Tick tick) const {
    const auto after = std::upper_bound(entries_.begin(), entries_.end(), tick,
                                        [](Tick wanted, const IndexEntry& entry) { return wanted < entry.tick; });
    return after == entries_.begin() ? nullptr : &*(after - 1);
  }

  const std::vector<IndexEntry>& entries() const { return entries_; }

 private:
  void thin_out() {
    const std::size_t half = (entries_.size() + 1) / 2;
    for (std::size_t i = 1; i < half; ++i) entries_[i] = entries_[2 * i];
    entries_.resize(half);
    step_ *= 2;
  }

  std::size_t entries_max_;
  std::vector<IndexEntry> entries_;
  Tick newest_tick_ = 0;
  std::size_t seen_ = 0;
  std::size_t step_ = 1;
};

}  // namespace netcode::recording
