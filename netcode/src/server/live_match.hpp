// A match that runs: its inbox, its clock, its audience, and the tap of its recording.
//
// One way: inputs wait in the inbox; at each tick they are recorded and applied, then the rules compute the tick, then
// its audience may learn of it.
//
// A match that nobody has been in for kMatchEmptyTimeout ends, or, if it stands, sleeps: no tick, until somebody comes
// or something is posted. On a shard that has too much to do it may be made to run one tick of several.
//
// Threading: its shard. Sessions are known by id. Ownership: the shard's table; it ends itself only through
// Shard::drop_match.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/result.hpp"
#include "netcode/match_info.hpp"
#include "protocol/messages.hpp"
#include "recording/write/recorder.hpp"
#include "server/fault_line.hpp"
#include "server/kind.hpp"
#include "server/match_audience.hpp"
#include "server/match_clock.hpp"
#include "server/match_inbox.hpp"
#include "server/outbox.hpp"
#include "simulation/simulation.hpp"

namespace netcode {

class SessionCore;
class Shard;

class LiveMatch {
 public:
  /// An error is the rules' own (a broken map) or the recording's (no directory to write to).
  /// `made_by`: the address of whoever asked for it; empty: the server's own program, or a quick join.
  static engine::Result<std::unique_ptr<LiveMatch>> create(Shard& shard, const Kind& kind, std::string id,
                                                           MatchOptions options, std::string made_by);
  ~LiveMatch();
  LiveMatch(const LiveMatch&) = delete;
  LiveMatch& operator=(const LiveMatch&) = delete;

  const std::string& id() const { return setup().match_id; }
  const MatchSetup& setup() const { return simulation_->setup(); }
  const Kind& kind() const { return kind_; }
  const MatchOptions& options() const { return options_; }
  /// 0: it has none.
  std::uint64_t map_hash() const { return map_hash_; }
  const Simulation& simulation() const { return *simulation_; }
  Tick current_tick() const { return simulation_->current_tick(); }
  MatchInfo info() const;
  /// Everyone in it, as its recording keeps them.
  std::vector<recording::SessionRecord> session_records() const;

  struct JoinRequest {
    bool spectate = false;
    std::string password;
    WorldReader reads{};  // its client
  };
  /// Would join take this request now? An error is for the client: over, another version of the game, locked, wrong
  /// password, full.
  engine::Result<void> admits(const JoinRequest& request) const;
  /// A seat, or a spectator's place, that is kept for a session on its way here from another shard; given back when the
  /// last copy goes, on any thread. That it is kept is published; that it was given back, by whoever does so.
  using Reservation = std::shared_ptr<void>;
  Reservation reserve(bool spectate);
  /// Was it this match that reserved it, and not one before of the same id?
  bool keeps(const Reservation& reserved) const {
    return reserved.get() == reserved_seats_.get() || reserved.get() == reserved_places_.get();
  }
  /// Takes a seat (or a spectator's place), if it admits the request. What was reserved is admitted already.
  engine::Result<void> join(SessionCore& session, const JoinRequest& request, Reservation reserved = nullptr);
  void leave(SessionCore& session);

  /// Verifies and keeps an action for its tick. An error is for the client; what is merely late or a copy is not one.
  engine::Result<void> take_action(PlayerId player, const protocol::ActionView& action);
  /// The player's last connection is lost: lets go of everything at the next tick, and the rules hear of it ...
  void note_away(PlayerId player) { inbox_.note_away(player); }
  /// ... and of the first that is there again.
  void note_back(PlayerId player) { inbox_.note_back(player); }
  /// An (input) event for the rules; `ack` is answered when they have had it. An error: it is none, or the inbox is
  /// full.
  engine::Result<void> post(PlayerId from, std::string_view table, BytesView body, Ack ack = {});

  /// Tells the directory how it stands now.
  void publish();

  MatchAudience& audience() { return audience_; }
  const MatchAudience& audience() const { return audience_; }

  /// Not at all once the match is over.
  void call_after(engine::Duration delay, std::function<void()> work);
  void request_end(std::string result);
  /// At once, without another tick: the server stops.
  void end_now(std::string result);
  void set_locked(bool locked);
  void set_metadata(std::string key, std::string value);

  // --- what it costs
  const std::string& made_by() const { return made_by_; }
  std::uint64_t number() const { return number_; }  // rises with each match of the shard
  /// Somebody has a seat in it: bots alone do not count, nor do those who watch.
  bool is_played() const { return people() > 0; }
  /// Of the shard's time, since the last time this was called, `elapsed` ago.
  double sample_share(engine::Duration elapsed) { return clock_.sample_share(elapsed); }
  /// One tick is run of so many that are due.
  std::uint32_t slowdown() const { return clock_.slowdown(); }
  void set_slowdown(std::uint32_t slowdown) { clock_.set_slowdown(slowdown); }

 private:
  LiveMatch(Shard& shard, const Kind& kind, MatchOptions options, std::string made_by,
            std::unique_ptr<Simulation> simulation);
  void schedule();
  void wake();
  void on_due();
  void run_tick();
  Applied apply(const Input& input);
  void deliver(const Emitted& emitted);
  void end_interval();
  void think();
  void take_bot_action(PlayerId bot, BytesView action, Tick next);
  void note_dropped(const ActionInbox::Dropped& dropped) const;
  /// The game's own code gave what no client or recording takes: said in the log, at most once in a while.
  void note_fault(const std::string& what);
  void finish();
  /// Of the match that goes on in this one's place, if one does.
  std::optional<MatchOptions> next_options() const;
  std::uint32_t people() const { return audience_.people(); }
  std::vector<MatchPlayer> people_here() const;
  std::uint32_t seats_free() const;
  std::uint32_t places_free() const;

  Shard& shard_;
  const Kind& kind_;
  MatchOptions options_;
  std::string made_by_;
  std::uint64_t number_;
  std::uint64_t map_hash_;
  bool is_locked_ = false;
  std::unique_ptr<Simulation> simulation_;
  MatchClock clock_;
  MatchInbox inbox_;
  MatchAudience audience_;
  std::uint32_t ticks_per_snapshot_;
  std::shared_ptr<std::atomic<std::uint32_t>> reserved_seats_ = std::make_shared<std::atomic<std::uint32_t>>(0);
  std::shared_ptr<std::atomic<std::uint32_t>> reserved_places_ = std::make_shared<std::atomic<std::uint32_t>>(0);
  bool has_ids_ = true;  // as it was published
  std::shared_ptr<const bool> is_alive_ = std::make_shared<const bool>(true);
  Outbox::Cause cause_ = Outbox::Cause::kServer;  // of what the rules emit now
  std::unique_ptr<recording::Recorder> recorder_;
  engine::TimePoint empty_since_;
  FaultLine fault_line_;
};

}  // namespace netcode
