// The player ids of one match: 16 bits of them, so they are handed out again, the one that was left longest ago first,
// and none before it has rested for so many ticks. Late messages about who had it before have all come by then.
//
// Threading: its match's shard. Pure.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "netcode/ids.hpp"
#include "netcode/limits.hpp"

namespace netcode {

class PlayerIds {
 public:
  explicit PlayerIds(Tick rest_ticks, std::uint32_t id_max = limits::kPlayerIdMax)
      : rest_ticks_(rest_ticks), id_max_(id_max) {}

  /// How many could be taken now.
  std::uint32_t available(Tick now) const;
  /// Nothing: all are taken, or were left too short a time ago.
  std::optional<PlayerId> take(Tick now);
  void give_back(PlayerId player, Tick now);
  /// It was taken, and neither the rules nor a recording have heard of it.
  void give_back_unused(PlayerId player);

 private:
  struct Left {
    PlayerId player;
    Tick rested_at;
  };
  Tick rest_ticks_;
  std::uint32_t id_max_;
  std::uint32_t next_ = 1;  // the lowest that nobody ever had
  std::deque<Left> left_;   // by rising rested_at
};

}  // namespace netcode
