#include "server/load_meter.hpp"

namespace netcode {
namespace {

constexpr std::chrono::seconds kWindow{5};
/// A sample is kept each half second: eleven are enough for the window.
constexpr std::chrono::milliseconds kSampleEvery{500};
/// Of the window's ticks. A busy machine stumbles now and then; one tick in ten is more than players overlook.
constexpr double kOverloadedAt = 0.10;
constexpr double kRelievedAt = 0.02;
/// Below a second's worth of ticks a share says nothing.
constexpr std::uint64_t kTicksMin = 60;

}  // namespace

void LoadMeter::note(engine::TimePoint now, std::uint64_t ticks, std::uint64_t overdue_ticks) {
  if (!samples_.empty() && now - samples_.back().at < kSampleEvery) return;
  while (samples_.size() > 1 && now - samples_.front().at > kWindow) samples_.pop_front();
  samples_.push_back({now, ticks, overdue_ticks});
  const std::uint64_t recent = ticks - samples_.front().ticks;
  const double share = recent < kTicksMin ? 0.0
                                          : static_cast<double>(overdue_ticks - samples_.front().overdue_ticks) /
                                                static_cast<double>(recent);
  is_overloaded_ = is_overloaded_ ? share > kRelievedAt : share >= kOverloadedAt;
}

}  // namespace netcode
