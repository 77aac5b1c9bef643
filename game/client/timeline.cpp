#include "game/client/timeline.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace game::client {
namespace {

constexpr double kTicksPerSecond = 60;
constexpr std::size_t kViewsMax = 64;
/// Each arrival moves the clock by this share of what it is off.
constexpr double kClockShare = 0.05;
/// Further off is another time altogether: a new match, a long stall.
constexpr double kJumpTicks = 15;

}  // namespace

void Timeline::clear() {
  views_.clear();
  offset_.reset();
  last_tick_ = 0;
}

void Timeline::add(sim::View view, double arrived_s) {
  if (!views_.empty() && view.tick <= views_.back().tick) {
    if (views_.back().tick - view.tick < kViewsMax) return;
    clear();  // time was set back: another match, or a recording that is seen again
  }
  const double seen = view.tick - arrived_s * kTicksPerSecond;
  if (!offset_ || std::abs(seen - *offset_) > kJumpTicks) {
    offset_ = seen;
    last_tick_ = 0;
  } else {
    *offset_ += (seen - *offset_) * kClockShare;
  }
  views_.push_back(std::move(view));
  if (views_.size() > kViewsMax) views_.pop_front();
}

double Timeline::tick_at(double now_s) {
  if (!offset_) return 0;
  last_tick_ = std::max(last_tick_, now_s * kTicksPerSecond + *offset_ - delay_ticks_);
  return last_tick_;
}

Timeline::Pair Timeline::around(double tick) const {
  if (views_.empty()) return {};
  const auto after = std::find_if(views_.begin(), views_.end(), [tick](const sim::View& v) { return v.tick > tick; });
  if (after == views_.end()) return {&views_.back(), &views_.back(), 0};
  if (after == views_.begin()) return {&*after, &*after, 0};
  const auto before = std::prev(after);
  const auto share = (tick - before->tick) / (after->tick - before->tick);
  return {&*before, &*after, static_cast<float>(share)};
}

}  // namespace game::client
