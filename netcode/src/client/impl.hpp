// The client behind ClientCore. Where it is (session_state.cpp), how it gets there (arrival.cpp), what comes in
// (receive.cpp), what goes out (client.cpp).
//
// Threading and ownership: as netcode/client.hpp says. The loop outlives it.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "client/action_clock.hpp"
#include "client/connection_manager.hpp"
#include "client/goal.hpp"
#include "client/handlers.hpp"
#include "client/replies.hpp"
#include "client/rtt_meter.hpp"
#include "client/send_queue.hpp"
#include "client/server_schema.hpp"
#include "client/stall_detector.hpp"
#include "netcode/client.hpp"
#include "protocol/messages.hpp"
#include "protocol/packed_snapshot.hpp"
#include "protocol/reliable_stream.hpp"
#include "replication/field_meter.hpp"
#include "replication/unpacker.hpp"

namespace netcode {

class ClientCore::Impl final : public client::ConnectionManager::Owner {
 public:
  /// Over a connector of one's own, or over a loop, its own one too.
  Impl(ClientConfig config, const Game& game, std::unique_ptr<transport::Connector> connector);
  Impl(ClientConfig config, const Game& game, ClientLoop& loop, std::unique_ptr<ClientLoop> own_loop);
  ~Impl() override;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  // --- where we are (session_state.cpp) ------------------------------------------------------------------------------
  void go(client::Goal goal);
  void leave();
  void close(std::string_view reason);
  void drop_connection() { connections_.cut(); }

  /// Could a server take this? An error says what is wrong, and nothing of what is in it.
  engine::Result<void> check(const Auth& auth) const;

  // --- what goes out (client.cpp) ------------------------------------------------------------------------------------
  struct Outgoing {
    std::string_view space;
    std::string_view name;
    BytesView body;
    bool is_volatile = false;
  };
  using Asker = client::Replies::Asker;
  void emit(const Outgoing& event, ReplyHandler reply, std::optional<std::chrono::milliseconds> timeout, Asker asker);
  /// One of netcode's own requests; the answer's body is not verified yet.
  void ask(std::string_view event, BytesView body, ReplyHandler reply) {
    emit({.space = protocol::kDefaultNamespace, .name = event, .body = body}, std::move(reply), limits::kAckTimeout,
         Asker::kNetcode);
  }
  /// What cannot even be asked: the handler hears of it from the loop.
  void fail(ReplyHandler reply, const std::string& why) { replies_.fail(std::move(reply), why); }
  using Listed = std::function<void(const engine::Result<std::vector<MatchInfo>>&)>;
  /// The matches after the id `after`, page by page, behind those that are `listed` already.
  void list(std::string kind, std::string after, std::vector<MatchInfo> listed, Listed done);
  std::uint32_t act(std::optional<Tick> tick, BytesView action, ViewTime view);
  bool action_due();
  Tick action_tick() const { return clock_ ? clock_->tick() : 0; }
  float action_share() const { return clock_ ? clock_->share(now()) : 0; }
  NetworkInfo network() const;
  void measure_fields(bool on);
  FieldCosts field_costs() const { return meter_ ? meter_->means() : FieldCosts(); }

  // --- the session's connections
  std::uint32_t links() const { return (connections_.is_open(0) ? 1U : 0U) + (connections_.is_open(1) ? 1U : 0U); }
  /// The program looks at what came.
  void look() {
    if (stalls_) stalls_->looked(now());
  }

  engine::TimePoint now() const { return connector_->loop().now(); }
  ClientLoop* loop() const { return loop_; }

  // What the facade reads and sets.
  const ClientConfig config;
  const Schema schema;
  const std::string world_table;
  ClientState state = ClientState::kIdle;
  std::string reason;
  std::optional<JoinedMatch> match;
  std::string name;
  SessionId session_id{};
  ClientStats stats;
  std::optional<SnapshotInfo> snapshot;
  BytesView world;  // in kept_
  BytesView map;    // in map_
  client::Handlers handlers;
  client::Slot<ClientState, std::string_view> on_state;
  client::Slot<const JoinedMatch&> on_joined;
  client::Slot<std::string_view> on_ended;
  client::Slot<std::string_view, std::string_view> on_space_left;
  client::Slot<const EventView&> on_any;
  client::Slot<BytesView, const SnapshotInfo&> on_snapshot;

 private:
  // --- ConnectionManager::Owner --------------------------------------------------------------------------------------
  using Source = client::ConnectionManager::Source;
  engine::Result<std::string> url() override;
  engine::Result<std::string> slot_url(std::uint8_t slot) override;
  std::string subprotocols() override;
  void on_message(Source source, transport::MessageKind kind, BytesView bytes) override;
  void on_writable() override { flush(); }
  void on_move_failed(std::string_view why) override;
  void on_link_lost(std::uint8_t slot, std::string_view why) override;
  void on_twin_refused(std::string_view why) override;
  void on_lost(std::string_view why) override;
  void on_down(std::string_view why, bool refused) override;

  // --- what a connection asks for (hello.cpp, and Owner's url, slot_url and subprotocols) ----------------------------
  /// To be there, as who we are now.
  protocol::ConnectRequest request_to(const client::Goal& goal) const;

  // --- where we are (session_state.cpp) ------------------------------------------------------------------------------
  void set_state(ClientState next, std::string_view why);
  /// As the caller of one of our functions asked: on_state hears of it from the loop.
  void set_state_by_caller(ClientState next, std::string_view why);
  /// `why`: not `reason` itself, which a handler may change.
  void tell_state(ClientState told, const std::string& why);
  void welcomed(const protocol::Welcome& welcome);
  void slot_welcomed(std::uint8_t slot, const protocol::Welcome& welcome);
  void take_missed(const protocol::Welcome& welcome);
  void out_of_match();
  void end_session(const std::string& why);
  void begin_epoch();
  void forget_clock();
  void ask_to_leave();
  void match_ended(const protocol::EventMessage& event);
  client::Goal here() const;

  // --- where a Welcome leads (arrival.cpp) ---------------------------------------------------------------------------
  engine::Result<void> check_welcome(const protocol::Welcome& welcome) const;
  /// Are its Worlds of another schema, and made into ours?
  bool is_converted(const protocol::Welcome::InMatch& in) const;
  void arrive(const protocol::Welcome::InMatch& in, bool resumed);
  void handle(const protocol::SchemaView& schema);
  void handle(const protocol::MapView& map);
  bool take_schema();
  void arrive_when_all_is_there();
  void arrive_in_match();
  void arrive_in_lobby();
  void arrive_refused(std::string_view why);
  /// Null: by our own schema.
  void read_by(client::ServerSchemaPtr theirs);
  const LaneLayoutPtr& layout() const { return theirs_ ? theirs_->layout() : lanes_; }

  // --- what comes in (receive.cpp) -----------------------------------------------------------------------------------
  void handle(const protocol::Welcome& welcome);
  void handle(const protocol::SnapshotView& view);
  void handle(const protocol::PackedView& packed);
  void handle(const protocol::EventMessage& event);
  void handle(const protocol::AckMessage& ack);
  void handle(const protocol::Received& received);
  void handle(const protocol::ActionView& action);
  /// False: leave the message be, or the connection is gone because of it.
  bool take_sequence(std::uint32_t sequence);
  bool take_acknowledged(std::uint32_t received);
  void measure(const protocol::SnapshotHead& head);
  /// Counts a snapshot that came. False: leave it be.
  bool take_snapshot(const protocol::SnapshotHead& head);
  /// False: there is no going on with this server.
  bool is_sound(const protocol::SnapshotHead& head, BytesView world_bytes);
  void bad_snapshot(const protocol::SnapshotHead& head, std::string_view why);
  /// The same as show, of a World of the server's schema.
  void show_converted(const protocol::SnapshotHead& head, BytesView world_bytes);
  /// The first copy of a snapshot, which is sound: `bytes` are its World, in `in`, which becomes the one that is kept.
  void show(const protocol::SnapshotHead& head, BytesView bytes, protocol::AlignedBuffer& in);
  void dispatch(const protocol::EventMessage& event, Ack ack);
  void space_left(const protocol::EventMessage& event);
  void refuse_event(std::string_view name, const std::string& why, Ack& ack);
  void refused(std::string_view why);
  void warn_once(std::string text);
  Ack make_ack(std::uint32_t id);
  /// The server broke the protocol: there is no going on with it.
  void misbehaved(transport::CloseCode code, const std::string& why);

  // --- what goes out (client.cpp) ------------------------------------------------------------------------------------
  void send_ack(std::uint32_t id, const Ack::Answer& answer);
  void give_up(const std::string& why);
  void send_received();
  void tell_if_much_is_untold();
  void told();
  void flush();
  void beat();
  bool can_act() const { return state == ClientState::kInMatch && !arriving_ && connections_.is_up(); }
  bool is_server_heard() const;
  ViewTime newest_view() const;
  Tick newest_tick(std::uint8_t slot) const { return can_act() ? newest_ticks_[slot] : 0; }

  bool has_session() const { return state != ClientState::kIdle && state != ClientState::kClosed; }

  Impl(ClientConfig config, const Game& game, std::unique_ptr<transport::Connector> connector, ClientLoop* loop,
       std::unique_ptr<ClientLoop> own_loop);

  const std::uint64_t rules_hash_;
  const std::uint64_t layout_hash_;      // of the World that we can read
  const LaneLayoutPtr lanes_;            // of it; null: a schema that no server packs
  client::ServerSchemaPtr held_schema_;  // the newest of another build that came
  client::ServerSchemaPtr theirs_;       // of the match's server; null: snapshots are of our own schema
  std::array<Unpacker, 2> unpackers_;    // of each slot's connection, by layout()
  std::unique_ptr<FieldMeter> meter_;    // of both; null: nothing is measured
  std::array<protocol::SnapshotUnpacker, 2> heads_;
  std::unique_ptr<ClientLoop> own_loop_;
  ClientLoop* loop_;  // null: a connector of one's own
  std::unique_ptr<transport::Connector> connector_;

  client::Goal goal_;  // where we want to be: also where a reconnect goes
  std::string token_;
  client::SendQueue send_queue_;
  protocol::ReliableReceiver receiver_;
  std::uint32_t epoch_ = 0;  // of the numbers of both
  client::Replies replies_;
  std::uint64_t session_count_ = 0;  // an Ack kept over the end of its session answers nobody

  bool is_leaving_ = false;              // "scrim:leave" is unanswered; joins wait for it
  std::optional<JoinedMatch> arriving_;  // welcomed into this match, whose schema or map is on its way
  protocol::Welcome::InMatch arriving_in_{};
  bool awaits_schema_ = false;
  client::Goal last_goal_;                 // what led into the newest match
  std::string last_match_;                 // a match that ended without our having left it
  std::optional<std::uint64_t> map_hash_;  // of map_

  std::optional<client::ActionClock> clock_;
  bool is_due_ = false;                  // action_due() was true, and its action has not been sent
  engine::TimePoint attempted_at_{};     // when the newest connection was begun
  std::optional<client::RttMeter> rtt_;  // of this match
  std::array<Tick, 2> newest_ticks_{};   // of the snapshots that came over each link
  Tick newest_taken_ = 0;                // of the match that we are in
  std::optional<client::StallDetector> stalls_;
  bool wants_twin_ = false;
  std::uint32_t action_sequence_ = 0;
  std::uint32_t snapshots_untold_ = 0;  // arrived, over any link, since the server was last told what we have
  std::uint32_t reliables_untold_ = 0;
  engine::TimePoint told_at_{};
  transport::Loop::TimerId beat_timer_;

  Source source_{};                // of the message being handled
  std::size_t message_bytes_ = 0;  // and its size
  protocol::AlignedBuffer incoming_;
  protocol::AlignedBuffer body_;  // of a message whose writer did not align it
  protocol::AlignedBuffer kept_;
  protocol::AlignedBuffer map_;
  std::set<std::string> warned_;  // what was complained about

  std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);  // posted tasks look whether we still are
  client::ConnectionManager connections_;
};

}  // namespace netcode
