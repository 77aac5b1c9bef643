// Actions that wait for their tick, for the players of one match, and the rules for what a player may send of them.
//
// A client says for which tick an action is; 0 is "as soon as possible". Each tick may be named once. A late action
// waits for the next tick like the others: what was pressed in it should not be lost, while a burst of them after a
// stall moves nobody farther than its ticks, for the rules take a tick's movement from the newest. Over twin
// connections every action comes twice and perhaps out of order: it is taken once, by its sequence. Everything is
// bounded: actions waiting and remembered a player, ticks ahead and behind.
//
// Threading: its match's shard. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/core/clock.hpp"
#include "engine/core/result.hpp"
#include "netcode/bytes.hpp"
#include "netcode/ids.hpp"
#include "netcode/limits.hpp"
#include "netcode/view_time.hpp"
#include "server/recent_set.hpp"

namespace netcode {

class ActionInbox {
 public:
  /// How many ticks an action may be late, and a view old, before it is refused, and for how many the last one goes on.
  struct Bounds {
    Tick late_ticks_max = 1800;
    Tick view_ticks_max = 1800;
    Tick view_span_ticks_max = 30;  // two snapshots further apart than this are not gone by
    Tick snapshot_ticks = 1;        // ticks that have snapshots are divisible by it
    Tick held_ticks_max = 30;
  };
  ActionInbox() = default;
  explicit ActionInbox(Bounds bounds) : bounds_(bounds) {}

  struct Arrival {
    Tick tick = 0;
    std::uint32_t sequence = 0;
    ViewTime view{};
    BytesView body{};
    Tick next_tick = 1;        // the first that is still to come
    engine::Duration slack{};  // how long it is until the action's tick is due; that of tick 0 is the next
  };

  enum class Verdict : std::uint8_t {
    kTaken,
    kLate,           // its tick was over: taken for the next one
    kDuplicate,      // it was here before: dropped
    kStale,          // late by more ticks than are remembered: dropped
    kFull,           // kInboxActionsMax wait already: dropped
    kNoSeat,         // nobody of that id: dropped
    kAltered,        // its sequence was here before with other content: refused, as all below
    kStuffed,        // another action for the same tick was here before
    kTooFarAhead,    // beyond kActionTicksAheadMax
    kTooFarBehind,   // beyond late_ticks_max
    kViewOfFuture,   // shown what will not be computed for another kActionTicksAheadMax
    kViewOfThePast,  // beyond view_ticks_max
    kViewBetweenNo,  // drawn between what are no two snapshots around it
  };

  /// A bot goes on with its last action for as long as it likes: it is asked at every tick.
  void add_player(PlayerId player, bool is_bot = false) { players_[player].is_bot = is_bot; }
  void remove_player(PlayerId player);

  /// One that came and never reaches its tick, while its client is not told: it meant no harm.
  struct Dropped {
    PlayerId player;
    std::uint32_t sequence = 0;  // 0: it had none
    Tick tick = 0;               // that it named; 0: none
    std::string_view why{};
  };
  /// Whoever wants to hear of each of them, as it is dropped; for the log.
  void set_drop_sink(std::function<void(const Dropped&)> sink) { drop_sink_ = std::move(sink); }

  Verdict put(PlayerId player, const Arrival& arrival);
  /// An error where the client is to be told: nobody who means well sends such an action.
  static engine::Result<void> answer(Verdict verdict, const Arrival& arrival);

  struct Due {
    PlayerId player;
    ViewTime view;
    std::uint32_t ticks_late = 0;  // at most kTicksLateMax
    Bytes body{};
    bool is_release = false;  // no action: the player holds nothing any more
  };
  /// All that is due at `tick`, which is the one after the last one taken: by rising player, then by the tick that each
  /// names, then in the order of arrival. Of those of one player that name none only the newest kActionsPerTickMax; the
  /// older are dropped. After held_ticks_max without any a player lets go, once.
  std::vector<Due> take(Tick tick);
  /// The player's client is gone: lets go at the next tick, and what waits for later ones is dropped.
  void let_go(PlayerId player);

  /// What a player's snapshots say of its actions.
  struct Progress {
    std::uint32_t sequence = 0;  // of the newest action taken
    Tick tick = 0;               // in which it was
    engine::Duration slack{};
    /// From the first tick that the player named to the newest: those that were computed before an action that names
    /// them had come.
    std::uint64_t missing = 0;
  };
  Progress progress(PlayerId player) const;
  /// Of all players, those who left too: actions dropped by `take`, ticks missing.
  std::uint64_t stuffed() const { return stuffed_; }
  std::uint64_t missing() const { return missing_; }

 private:
  struct Waiting {
    Tick order;  // the tick that it names, or the first that it can be taken in
    bool names_tick;
    std::uint32_t sequence;
    engine::Duration slack;
    ViewTime view;
    Bytes body;
  };
  using Contents = std::array<std::uint32_t, limits::kActionsRememberedMax>;  // hashes, by sequence, modulo
  struct Player {
    std::vector<Waiting> waiting;  // by rising order
    RecentSet<limits::kActionsRememberedMax> sequences;
    std::unique_ptr<Contents> contents;  // null before the first action: many a player only sits there
    RecentSet<limits::kNamedTicksRememberedMax> named_ticks;
    Tick first_named = 0;
    Progress progress;
    bool is_bot = false;
    bool holds = false;  // an action has come, and no release since
    bool is_letting_go = false;
    Tick acted = 0;  // the newest tick that took an action
  };
  Verdict judge(PlayerId id, const Arrival& arrival);
  static Verdict check_sequence(Player& player, const Arrival& arrival);
  Verdict check_times(const Arrival& arrival) const;
  bool is_between_snapshots(const ViewTime& view, Tick next_tick) const;
  ViewTime shown_by(const Arrival& arrival) const;
  static Verdict check_named(const Player& player, Tick tick);
  bool lets_go(Player& player, Tick tick) const;
  void note_named(Player& player, Tick tick, Tick next_tick);
  void note_missing(Player& player, std::uint64_t ticks);
  void note_dropped(PlayerId id, const Waiting& waiting, std::string_view why) const;

  Bounds bounds_;
  std::function<void(const Dropped&)> drop_sink_;
  std::map<PlayerId, Player> players_;
  std::uint64_t stuffed_ = 0;
  std::uint64_t missing_ = 0;
};

}  // namespace netcode
