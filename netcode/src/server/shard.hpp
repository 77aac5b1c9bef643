// One thread's share of a server: the sessions and matches that live on its loop.
//
// Threading: everything on the loop's thread, but `loop().post`. Between shards travel posted tasks that hold values
// and shared bytes; never a reference to what another shard owns.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

#include "netcode/server.hpp"
#include "protocol/messages.hpp"
#include "recording/write/recorder.hpp"
#include "server/caller.hpp"
#include "server/counters.hpp"
#include "server/directory.hpp"
#include "server/door.hpp"
#include "server/kind.hpp"
#include "server/live_match.hpp"
#include "server/load_meter.hpp"
#include "server/room_set.hpp"
#include "server/routes.hpp"
#include "server/session_core.hpp"
#include "server/session_log.hpp"
#include "transport/http/accept.hpp"
#include "transport/loop/loop.hpp"

namespace netcode {

class ServerCore;

/// Why a second link is refused, or withdrawn.
extern const std::string_view kTooBusyForTwins;

class Shard {
 public:
  Shard(ServerCore& server, std::uint32_t index, transport::Loop& loop);
  ~Shard();
  Shard(const Shard&) = delete;
  Shard& operator=(const Shard&) = delete;

  ServerCore& server() const { return server_; }
  transport::Loop& loop() const { return loop_; }
  engine::TimePoint now() const { return loop_.now(); }
  /// Now if this is the shard's own thread, else posted: what is sent from a handler keeps its order.
  void run(transport::Loop::Task task);
  /// Is the caller on its thread?
  bool is_here() const { return thread_.load() == std::this_thread::get_id(); }
  std::uint32_t index() const { return index_; }
  ShardStats& stats() { return stats_; }
  /// Ticks of its matches that came a whole tick late, or were given up.
  void note_overdue(std::uint64_t ticks) { overdue_ticks_ += ticks; }
  SessionLog& log() { return log_; }
  protocol::AlignedBuffer& message_buffer() { return message_buffer_; }
  protocol::AlignedBuffer& body_buffer() { return body_buffer_; }
  flatbuffers::FlatBufferBuilder& world_builder() { return world_builder_; }

  /// From the first to the last: begins the sweeps; ends everything with this reason.
  void start();
  void stop(std::string_view reason);

  // --- sessions
  /// Who has just been led here, for what it asks.
  void on_caller(const Visit& visit, CallerPtr caller);
  /// Tells a caller that it is not let in, and logs it.
  void turn_away(const CallerPtr& caller, transport::CloseCode code, std::string_view reason);
  SessionCore* session(SessionId id) const;
  /// A session that ends takes leave of everything here. Called by the session.
  void forget(SessionCore& session, std::string_view reason);
  /// Its last link is lost: its player lets go, and it waits for its client, unless too many of its address do.
  void note_away(const SessionCore& session);
  void note_back(const SessionCore& session);
  /// It has ended, but its connection is still closing, or waits to be; it is kept until `let_go`.
  void keep_until_closed(std::shared_ptr<SessionCore> session);
  void let_go(SessionCore& session);
  /// Its events leave at the end of this turn of the loop, together.
  void flush_later(SessionCore& session);
  void flush_all();
  /// Of a session that is here, or has ended and is not closed yet: what was held back may leave.
  void flush(SessionId id);
  /// A request of netcode's own, "scrim:..."; an error is for the client.
  engine::Result<void> handle_request(SessionCore& session, std::string_view name, BytesView body, Ack ack);
  /// The same of "scrim:namespace", with an auth as JSON.
  engine::Result<void> ask_space(SessionCore& session, std::string_view space, const boost::json::value& auth,
                                 const Ack& ack);

  RoomSet& rooms() { return rooms_; }
  struct Parcel {
    SharedEventPtr event;
    std::string space;
    std::vector<std::string> rooms;
    std::vector<SessionId> sessions{};
    std::string match;            // everyone in it; none of all these: everyone
    PlayerId player = kNoPlayer;  // of the match, this one alone
    std::vector<std::string> except_rooms;
    std::vector<SessionId> except_sessions;
    bool is_volatile = false;
    std::shared_ptr<FanOut> speaker{};  // of the session whose event caused it
  };
  void deliver(const Parcel& parcel);
  /// Those of this shard whom the parcel would go to, and who are in its namespace.
  void visit(const Parcel& parcel, const std::function<void(SessionCore&)>& work);
  /// For sessions that are on their way here, and have not been given it where they were.
  void keep_for_arrivals(const std::shared_ptr<const Parcel>& parcel, const Routes::Round& round);

  /// While a handler of a session runs: what it sends to others is charged to that session.
  class Speaking {
   public:
    Speaking(Shard& shard, std::shared_ptr<FanOut> speaker)
        : shard_(shard), before_(std::exchange(shard.speaker_, std::move(speaker))) {}
    ~Speaking() { shard_.speaker_ = std::move(before_); }
    Speaking(const Speaking&) = delete;
    Speaking& operator=(const Speaking&) = delete;

   private:
    Shard& shard_;
    std::shared_ptr<FanOut> before_;
  };
  /// Null on another thread, and while no handler runs.
  std::shared_ptr<FanOut> speaker() const;

  // --- matches
  LiveMatch* match(std::string_view id) const;
  /// `made_by`: as LiveMatch::create has it.
  engine::Result<LiveMatch*> open_match(const Kind& kind, const std::string& id, MatchOptions options,
                                        std::string made_by = {});
  /// Makes none, and says why, where it would be one that keeps ending at once.
  engine::Result<void> may_make(const std::string& id) const;
  /// On the loop's next turn; a match that keeps standing is made anew, or with these options.
  void drop_match(LiveMatch& match, std::optional<MatchOptions> next);
  /// Null when the server does not record.
  std::unique_ptr<recording::Recorder> record(const LiveMatch& match);
  std::uint64_t next_seed();
  std::uint64_t matches_made() const { return stats_.matches; }

 private:
  void admit_new(const Visit& visit, CallerPtr caller);
  void settle(const Visit& visit);
  void admit(const Visit& visit, const CallerPtr& caller, HandshakeDecision decision);
  void admit_known(const Visit& visit, CallerPtr caller, int attempt);
  void fetch(Directory::Place place, const Visit& visit, CallerPtr caller, int attempt);
  /// The sessions of this shard whom a parcel is for.
  std::vector<SessionId> receivers(const Parcel& parcel) const;
  /// A session that another shard is asked for, and what it may miss between the two.
  struct Arrival {
    SessionId session;
    std::uint32_t source = 0;
    std::uint64_t last_round = 0;  // the last that the source gives it, of those that begin on neither of the two
    std::vector<std::shared_ptr<const Parcel>> kept{};
  };
  using ArrivalPtr = std::shared_ptr<Arrival>;
  bool is_missed(const Arrival& arrival, const Routes::Round& round) const;
  /// It is here, or will not come. Returns what was kept for it.
  std::vector<std::shared_ptr<const Parcel>> end_arrival(const ArrivalPtr& arrival);
  void give_kept(SessionCore& session, const std::vector<std::shared_ptr<const Parcel>>& kept);
  /// May a session of this shard leave for a match on another one, or for the lobby? An error is for the client.
  engine::Result<void> may_go(SessionCore& session, const Visit& visit, bool into_match);
  void adopt(const std::shared_ptr<SessionCore>& session, const Visit& visit, const CallerPtr& caller,
             LiveMatch::Reservation reserved);
  void adopt_link(SessionCore& session, const Visit& visit, const CallerPtr& caller);
  /// The match that the visit names and that admits it, made if it may be; null for the lobby. An error is for the
  /// client.
  engine::Result<LiveMatch*> match_for(const Visit& visit);
  /// Where a session goes: a match that keeps a place for it, or the lobby (null).
  struct Entry {
    LiveMatch* match = nullptr;
    LiveMatch::Reservation place{};
  };
  /// Asks whoever has a say in it; nothing changes for the session. An error is for the client.
  engine::Result<Entry> entry_for(SessionCore& session, const Visit& visit);
  /// Of a session that was fetched for this place, and has left where it was.
  engine::Result<Entry> kept_entry(const Visit& visit, LiveMatch::Reservation place) const;
  /// There, out of the match before. If it is refused it is in the lobby, unless a handler has ended it.
  engine::Result<void> enter(SessionCore& session, const Visit& visit, Entry entry);
  /// To where the visit asks; `place`: it was fetched for it. An error is for the client: nothing has changed, or the
  /// session has ended. Else why it is in the lobby although it asked for a match; empty: it is where it asked to be.
  engine::Result<std::string> move(SessionCore& session, const Visit& visit, LiveMatch::Reservation place);
  void leave_match(SessionCore& session);
  /// The place that was kept in this match is taken by nobody: quick joins may be promised it again.
  void give_back(const std::string& id, LiveMatch::Reservation place);
  /// `refusal`: as move has it.
  void welcome(SessionCore& session, SessionLink& link, const Visit& visit, bool resumed,
               std::string_view refusal = {});
  /// Once the middleware there lets it in. An error is for the client.
  engine::Result<void> enter_space(SessionCore& session, BytesView body, Ack ack);
  void ask(SessionCore& session, NamespaceCore& core, Handshake handshake, Ack ack);
  void create_match(SessionCore& session, BytesView body, Ack ack);
  /// In the place of one that lived for so long; after a pause where they keep ending at once.
  void make_again(const Kind& kind, const std::string& id, const MatchOptions& options, std::string made_by,
                  engine::Duration lived);
  void sweep();
  void sample_load(engine::TimePoint now);

  ServerCore& server_;
  const std::uint32_t index_;
  transport::Loop& loop_;
  protocol::AlignedBuffer message_buffer_;
  protocol::AlignedBuffer body_buffer_;
  flatbuffers::FlatBufferBuilder world_builder_;
  ShardStats stats_;
  SessionLog log_;
  LoadMeter load_;
  engine::TimePoint load_sampled_at_;
  std::uint64_t overdue_ticks_ = 0;

  std::unordered_map<SessionId, std::shared_ptr<SessionCore>> sessions_;
  std::unordered_map<SessionId, std::shared_ptr<SessionCore>> closing_;
  RoomSet rooms_;
  std::vector<ArrivalPtr> arrivals_;
  std::map<std::string, std::unique_ptr<LiveMatch>, std::less<>> matches_;
  struct ShortLived {
    std::uint32_t in_a_row = 0;
    engine::Duration pause{};
    transport::Loop::TimerId timer;  // of the pause that is under way
  };
  std::map<std::string, ShortLived, std::less<>> short_lived_;  // standing matches that ended at once, the last time
  std::unique_ptr<recording::RecordingWriter> writer_;
  std::vector<SessionId> unflushed_;
  bool flush_posted_ = false;
  std::shared_ptr<FanOut> speaker_;
  std::size_t waiting_ = 0;  // clients at the door, for whom middleware has not answered
  bool is_stopping_ = false;
  transport::Loop::TimerId sweep_timer_;
  std::atomic<std::thread::id> thread_;
};

}  // namespace netcode
