#include "replication/snapshot_budget.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "protocol/packed_envelope.hpp"

namespace netcode {
namespace {

/// In seconds of the rate: what may be saved up, what a connection begins with and whole snapshots begin again with,
/// and how much may be sent too early.
constexpr double kSavedMax = 1;
constexpr double kSavedAtFirst = 0.5;
constexpr double kDebtMax = 0.25;

}  // namespace

SnapshotBudget::SnapshotBudget(double bytes_per_second, engine::TimePoint now)
    : per_second_(bytes_per_second), tokens_(bytes_per_second * kSavedAtFirst), at_(now) {}

void SnapshotBudget::refill(double bytes_per_second, engine::TimePoint now) {
  per_second_ = bytes_per_second;
  const double seconds = std::chrono::duration<double>(now - at_).count();
  tokens_ = std::min(per_second_ * kSavedMax, tokens_ + seconds * per_second_);
  at_ = now;
}

bool SnapshotBudget::may_send() const { return tokens_ >= -per_second_ * kDebtMax; }

void SnapshotBudget::begin() {
  entities_.forget_waiting();
  whole_bytes_ = 0;
  is_first_ = true;
  is_short_ = false;
}

LaneWorldPtr SnapshotBudget::choose(const LaneLayout& layout, const LaneWorldPtr& handed, const LaneWorldPtr& now,
                                    PlayerId viewer) {
  const auto whole = static_cast<double>(whole_bytes_);
  if (!is_short_) {
    is_short_ = tokens_ < whole;
  } else if (!entities_.is_behind() && tokens_ >= per_second_ * kSavedAtFirst &&
             tokens_ >= std::min(whole, per_second_ * kSavedMax)) {
    is_short_ = false;
    whole_bytes_ = 0;  // it may have been one that told of much that was missed
  }
  if (handed && is_short_)
    return entities_.choose(layout, *handed, now, viewer,
                            tokens_ - static_cast<double>(protocol::kPackedEnvelopeBytes));
  entities_.forget_waiting();
  return now;
}

void SnapshotBudget::spend(std::size_t bytes) {
  const auto spent = static_cast<double>(bytes);
  if (std::exchange(is_first_, false)) {
    tokens_ = std::min(tokens_, std::max(tokens_ - spent, 0.0));
    is_short_ = tokens_ <= 0;
    return;
  }
  tokens_ -= spent;
  if (is_short_) {
    entities_.note(spent - static_cast<double>(protocol::kPackedEnvelopeBytes));
  } else {
    whole_bytes_ = bytes;
  }
}

}  // namespace netcode
