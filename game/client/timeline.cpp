#include "game/client/timeline.hpp"

#include <chrono>
#include <utility>

namespace game::client {
namespace {

using engine::Duration;
using engine::TimePoint;

TimePoint time_of(double seconds) {
  return TimePoint{std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds))};
}
double seconds(Duration time) { return std::chrono::duration<double>(time).count(); }

}  // namespace

Timeline::Timeline(std::optional<double> delay_s) : delay_s_(delay_s), clock_(make_clock()) {}

netcode::InterpolationClock Timeline::make_clock() const {
  netcode::InterpolationClock::Config config;
  if (delay_s_) config.fixed_delay = std::chrono::microseconds(static_cast<std::int64_t>(*delay_s_ * 1e6));
  return netcode::InterpolationClock(config);
}

void Timeline::clear() {
  views_.clear();
  clock_ = make_clock();
}

void Timeline::add(sim::PlayerView view, double arrived_s) {
  const std::uint32_t tick = view.tick;
  clock_.arrived(tick, time_of(arrived_s));
  views_.add(tick, std::move(view));
}

double Timeline::tick_at(double now_s) { return clock_.tick_at(time_of(now_s)); }
double Timeline::delay_s() const { return seconds(clock_.delay()); }
double Timeline::jitter_s() const { return seconds(clock_.jitter()); }

}  // namespace game::client
