// A session's link over Socket.IO: what is emitted there are the session's events, as JSON or as bytes of their tables,
// and what the session is sent goes out as events and acks.
//
//   emit("chat", {text})           the schema's event; one binary argument is the table itself
//   emit("action", move, {tick})   an action, for tick 0: as soon as possible
//   emit("join", {match}, ack)     into a match; the answer says who the client is there
//   emit("join", {kind}, ack)      a quick join
//   emit("list", {}, ack)          and "create" and "leave"
//   on("snapshot", (world, head))  the newest state, as the World's bytes: always all of it
//   on("ended", {match, result})   and what is next
//
// A game's own event of one of these names goes first; "scrim:join" and so on are never a game's.
//
// Threading: its session's shard; the connection may be on another one's thread: see SocketioLine.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "netcode/ack.hpp"
#include "server/outbox.hpp"
#include "server/session_link.hpp"
#include "server/socketio_form.hpp"
#include "server/socketio_line.hpp"
#include "socketio/socket_client.hpp"

namespace netcode {

class SocketioLink final : public SessionLink {
 public:
  /// Tells its client that it has been let in. `map`: the match's, if it has one and the client wants it.
  using Greet = std::function<void(const protocol::Welcome& message, BytesView map)>;
  using Wants = SocketioWants;

  SocketioLink(SessionCore& session, Outbox& events, SocketioLinePtr line, const Config& config, Greet greet,
               Wants wants);
  ~SocketioLink() override;

  // --- for its session
  void start() override;
  std::string remote_address() const override { return line_->remote_address(); }
  void welcome(const protocol::Welcome& message, const Needs& needs) override;
  bool is_writable() const override { return is_greeted_ && line_->is_writable(); }
  std::uint32_t written() const override { return outbox_.written(); }
  void push_volatile(SharedEventPtr event, IntervalPtr interval) override {
    outbox_.push_volatile(std::move(event), std::move(interval));
  }
  bool offer_frame(const FrameView& frame) override { return outbox_.set_frame(frame); }
  void clear_frame() override { outbox_.clear_frame(); }
  void tell_received(std::uint32_t /*received*/) override {}  // nothing is sent twice over one TCP connection
  void flush() override;
  void acknowledge_snapshot(Tick tick) override { outbox_.acknowledge_snapshot(tick); }
  void close(transport::CloseCode code, std::string_view reason) override;
  /// Engine.IO has a heartbeat of its own, by which a client that never polls is ended after 45 s.
  void sweep(engine::TimePoint now) override;
  bool is_stalled() const override { return is_stalled_; }

  // --- for its line, on the session's thread
  void on_event(const socketio::Packet& event);
  void on_ack(const socketio::Packet& ack);
  /// What was written is in the kernel, or was fetched by a GET.
  void on_writable();
  /// Its client has read what was written before its last pong.
  void on_pong();
  /// Its client takes up a namespace again, as whom it was there, and has its events up to this one. False: it has left
  /// that, or has missed too much.
  bool recover(const std::string& nsp, std::uint32_t offset, const socketio::SocketClient::Identity& identity);
  /// Its client asks for another namespace.
  void on_connect(const std::string& nsp, const boost::json::value& auth);
  /// `is_last`: it is in none any more, and its session ends.
  void on_left(const std::string& nsp, bool is_last, std::string_view why);
  /// The connection is gone. `may_return`: its client, to what it was in.
  void on_lost(std::string_view why, bool may_return);
  /// `session` out of a namespace, and with "/" out of its match, which sends what it shows there.
  static void leave(SessionCore& session, const std::string& nsp, std::string_view why);

 private:
  using Outgoing = SocketioLine::Outgoing;

  std::uint32_t ask(const socketio::Packet& event, std::string_view name);
  /// Answers `event`, or says it with an event_error where it wants no ack.
  void refuse(const socketio::Packet& event, std::string_view name, std::string_view code, std::string_view field,
              std::string_view message);
  void note_delivered();
  /// Tells its client whether it is let into a namespace, from any thread.
  Ack join_ack(const std::string& nsp) const;
  void take_action(const socketio::Packet& event);
  void take_event(const socketio::Packet& event, std::string_view name);
  void take_join(const socketio::Packet& event);
  void take_request(const socketio::Packet& event, std::string_view name, Bytes body);
  socketio::MadePackets messages_of(const SocketioForm& event, const protocol::ReliableHead& head) const;
  std::vector<Outgoing> made_of(const LinkOutbox::Batch& batch);
  void add_event(const LinkOutbox::Batch::Event& event, std::vector<Outgoing>& to);
  /// It has joined a namespace, is refused, or has had to leave.
  void add_membership(const SocketioForm& form, std::vector<Outgoing>& to);
  void add_answer(const SocketioForm& form, std::vector<Outgoing>& to);
  void add_snapshot(const FrameView& view, std::vector<Outgoing>& to);

  SessionCore& session_;
  const SocketioLinePtr line_;
  Greet greet_;
  const Wants wants_;
  LinkOutbox outbox_;
  std::uint32_t delivered_ = 0;               // of the session's events: with the client's kernel, or fetched by a GET
  std::uint32_t pinged_ = 0;                  // ... at its last pong, so that its next one proves that it has read them
  std::optional<engine::TimePoint> took_at_;  // its client something, or could have; as sweeps see it
  bool has_taken_ = false;                    // since the last sweep
  bool is_stalled_ = false;
  bool is_greeted_ = false;
  bool is_closed_ = false;
};

}  // namespace netcode
