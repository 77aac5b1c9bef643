// Actions that wait for their tick, for the players of one match.
//
// A client says for which tick an action is; 0 is "as soon as possible". A late one is taken at the next tick, for its
// edges (a dash pressed) should not be lost. Everything is bounded: actions waiting a player, actions applied a tick,
// ticks ahead.
//
// Threading: its match's shard. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "engine/core/clock.hpp"
#include "netcode/bytes.hpp"
#include "netcode/ids.hpp"

namespace netcode {

class ActionInbox {
 public:
  enum class Verdict : std::uint8_t {
    kTaken,
    kLate,         // its tick was over: taken for the next one
    kDuplicate,    // its sequence was seen: dropped
    kTooFarAhead,  // beyond kActionTicksAheadMax: dropped
    kFull,         // kInboxActionsMax wait already: dropped
    kNoSeat,
  };

  void add_player(PlayerId player) { players_[player]; }
  void remove_player(PlayerId player) { players_.erase(player); }

  /// `next_tick` is the first that is still to come; `slack` is how long it is until the action's own tick is due.
  Verdict put(PlayerId player, Tick tick, std::uint32_t sequence, BytesView body, Tick next_tick,
              engine::Duration slack);

  struct Due {
    PlayerId player;
    Bytes body;
  };
  /// All that is due at `tick`: by rising player, then in the order of arrival for that tick. Of one player at most
  /// kActionsPerTickMax, the newest; the older are dropped, so that a burst after a stall is not played back.
  std::vector<Due> take(Tick tick);

  /// What a player's snapshots say of its actions.
  struct Progress {
    std::uint32_t sequence = 0;
    Tick tick = 0;
    engine::Duration slack{};
  };
  Progress progress(PlayerId player) const;
  std::uint64_t stuffed() const { return stuffed_; }

 private:
  struct Waiting {
    Tick tick;
    std::uint32_t sequence;
    engine::Duration slack;
    Bytes body;
  };
  struct Player {
    std::vector<Waiting> waiting;  // by rising tick
    std::uint32_t newest_sequence = 0;
    Progress progress;
  };
  std::map<PlayerId, Player> players_;
  std::uint64_t stuffed_ = 0;
};

}  // namespace netcode
