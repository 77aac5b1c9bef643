#include "client/action_clock.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace netcode::client {

namespace {

using engine::Duration;
using engine::TimePoint;
using std::chrono::milliseconds;

/// Never run faster or slower than this: more of it would be seen.
constexpr double kSlewMax = 0.05;
/// What is missing is made up for within about so long; what is too much is given back at leisure.
constexpr Duration kCatchUp = milliseconds(400);
constexpr Duration kGiveBack = milliseconds(2'000);
/// Slack beyond what the network's own jitter asks for: what the server's timer and a frame's end may take.
constexpr Duration kMargin = milliseconds(12);
/// The rarest late actions lie about so many times as far behind the middle one as every tenth does (half a normal
/// distribution's 99.7th percentile).
constexpr double kSpreads = 2.6;
constexpr Duration kSpreadMax = milliseconds(44);
constexpr Duration kFrameMax = milliseconds(34);
/// A long frame is forgotten by so much with each that follows.
constexpr double kFrameForgotten = 0.01;
/// After a beginning the clock may jump by more than a tick at once.
constexpr Duration kSettling = milliseconds(1'000);
constexpr Duration kFarOff = milliseconds(250);
constexpr Duration kFarOffFor = milliseconds(500);
constexpr Duration kRttGuessMax = milliseconds(500);

Duration of(double ns) { return Duration(static_cast<Duration::rep>(ns)); }

}  // namespace

ActionClock::ActionClock(std::uint32_t tick_hz, TimePoint now, Tick server_tick, Duration rtt)
    : tick_length_(Duration(std::chrono::seconds(1)) / tick_hz), due_(now), settling_until_(now + kSettling) {
  const Duration ahead = std::clamp(rtt, Duration::zero(), kRttGuessMax) + kMargin;
  tick_ = server_tick + 1 + static_cast<Tick>(ahead / tick_length_);
}

bool ActionClock::due(TimePoint now) {
  if (polled_at_ != now) {
    at_once_ = 0;
    const Duration gap = polled_at_ == TimePoint{} ? Duration{} : std::min(now - polled_at_, kFrameMax);
    frame_ = std::max(gap, frame_ - of(static_cast<double>(frame_.count()) * kFrameForgotten));
    polled_at_ = now;
  }
  const Duration step = of(static_cast<double>(tick_length_.count()) * (1 - slew_));
  if (now < due_ + step) return false;
  const auto missed = (now - due_ - step) / tick_length_;
  if (at_once_ == 0 && missed >= kAtOnceMax) {
    const auto skipped = missed - (kAtOnceMax - 1);
    tick_ += static_cast<Tick>(skipped);
    due_ += skipped * tick_length_;
  }
  ++at_once_;
  ++tick_;
  due_ += step;
  return true;
}

float ActionClock::share(TimePoint now) const {
  const double share = static_cast<double>((now - due_).count()) / static_cast<double>(tick_length_.count());
  return static_cast<float>(std::clamp(share, 0.0, 1.0));
}

void ActionClock::sent(std::uint32_t sequence, TimePoint now) {
  sent_[sequence % kSentMax] = {.sequence = sequence, .tick = tick_, .at = now, .offset = offset() + (now - due_)};
}

const ActionClock::Sent* ActionClock::find(std::uint32_t sequence) const {
  const Sent& sent = sent_[sequence % kSentMax];
  return sequence != 0 && sent.sequence == sequence ? &sent : nullptr;
}

void ActionClock::reported(std::uint32_t sequence, Duration slack, TimePoint now) {
  Sent& sent = sent_[sequence % kSentMax];
  if (sequence == 0 || sent.sequence != sequence || sent.is_reported) return;
  sent.is_reported = true;
  slack_ = slack;
  const Duration arrival = slack + sent.offset;
  if (is_far_off(arrival - offset(), now)) {
    arrivals_.clear();  // what was is no guide
    settling_until_ = now + kSettling;
  }
  arrivals_.add(arrival.count());
  steer(now);
}

/// Each of the last half second's actions was a quarter of a second too early or late.
bool ActionClock::is_far_off(Duration slack, TimePoint now) {
  if (std::chrono::abs(slack - frame_ - kMargin) <= kFarOff) {
    far_off_since_.reset();
    return false;
  }
  if (!far_off_since_) far_off_since_ = now;
  if (now - *far_off_since_ < kFarOffFor) return false;
  far_off_since_.reset();
  return true;
}

void ActionClock::resumed(TimePoint now) {
  arrivals_.clear();
  settling_until_ = now + kSettling;
}

void ActionClock::steer(TimePoint now) {
  const std::int64_t middle = arrivals_.quantile(0.5);
  const double spread = static_cast<double>(middle - arrivals_.quantile(0.1));
  const Duration target = kMargin + frame_ + std::min(of(kSpreads * spread), kSpreadMax);
  // Above 0: actions are to leave earlier.
  const Duration lacking = target - (Duration(middle) - offset());
  if (now < settling_until_ && std::chrono::abs(lacking) > tick_length_) return jump(lacking);
  const Duration within = lacking > Duration::zero() ? kCatchUp : kGiveBack;
  slew_ = std::clamp(static_cast<double>(lacking.count()) / static_cast<double>(within.count()), -kSlewMax, kSlewMax);
}

/// Whole ticks: later ones are named from now on, or some time goes by without any.
void ActionClock::jump(Duration by) {
  const auto ticks = static_cast<std::int64_t>(
      std::llround(static_cast<double>(by.count()) / static_cast<double>(tick_length_.count())));
  if (ticks > 0) {
    tick_ += static_cast<Tick>(ticks);
  } else {
    due_ -= ticks * tick_length_;
  }
  slew_ = 0;
  ++jumps_;
}

}  // namespace netcode::client
