#include "netcode/interpolation.hpp"

#include <algorithm>
#include <cmath>

#include "client/recent.hpp"

namespace netcode {

namespace {

using engine::Duration;
using engine::TimePoint;
using std::chrono::milliseconds;

/// Snapshots that are here within so long of each other were held by something and let go: they count as one.
constexpr Duration kBurst = milliseconds(3);
/// Of 128 arrivals (4 s at 30 Hz) so many may come too late for the buffer: a stall every few seconds is waited out
/// rather than waited for all the time.
constexpr double kInTime = 0.955;
constexpr double kFastest = 0.02;
/// Jitter's tail goes on beyond the share that is in time: half a normal distribution's last thousandth lies 1.6 times
/// as far out. Most of that way.
constexpr double kReserve = 2.1;
constexpr Duration kMargin = milliseconds(15);
constexpr Duration kDelayBeyondIntervalMax = milliseconds(150);
/// The buffer is made smaller by this share of a second each second.
constexpr double kShrinkPerSecond = 0.02;
/// What is drawn runs at most so much faster or slower than the match.
constexpr double kSlewMax = 0.1;
constexpr Duration kSlewWithin = milliseconds(250);
/// Further off is another time altogether: a new match, a long outage.
constexpr Duration kFarOff = milliseconds(250);
constexpr int kFarOffCount = 12;

double seconds(Duration time) { return std::chrono::duration<double>(time).count(); }

}  // namespace

struct InterpolationClock::Impl {
  explicit Impl(const Config& given)
      : config(given),
        tick_length(Duration(std::chrono::seconds(1)) / given.tick_hz),
        interval(Duration(std::chrono::seconds(1)) / given.snapshot_hz) {
    ENGINE_ASSERT(given.tick_hz > 0 && given.snapshot_hz > 0);
    delay = wanted();
  }

  /// How late the newest came that were not held back together: the first of each burst speaks for all of it.
  void note(Duration offset, TimePoint at) {
    const bool is_burst = newest_at && at - *newest_at < kBurst;
    newest_at = at;
    if (is_burst && !offsets.empty()) return;
    far_off = !offsets.empty() && offset - base > kFarOff ? far_off + 1 : 0;
    if (far_off == kFarOffCount) offsets.clear();  // no stall: the match stood still, and is at another time now
    offsets.add(offset.count());
    base = Duration(offsets.quantile(kFastest));
    late = Duration(offsets.quantile(kInTime)) - base;
  }

  Duration wanted() const {
    if (config.fixed_delay) return *config.fixed_delay;
    const auto reserve = static_cast<Duration::rep>(kReserve * static_cast<double>(late.count()));
    return interval + std::min(Duration(reserve) + kMargin, kDelayBeyondIntervalMax);
  }

  Config config;
  Duration tick_length;
  Duration interval;
  client::Recent<std::int64_t, 128> offsets;  // of arrivals from tick times tick length, in ns
  std::optional<TimePoint> newest_at;
  Tick newest = 0;
  Duration base{};   // the fastest arrivals' offset
  Duration late{};   // of nearly all the others against it
  Duration delay{};  // the buffer, as it is now
  int far_off = 0;   // arrivals in a row that came far too late
  double drawn = 0;  // in ticks
  std::optional<TimePoint> drawn_at;
};

InterpolationClock::InterpolationClock(const Config& config) : impl_(std::make_unique<Impl>(config)) {}
InterpolationClock::~InterpolationClock() = default;
InterpolationClock::InterpolationClock(InterpolationClock&&) noexcept = default;
InterpolationClock& InterpolationClock::operator=(InterpolationClock&&) noexcept = default;

void InterpolationClock::arrived(Tick tick, TimePoint at) {
  Impl& it = *impl_;
  const Duration offset = at - TimePoint{} - it.tick_length * tick;
  const bool is_other_time = !it.offsets.empty() && (tick + 64 < it.newest || (offset < it.base - kFarOff));
  if (is_other_time) {
    it.offsets.clear();
    it.drawn_at.reset();
  } else if (tick <= it.newest) {
    return;
  }
  it.newest = tick;
  const bool is_first = it.offsets.empty();
  it.note(offset, at);
  it.delay = is_first ? it.wanted() : std::max(it.delay, it.wanted());  // more at once
}

double InterpolationClock::tick_at(TimePoint now) {
  Impl& it = *impl_;
  if (it.offsets.empty()) return 0;
  const Duration target_at = now - TimePoint{} - it.base - it.delay;
  const double target = static_cast<double>(target_at.count()) / static_cast<double>(it.tick_length.count());
  if (!it.drawn_at) {
    it.drawn = std::max(target, 0.0);
    it.drawn_at = now;
    return it.drawn;
  }
  const Duration gone_by = now - *it.drawn_at;
  it.drawn_at = now;
  const Duration shrunk =
      it.delay - Duration(static_cast<Duration::rep>(static_cast<double>(gone_by.count()) * kShrinkPerSecond));
  it.delay = std::max(it.wanted(), shrunk);

  const double ticks = seconds(gone_by) * it.config.tick_hz;
  const double off = target - (it.drawn + ticks);
  if (std::abs(off) > seconds(kFarOff) * it.config.tick_hz) {
    it.drawn = std::max(target, 0.0);
  } else {
    const double within = seconds(kSlewWithin) * it.config.tick_hz;
    it.drawn += ticks * (1 + std::clamp(off / within, -kSlewMax, kSlewMax));
  }
  return it.drawn;
}

Duration InterpolationClock::delay() const { return impl_->delay; }
Duration InterpolationClock::jitter() const { return impl_->late; }

}  // namespace netcode
