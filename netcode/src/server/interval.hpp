// The ticks from one snapshot of a match to the next, as those who are in it may learn of them: nothing that was
// computed, taken or answered in an interval leaves the server for them before it is released.
//
// Threading: any thread reads; the match's shard releases. Ownership: shared by the match's audience and by whatever is
// held back on its account.
#pragma once

#include <atomic>
#include <memory>

namespace netcode {

class Interval {
 public:
  bool is_released() const { return is_released_.load(std::memory_order_acquire); }
  void release() { is_released_.store(true, std::memory_order_release); }

 private:
  std::atomic<bool> is_released_ = false;
};
/// Null: nothing is held back.
using IntervalPtr = std::shared_ptr<const Interval>;

}  // namespace netcode
