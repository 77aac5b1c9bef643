#include "client/reconnect.hpp"

#include <algorithm>

namespace netcode::client {

void Backoff::lost(engine::TimePoint now, engine::Duration lasted) {
  give_up_at_ = now + config_.give_up_after;
  if (lasted >= last_delay_) base_ = config_.min;
}

std::optional<engine::Duration> Backoff::next(engine::TimePoint now) {
  const std::int64_t permille = rng_.between(500, 1500);
  const engine::Duration delay = base_ * permille / 1000;
  if (now + delay > give_up_at_) return std::nullopt;
  base_ = std::min(base_ * 2, config_.max);
  last_delay_ = delay;
  return delay;
}

}  // namespace netcode::client
