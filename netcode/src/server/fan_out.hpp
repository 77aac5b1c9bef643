// What the events of one session may cost all others: the bytes of reliable events that they put into outboxes, times
// the receivers. It is charged where the receivers are, after the event was handled, and asked before the next one is.
//
// Threading: charge from any thread, may_speak on the session's. Ownership: shared by the session and what it sends.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "engine/core/clock.hpp"
#include "engine/core/token_bucket.hpp"
#include "netcode/limits.hpp"

namespace netcode {

class FanOut {
 public:
  explicit FanOut(engine::TimePoint now)
      : budget_(limits::kFanOutBytesPerSecondMax, limits::kFanOutBurstBytesMax, now) {}

  void charge(std::size_t bytes) { spent_.fetch_add(bytes, std::memory_order_relaxed); }

  /// Is what it has caused so far within its budget? One event may go beyond it: how many will receive it is not known
  /// before.
  bool may_speak(engine::TimePoint now) {
    constexpr double kDebtMax = double{limits::kFanOutDebtSecondsMax} * limits::kFanOutBytesPerSecondMax;
    budget_.spend(static_cast<double>(spent_.exchange(0, std::memory_order_relaxed)), kDebtMax, now);
    return !budget_.is_in_debt();
  }

 private:
  std::atomic<std::uint64_t> spent_ = 0;
  engine::TokenBucket budget_;
};

}  // namespace netcode
