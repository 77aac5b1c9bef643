// One client's identity on the server, and the connections that carry it at the moment: none, one, or two ("links").
//
// States: connected -> (every link lost) -> waiting, for the resume window -> connected again, or ended. A client that
// closes properly ends its session at once. What arrives, over whichever link first, is size-checked, copied to aligned
// memory, verified and range-checked here, then passed on: actions to the match, events to the namespace's handlers,
// requests to the shard. The session owns sequences and what is kept; a link, how far it has been written.
//
// Threading: its shard's thread; when it moves to another shard, it is nobody's in between.
// Ownership: the shard's table; calls that may end it hold a shared_ptr.
#pragma once

#include <array>
#include <concepts>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/core/clock.hpp"
#include "engine/core/result.hpp"
#include "engine/core/token_bucket.hpp"
#include "netcode/ack.hpp"
#include "netcode/handshake.hpp"
#include "netcode/session.hpp"
#include "protocol/messages.hpp"
#include "protocol/reliable_stream.hpp"
#include "recording/format/session_records.hpp"
#include "server/fan_out.hpp"
#include "server/outbox.hpp"
#include "server/session_link.hpp"
#include "server/session_spaces.hpp"
#include "transport/websocket/connection.hpp"

namespace netcode {

struct EventInfo;
class LiveMatch;
class NamespaceCore;
class Shard;

/// A message that no client sends. One that is neither such nor has a SessionCore::take of its own does not compile.
template <class T>
inline constexpr bool kServersAlone = std::same_as<T, protocol::Welcome> || std::same_as<T, protocol::MapView> ||
                                      std::same_as<T, protocol::SchemaView> || std::same_as<T, protocol::SnapshotView>;

class SessionCore final : public std::enable_shared_from_this<SessionCore> {
 public:
  struct Identity {
    SessionId id;
    std::string token;
    std::string name;
    std::string remote_address;
    bool speaks_json = false;  // a client of Socket.IO
    std::uint32_t epoch = 1;   // of the numbers of reliable messages, as the client is told
  };
  SessionCore(Shard& shard, Identity identity);

  const Identity& identity() const { return identity_; }
  /// What a recording knows it by: made once, since it is asked for at each keyframe.
  const recording::TokenHash& token_hash() const { return token_hash_; }
  /// As handlers of "/" and of no namespace are given it.
  Session& api() { return api_; }
  Shard& shard() const { return *shard_; }
  void set_shard(Shard& shard) { shard_ = &shard; }

  // --- its links
  /// Takes the whole session over; older links are told that they were replaced. An error is for the client: it claims
  /// to have what it was never sent.
  engine::Result<SessionLink*> attach(const LinkMaker& make, std::uint32_t received);
  /// One link more, or another one for a slot that is taken. An error is for the client.
  engine::Result<SessionLink*> add_link(const LinkMaker& make, std::uint8_t slot, std::uint32_t received);
  bool has_link(std::uint8_t slot) const { return links_[slot] != nullptr; }
  bool is_connected() const { return !has_ended_ && (links_[0] || links_[1]); }
  /// Its client goes on over another connection, which is on its way.
  void drop_links();
  /// A connection of its client's is there again and was welcomed: handlers hear of it if they heard that it was lost.
  /// A session that is lost and resumed faster than it may be ends.
  void tell_resumed();
  /// Of a client of Socket.IO, which comes back to one namespace after the other.
  void tell_resumed(const std::string& space);
  /// How long it waits for its client once the last connection is lost.
  std::chrono::milliseconds resume_window() const;
  /// Its last connection was lost, of which handlers heard, and it has not been told of as resumed yet.
  bool is_lost() const { return is_lost_; }
  /// Of two links the second one goes, since the server can do without.
  void withdraw_twin(std::string_view reason);
  /// The newest of its events that is not kept any more although its client never said to have it.
  std::uint32_t forgotten_events() const { return outbox_.forgotten(); }
  /// Is all that comes after this event, of those it was sent, still there?
  bool can_go_on_from(std::uint32_t received) const { return outbox_.can_go_on_from(received); }
  /// The newest reliable message to its client, and the newest of the client's that was handled.
  std::uint32_t sent() const { return outbox_.last_sequence(); }
  /// The newest of those that its client is known to have, or that was forgotten.
  std::uint32_t acknowledged() const { return outbox_.acknowledged(); }
  std::uint32_t handled() const { return receiver_.received(); }
  /// The newest of the client's reliable messages that was handled, as far as it may be told.
  std::uint32_t received() { return outbox_.tellable(receiver_.received()); }

  // --- what it is sent (session_outgoing.cpp)
  using Cause = Outbox::Cause;
  /// What it has to be in `space` for. A volatile one goes over a link that can take it now, or not at all.
  void send_event(std::string_view space, const SharedEventPtr& event, bool is_volatile, Cause cause = Cause::kServer);
  /// An event or answer, to be numbered.
  void send_reliable(OutgoingEvent event, Cause cause = Cause::kServer);
  void send_with_ack(std::string_view space, std::string_view table, BytesView body, ReplyHandler reply,
                     std::chrono::milliseconds timeout);
  void send_json_with_ack(std::string_view name, std::string_view space, const JsonArguments& arguments,
                          JsonReplyHandler reply, std::chrono::milliseconds timeout);
  /// `event` is one that it is to answer.
  void ask_client(std::string_view space, const SharedEventPtr& event, ReplyHandler reply,
                  std::chrono::milliseconds timeout, bool is_json, Cause cause = Cause::kServer);
  /// For the links that it has; `frame.head` says what became of its actions.
  void offer_frame(const FrameView& frame);
  /// Writes what may be written; events of one tick leave together, with its snapshot. Once it has ended and nothing is
  /// held back any more, its connections close.
  void flush();

  // --- where it is
  LiveMatch* match() const { return match_; }
  PlayerId player() const { return player_; }
  void enter_match(LiveMatch& match, PlayerId player);
  void exit_match();
  /// Handlers are told now that it has joined its match.
  void note_joined() { told_joined_ = true; }
  /// Were they told of the match that it is in or has just left? Once: then they are to hear that it left.
  bool take_joined() { return std::exchange(told_joined_, false); }
  /// What it was accepted with, for the rules of matches that it joins.
  void set_ticket(std::optional<Ticket> ticket) { ticket_ = std::move(ticket); }
  const std::optional<Ticket>& ticket() const { return ticket_; }
  bool is_in(std::string_view space) const { return spaces_.contains(space); }
  SessionSpaces& spaces() { return spaces_; }
  /// Out of a namespace, whose handlers hear of it, and of its rooms. False: it is not in it. Out of "/" only clients
  /// of Socket.IO come, for which that is one like the others.
  bool leave_space(const std::string& space, std::string_view reason);

  /// Ends the session: its handlers hear of it, its seat and rooms are given up, and its client is told: at once, or
  /// when what its match holds back has left, since the reason may tell of that too. Once.
  void end(transport::CloseCode code, std::string_view reason);
  bool has_ended() const { return has_ended_; }
  /// For one that has ended: where its client has not been told why yet, it is told this instead, and nothing that is
  /// held back.
  void say_goodbye(transport::CloseCode code, std::string_view reason);

  /// A few times a second: acks that timed out, silence, the end of the resume window; of a session that has ended, how
  /// long its goodbye has been held back.
  void sweep(engine::TimePoint now);

  // --- what its links call
  /// A message has come over `link`, whatever it says. False: it is not to be looked at.
  bool begin_message(SessionLink& link);
  /// `ack`: not 0: its client wants it answered, with an Ack of this id.
  void take(const protocol::ActionView& action, std::uint32_t ack = 0);
  void take(const protocol::EventMessage& event);
  void take(const protocol::AckMessage& ack);
  void take(const protocol::Received& received);
  // ... over Socket.IO, where nothing has a number
  bool speaks_json() const { return identity_.speaks_json; }
  /// What a client of Socket.IO says now: where it wants no ack, it is told with these of what is not taken of it.
  void set_said(const std::string& space, std::string_view name) {
    said_ = {.space = space, .name = std::string(name)};
  }
  void take_json(std::string_view name, const std::string& space, const JsonArguments& arguments, Ack ack);
  bool expects_json(std::uint32_t ack) const;
  void take_json_answer(std::uint32_t ack, const JsonArguments& arguments);
  /// For what a link answers in its own words.
  Ack make_ack(std::uint32_t id);
  template <class T>
  requires kServersAlone<T>
  void take(const T&) { end(transport::CloseCode::kProtocolError, "only a server sends this message"); }
  /// Something was asked for that cannot be: the client is told (in the ack if it wanted one), and closed if it goes on
  /// so.
  void refuse(Ack& ack, std::string reason);
  void on_link_closed(SessionLink& link, const transport::CloseInfo& info);
  /// As received; the client is told of it now.
  std::uint32_t tell_received_now() { return told_received_ = received(); }
  void count_snapshot(std::size_t bytes, bool is_new);
  /// Is it by WebSocket pongs alone that one learns what its client has? One that has said so lately may still be
  /// handling what its library has read.
  bool is_known_by_pongs() const;
  /// A pong that came over a link proves that the client's library has read all events up to this one.
  void on_read(std::uint32_t sequence);

  /// What its events may cost others.
  const std::shared_ptr<FanOut>& fan_out() const { return fan_out_; }

 private:
  struct PendingReply {
    ReplyHandler handler;
    engine::TimePoint deadline;
    std::chrono::milliseconds timeout;
    bool is_json;
  };
  struct Goodbye {
    transport::CloseCode code;
    std::string reason;
    engine::TimePoint deadline;  // no connection is kept for longer
  };

  bool take_sequence(std::uint32_t sequence);
  /// `snapshot_ticks`: the newest that came over each link.
  bool take_acknowledged(std::uint32_t received, const std::array<Tick, 2>& snapshot_ticks);
  /// The candidate has won its race. False: it comes too late, or a handler that heard of it has ended the session.
  bool settle(SessionLink& candidate);
  void tell_lost();
  /// Those that it is in as this begins: handlers may change that, and end it.
  void for_each_space(const std::function<void(const NamespaceCore&)>& work);
  template <class F>
  void for_each_link(F work) const {
    for (const auto& link : links_)
      if (const auto kept = link) work(*kept);
  }
  std::uint32_t written_by_all_links() const;
  void dispatch_event(const protocol::EventMessage& event, Ack ack);
  /// One that is too large, or that no client would take, fails the ask alone.
  void send_answer(std::uint32_t id, Ack::Answer answer);
  /// For the rules, which are told of it and whose recording keeps it.
  void dispatch_input(const EventInfo& info, BytesView body, Ack& ack);
  bool may_record(std::size_t bytes);
  void tell_received();
  /// The interval of its match that is not over, or the one in which it left: what it may not learn of yet. Null:
  /// nothing is held back.
  IntervalPtr open_interval() const;
  void forget_released();

  Shard* shard_;
  Identity identity_;
  const recording::TokenHash token_hash_;
  SessionSpaces spaces_;
  Session api_;
  std::optional<Ticket> ticket_;

  Outbox outbox_;
  std::array<std::shared_ptr<SessionLink>, 2> links_;
  std::vector<std::shared_ptr<SessionLink>> candidates_;  // welcomed, not heard of yet; oldest first
  protocol::ReliableReceiver receiver_;
  std::uint32_t told_received_ = 0;  // the newest the client was told of

  LiveMatch* match_ = nullptr;
  PlayerId player_ = kNoPlayer;
  bool told_joined_ = false;
  struct Said {
    std::string space;
    std::string name;
  };
  Said said_;
  /// Of the matches that it was in before, those that are not released: handlers that hear of its leaving have seen
  /// them.
  std::vector<IntervalPtr> left_in_;

  std::map<std::uint32_t, PendingReply> replies_;
  std::uint32_t next_ack_ = 1;

  engine::TimePoint lost_at_;
  std::string lost_why_;
  bool is_lost_ = false;  // as handlers were told
  engine::TokenBucket messages_;
  engine::TokenBucket requests_;
  engine::TokenBucket resumes_;
  engine::TokenBucket recorded_;
  std::shared_ptr<FanOut> fan_out_;
  std::optional<engine::TimePoint> said_received_at_;  // when the client last said what it has
  double refusals_ = 0;                                // less one for each second since
  engine::TimePoint refused_at_;
  bool has_ended_ = false;
  std::optional<Goodbye> goodbye_;  // has not left yet
};

}  // namespace netcode
