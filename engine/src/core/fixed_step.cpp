#include "engine/core/fixed_step.hpp"

#include <algorithm>
#include <stdexcept>

namespace engine {
namespace {

constexpr std::uint64_t kSecondNs = 1'000'000'000;

}  // namespace

FixedStep::FixedStep(const FixedStepConfig& config, TimePoint start) : config_(config), origin_(start + config.phase) {
  if (config.tick_hz == 0) throw std::invalid_argument("tick_hz must be at least 1");
  if (config.catch_up_ticks_max == 0) throw std::invalid_argument("catch_up_ticks_max must be at least 1");
  if (config.phase < Duration::zero()) throw std::invalid_argument("phase must not be negative");
  if (config.late_after < Duration::zero()) throw std::invalid_argument("late_after must not be negative");
}

TimePoint FixedStep::next_due() const { return due_at(next_slot_); }

FixedStep::Due FixedStep::take(TimePoint now) {
  const std::uint64_t slots_due = slots_due_by(now);
  if (slots_due <= next_slot_) return {};

  Due due;
  const std::uint64_t waiting = slots_due - next_slot_;
  due.ticks = static_cast<std::uint32_t>(std::min<std::uint64_t>(waiting, config_.catch_up_ticks_max));
  due.skipped = waiting - due.ticks;
  for (std::uint32_t i = 0; i < due.ticks; ++i) {
    if (now - due_at(next_slot_ + i) > config_.late_after) ++due.late;
  }
  next_slot_ = slots_due;
  return due;
}

// Whole seconds and the rest are kept apart: slot * 1e9 would overflow.
TimePoint FixedStep::due_at(std::uint64_t slot) const {
  const std::uint64_t seconds = slot / config_.tick_hz;
  const std::uint64_t rest_ns = slot % config_.tick_hz * kSecondNs / config_.tick_hz;
  return origin_ + Duration(static_cast<Duration::rep>(seconds * kSecondNs + rest_ns));
}

// The number of slots whose due_at is not after `now`: the inverse of due_at, floor included.
std::uint64_t FixedStep::slots_due_by(TimePoint now) const {
  if (now < origin_) return 0;
  const auto elapsed_ns = static_cast<std::uint64_t>((now - origin_).count());
  const std::uint64_t rest_ns = elapsed_ns % kSecondNs;
  return elapsed_ns / kSecondNs * config_.tick_hz + ((rest_ns + 1) * config_.tick_hz - 1) / kSecondNs + 1;
}

}  // namespace engine
