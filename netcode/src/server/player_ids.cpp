#include "server/player_ids.hpp"

#include <algorithm>

namespace netcode {

std::uint32_t PlayerIds::available(Tick now) const {
  const auto resting = std::upper_bound(left_.begin(), left_.end(), now,
                                        [](Tick tick, const Left& left) { return tick < left.rested_at; });
  return static_cast<std::uint32_t>(resting - left_.begin()) + (id_max_ + 1 - next_);
}

std::optional<PlayerId> PlayerIds::take(Tick now) {
  if (!left_.empty() && left_.front().rested_at <= now) {
    const PlayerId player = left_.front().player;
    left_.pop_front();
    return player;
  }
  if (next_ > id_max_) return std::nullopt;
  return PlayerId{next_++};
}

void PlayerIds::give_back(PlayerId player, Tick now) { left_.push_back({player, now + rest_ticks_}); }

void PlayerIds::give_back_unused(PlayerId player) { left_.push_front({player, 0}); }

}  // namespace netcode
