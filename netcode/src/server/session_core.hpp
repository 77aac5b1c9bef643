// One client's identity on the server, and the connection that carries it at the moment, if any.
//
// States: connected -> (connection lost) -> waiting, for the resume window -> connected again, or ended. A client that
// closes properly ends its session at once. What arrives is size-checked, copied to aligned memory, verified and
// range-checked here, then passed on: actions to the match, events to the namespace's handlers, requests to the shard.
//
// Threading: its shard's thread; when it moves to another shard, it is nobody's in between.
// Ownership: the shard's table; calls that may end it hold a shared_ptr.
#pragma once

#include <any>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/core/clock.hpp"
#include "netcode/ack.hpp"
#include "netcode/session.hpp"
#include "protocol/messages.hpp"
#include "protocol/reliable_stream.hpp"
#include "server/action_inbox.hpp"
#include "server/outbox.hpp"
#include "transport/connection.hpp"

namespace netcode {

class LiveMatch;
class Shard;

class SessionCore final : public transport::ConnectionHandler, public std::enable_shared_from_this<SessionCore> {
 public:
  struct Identity {
    SessionId id;
    std::string token;
    std::string name;
    std::string remote_address;
  };
  SessionCore(Shard& shard, Identity identity);
  ~SessionCore() override;

  const Identity& identity() const { return identity_; }
  Session& api() { return api_; }
  Shard& shard() const { return *shard_; }
  void set_shard(Shard& shard) { shard_ = &shard; }
  std::any& data() { return data_; }

  // --- its connection
  /// Takes over `connection` (an older one is told that it was replaced). False: what the client missed is no longer
  /// kept.
  [[nodiscard]] bool attach(std::shared_ptr<transport::Connection> connection, std::uint32_t received);
  /// What goes out before all else on this connection: Welcome, Map.
  void greet(Bytes message);
  bool is_connected() const { return connection_ && !has_ended_; }
  /// Its client goes on over another connection, which is on its way.
  void drop_connection();
  /// The newest of the client's reliable messages that was handled.
  std::uint32_t received() const { return receiver_.received(); }

  // --- what it is sent
  void send_event(std::string_view space, std::string_view name, BytesView body, bool is_volatile);
  /// `message` is an encoded Event or Ack with sequence 1, to be numbered.
  void send_reliable(Bytes message);
  void send_with_ack(std::string_view space, std::string_view name, BytesView body, ReplyHandler reply,
                     std::chrono::milliseconds timeout);
  void offer_snapshot(Tick tick, SnapshotPtr snapshot);
  /// Writes what may be written; events of one tick leave together, with its snapshot.
  void flush();

  // --- where it is
  LiveMatch* match() const { return match_; }
  PlayerId player() const { return player_; }
  void enter_match(LiveMatch& match, PlayerId player);
  void exit_match();
  bool is_in(std::string_view space) const { return spaces_.contains(space); }
  void enter_space(std::string space) { spaces_.insert(std::move(space)); }
  const std::set<std::string, std::less<>>& spaces() const { return spaces_; }

  /// Ends the session: its client is told, its handlers hear of it, its seat and rooms are given up. Once.
  void end(transport::CloseCode code, std::string_view reason);
  bool has_ended() const { return has_ended_; }

  /// A few times a second: acks that timed out, silence, the end of the resume window.
  void sweep(engine::TimePoint now);

  // --- ConnectionHandler
  void on_message(transport::MessageKind kind, BytesView bytes) override;
  void on_writable() override { flush(); }
  void on_pong(BytesView payload) override;
  void on_closed(const transport::CloseInfo& info) override;

 private:
  struct PendingReply {
    ReplyHandler handler;
    engine::TimePoint deadline;
    std::chrono::milliseconds timeout;
  };

  void handle(const protocol::ActionView& action);
  void handle(const protocol::EventMessage& event);
  void handle(const protocol::AckMessage& ack);
  void handle(const protocol::Received& received);
  template <class T>
  void handle(const T& message);  // a server's message from a client

  bool take_sequence(std::uint32_t sequence);
  bool take_acknowledged(std::uint32_t received, Tick snapshot_tick);
  void dispatch_event(const protocol::EventMessage& event, Ack ack);
  Ack make_ack(std::uint32_t id);
  /// Something was asked for that cannot be: the client is told (in the ack if it wanted one), and closed if it goes on
  /// so.
  void refuse(Ack& ack, std::string reason);
  bool within_rate(engine::TimePoint now);
  void tell_received();
  void meter_snapshots();
  protocol::SnapshotHead snapshot_head(Tick tick) const;

  Shard* shard_;
  Identity identity_;
  Session api_;
  std::any data_;

  /// Of the snapshot that waits in the outbox: it may leave many ticks after it was made.
  ActionInbox::Progress offered_progress_{};
  std::shared_ptr<transport::Connection> connection_;
  std::vector<transport::Frame> greeting_;
  Outbox outbox_;
  protocol::ReliableReceiver receiver_;
  std::uint32_t told_received_ = 0;  // the newest the client was told of

  LiveMatch* match_ = nullptr;
  PlayerId player_ = kNoPlayer;
  std::set<std::string, std::less<>> spaces_;

  std::map<std::uint32_t, PendingReply> replies_;
  std::uint32_t next_ack_ = 1;

  engine::TimePoint last_heard_;
  engine::TimePoint last_ping_;
  engine::TimePoint lost_at_;
  double rate_tokens_;
  engine::TimePoint rate_at_;
  double refusals_ = 0;  // less one for each second since
  engine::TimePoint refused_at_;
  bool has_ended_ = false;
};

}  // namespace netcode
