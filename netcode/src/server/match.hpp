// A match that runs: its inbox, its ticks on the clock, its snapshots to everyone in it, and the tap of its recording.
//
// One way: inputs wait in the inbox; at each tick they are put in order, recorded and applied, then the rules compute
// the tick, then events and snapshots go out. Joins, leaves and posts come before actions, in the order of their
// arrival; actions go by player. A snapshot is encoded once and its bytes are shared by all who may see the same.
//
// Threading: its shard. Sessions are known by id. Ownership: the shard's table; it ends itself only through
// Shard::drop_match.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/core/fixed_step.hpp"
#include "engine/core/result.hpp"
#include "netcode/match_info.hpp"
#include "protocol/messages.hpp"
#include "recording/recorder.hpp"
#include "replication/visible_world.hpp"
#include "server/action_inbox.hpp"
#include "server/bot_seats.hpp"
#include "server/kind.hpp"
#include "server/outbox.hpp"
#include "server/seat_names.hpp"
#include "simulation/simulation.hpp"
#include "transport/loop.hpp"

namespace netcode {

class SessionCore;
class Shard;

class LiveMatch {
 public:
  /// An error is the rules' own (a broken map) or the recording's (no directory to write to).
  static engine::Result<std::unique_ptr<LiveMatch>> create(Shard& shard, const Kind& kind, std::string id,
                                                           MatchOptions options);
  ~LiveMatch();
  LiveMatch(const LiveMatch&) = delete;
  LiveMatch& operator=(const LiveMatch&) = delete;

  const std::string& id() const { return setup().match_id; }
  const MatchSetup& setup() const { return simulation_->setup(); }
  const Kind& kind() const { return kind_; }
  const MatchOptions& options() const { return options_; }
  /// 0: it has none.
  std::uint64_t map_hash() const { return map_hash_; }
  Tick current_tick() const { return simulation_->current_tick(); }
  MatchInfo info() const;

  struct JoinRequest {
    bool spectate = false;
    std::string password;
    std::optional<std::uint64_t> schema_hash;  // what the client was built with, if it said so
  };
  /// Would join take this request now? An error is for the client: full, locked, wrong password, over.
  engine::Result<void> admits(const JoinRequest& request) const;
  /// Takes a seat (or a spectator's place), if it admits the request.
  engine::Result<void> join(SessionCore& session, const JoinRequest& request);
  void leave(SessionCore& session);

  /// Verifies and keeps an action for its tick. An error is for the client; what is merely late or a copy is not one.
  engine::Result<void> take_action(PlayerId player, const protocol::ActionView& action);
  /// A verified (input) event for the rules. False: the inbox is full.
  bool post(PlayerId from, std::string_view table, BytesView body);
  ActionInbox::Progress progress(PlayerId player) const { return actions_.progress(player); }

  /// The sessions of its players and spectators.
  void add_members(std::set<SessionId>& to) const;

  void request_end(std::string result);
  /// At once, without another tick: the server stops.
  void end_now(std::string result);
  void set_locked(bool locked);
  void set_metadata(std::string key, std::string value);

 private:
  struct Member {
    SessionId session;
    PlayerId player;  // kNoPlayer: a spectator
  };

  LiveMatch(Shard& shard, const Kind& kind, MatchOptions options, std::unique_ptr<Simulation> simulation);
  void schedule();
  void on_due();
  void run_tick();
  void apply_inputs();
  /// A view as the rules may use it at `tick`.
  ViewTime bounded(ViewTime view, Tick tick) const;
  void apply(const Input& input);
  void deliver(const Emitted& emitted);
  void send_snapshots();
  SnapshotPtr encode_world();
  /// Which of the newest World's entities the viewer may see; spectators see all.
  std::vector<bool> visible_to(PlayerId viewer, const std::vector<EntityRef>& entities) const;
  void think();
  void balance_bots();
  void finish();
  /// Of the match that goes on in this one's place, if one does.
  std::optional<MatchOptions> next_options() const;
  void publish() const;
  std::uint32_t people() const;
  bool push_input(Input input);

  Shard& shard_;
  const Kind& kind_;
  MatchOptions options_;
  std::uint64_t map_hash_;
  bool is_locked_ = false;
  std::unique_ptr<Simulation> simulation_;
  engine::FixedStep step_;
  transport::Loop::TimerId timer_;
  std::uint32_t ticks_per_snapshot_;
  Tick rewind_ticks_max_;

  std::vector<Member> members_;
  BotSeats bots_;
  SeatNames names_;
  std::uint32_t next_player_;
  std::vector<Input> inputs_;  // all but actions, in the order of arrival; at most kInboxInputsMax
  ActionInbox actions_;
  Outbox::Cause cause_ = Outbox::Cause::kServer;  // of what the rules emit now
  std::uint64_t missing_told_ = 0;                // of its missing actions, how many are in the shard's stats
  std::unique_ptr<recording::Recorder> recorder_;
  std::optional<VisibleWorld> visible_world_;  // only for rules that hide entities
  flatbuffers::FlatBufferBuilder world_;       // the newest snapshot's World: what bots see
  Tick seen_tick_ = 0;                         // its tick; 0: there is none
  engine::TimePoint empty_since_;
};

}  // namespace netcode
