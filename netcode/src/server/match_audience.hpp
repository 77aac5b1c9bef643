// Everyone in a match, players and spectators, and what they may learn of it.
//
// What the rules let them know of a tick leaves through here: events, the frame of an interval, what became of each
// player's actions. It leaves at once, or, where the audience holds, when the interval is released, all of it together.
// Answers to a member, what the server's own handlers send it, and the end of its session are held back by the session
// for as long (see Interval): they may say what was read of the match.
//
// That covers the members, and who leaves until the interval of the leaving is released: a log that holds intervals
// protects what the players of the match have seen. Nobody else is covered: what a handler that has read the match
// tells a session in the lobby, other receivers of a room, and what lists and the door say of it leave at once.
//
// Threading: its match's shard. Sessions are known by id. Ownership: its match.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "replication/packed_encoder.hpp"
#include "replication/visible_world.hpp"
#include "replication/world_frame.hpp"
#include "server/action_inbox.hpp"
#include "server/interval.hpp"
#include "server/kind.hpp"
#include "server/outbox.hpp"
#include "simulation/simulation.hpp"

namespace netcode {

class MatchAudience;
class Shard;

/// Says when those who are in a match may learn of its intervals. It may outlive the match: what its members were to
/// hear last is held until then, too. When it goes, everything is released.
class ReleaseGate {
 public:
  ReleaseGate() = default;
  ReleaseGate(const ReleaseGate&) = delete;
  ReleaseGate& operator=(const ReleaseGate&) = delete;
  ~ReleaseGate();
  /// All intervals up to and with this one, in their order. The first is 1. On the thread of the match's shard.
  void release(std::uint64_t interval);

 private:
  friend class MatchAudience;
  MatchAudience* audience_ = nullptr;                                             // null: the match is over
  std::vector<std::pair<std::uint64_t, std::shared_ptr<Interval>>> left_behind_;  // of a match that is over
};

class MatchAudience {
 public:
  struct Member {
    SessionId session;
    PlayerId player;  // kNoPlayer: a spectator
  };
  /// All must outlive it.
  MatchAudience(Shard& shard, const Kind& kind, const Simulation& simulation);
  ~MatchAudience();
  MatchAudience(const MatchAudience&) = delete;
  MatchAudience& operator=(const MatchAudience&) = delete;

  // --- who is in it
  void add(const Member& member);
  void remove(SessionId session);
  const std::vector<Member>& members() const { return members_; }
  const Member& member(SessionId session) const;
  std::uint32_t people() const;
  std::uint32_t spectators() const { return static_cast<std::uint32_t>(members_.size()) - people(); }
  /// All of them, or that of one player.
  void add_sessions(std::vector<SessionId>& to, PlayerId player = kNoPlayer) const;

  // --- what they learn
  /// An event of the rules, to whom it is for. One for those who are shown something waits until it is known who is: to
  /// the end of the interval, with all that is told after it.
  void tell(const Emitted& emitted, Outbox::Cause cause);
  /// What waits is told now, by what everyone was shown last: the match or the server ends.
  void tell_waiting();
  /// The same, for one member that is about to leave; all others are still told at the end of the interval.
  void tell_waiting_to(SessionId leaver);
  /// The interval is over: everyone gets the newest frame, null if it is kept back, and hears what became of its
  /// actions.
  using ProgressOf = std::function<ActionInbox::Progress(PlayerId)>;
  void end_interval(const WorldFramePtr& frame, const ProgressOf& progress);

  /// What the rules show now, as a frame; an error is what every client would refuse it for.
  engine::Result<WorldFramePtr> make_frame(flatbuffers::FlatBufferBuilder& builder);
  /// The newest frame; null before the first, and after one that was kept back.
  const WorldFramePtr& newest() const { return newest_; }
  /// As `viewer` may see the newest frame. The bytes are the frame's own, or in `scratch`.
  BytesView seen_by(PlayerId viewer, Bytes& scratch);

  // --- when they learn it
  /// From now on nothing of an interval leaves before the gate releases it. Once.
  std::shared_ptr<ReleaseGate> hold();
  /// The one that is not over. The first is 1; each end_interval begins the next.
  std::uint64_t interval() const { return interval_; }
  /// Null: nothing is held.
  IntervalPtr open_interval() const { return open_; }
  /// The newest tick that may be known: of the newest interval that is released. Where nothing is held, the newest.
  Tick released_tick() const { return open_ ? released_tick_ : simulation_.current_tick(); }

 private:
  struct Share {
    SessionId session;
    FrameView view;
  };
  struct Held {
    std::uint64_t number;
    Tick tick;  // its last
    std::shared_ptr<Interval> interval;
    std::vector<Share> shares;
    std::vector<SessionId> sessions;  // everyone who was there in it
  };
  struct Waiting {
    Emitted emitted;
    Outbox::Cause cause;
    std::size_t joined_before;  // who came later is not told
  };
  /// Where an entity is: in the newest frame or, where it is gone by then, in the one before.
  struct Place {
    bool is_in_newest;
    std::size_t index;
  };
  /// `only`: to nobody but this member.
  void send(const Waiting& event, std::optional<SessionId> only = std::nullopt);
  /// Of those entities that are in either frame; looked for once for all members.
  std::vector<Place> places_of(const std::vector<Recipients::Entity>& entities) const;
  bool is_for(const Member& member, const Recipients& to, const std::vector<Place>& shown) const;
  /// In the frame of that place that was made for the player.
  bool was_shown(PlayerId viewer, const Place& place) const;
  bool is_member(SessionId session) const;
  std::vector<Share> shares_of(const WorldFramePtr& frame, const ProgressOf& progress);
  /// What the viewer is shown of the newest frame; null: all of it. The rules are asked once for each frame.
  VisibleSetPtr shown_to(PlayerId viewer);
  void note_entities();
  void hand_out(const std::vector<Share>& shares);
  friend class ReleaseGate;
  void release(std::uint64_t interval);

  Shard& shard_;
  const Simulation& simulation_;
  std::shared_ptr<const VisibleWorld> filter_;  // only for rules that hide entities
  SnapshotEncoders encoders_;
  std::vector<Member> members_;
  WorldFramePtr newest_;
  std::vector<EntityRef> entities_, entities_before_;       // of the newest frame, and of the one before
  std::vector<std::size_t> places_before_;                  // of these in the frame before; kNowhere: it had none such
  std::map<PlayerId, VisibleSetPtr> shown_, shown_before_;  // as far as somebody has asked
  std::vector<Waiting> waiting_;                            // in the order in which they were told
  std::vector<SessionId> joined_;                           // since the first of them
  std::uint64_t interval_ = 1;
  Tick released_tick_ = 0;  // while it holds
  std::shared_ptr<Interval> open_;
  std::vector<SessionId> left_;  // in the open interval, where it is held
  std::list<Held> held_;         // mostly empty, where a deque would take 600 bytes all the same
  std::weak_ptr<ReleaseGate> gate_;
};

}  // namespace netcode
