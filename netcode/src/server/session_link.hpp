// One connection of a session, as its server has it: what is written to it and how far, and whether it is alive.
//
// A session has at most two, in slots 0 and 1. One that comes to a slot which is taken is a candidate at first: it is
// welcomed, and takes the slot with the first message that comes over it. So an attempt that its client has given up
// meanwhile never replaces a connection that works.
//
// Threading: its session's shard. Ownership: shared, since what arrives may end it; its session outlives it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/clock.hpp"
#include "server/outbox.hpp"
#include "transport/websocket/connection.hpp"

namespace netcode {

class SessionCore;

class SessionLink final : public transport::ConnectionHandler, public std::enable_shared_from_this<SessionLink> {
 public:
  struct Config {
    std::uint8_t slot = 0;
    std::uint32_t received = 0;  // the newest of the session's events that its client has, or has missed
    bool is_candidate = false;
  };
  SessionLink(SessionCore& session, Outbox& events, std::shared_ptr<transport::Connection> connection,
              const Config& config);
  ~SessionLink() override;

  void start() { connection_->start(*this); }
  std::uint8_t slot() const { return config_.slot; }
  bool is_candidate() const { return config_.is_candidate; }
  void settle() { config_.is_candidate = false; }
  /// The newest of the session's events that it has carried, or did not need to.
  std::uint32_t written() const { return outbox_.written(); }
  std::string remote_address() const { return connection_->remote_address(); }

  /// For a link that is writable(), at the end of this turn of the loop.
  void push_volatile(SharedEventPtr event) { outbox_.push_volatile(std::move(event)); }

  /// What goes out before all else: Welcome, Map.
  void greet(Bytes message);
  /// Has its greeting left, and may more be written?
  bool writable() const { return greeting_.empty() && !config_.is_candidate && connection_->writable(); }
  /// Only when writable().
  void write(Bytes message);
  void offer_snapshot(Tick tick, SnapshotPtr snapshot) { outbox_.set_snapshot(tick, std::move(snapshot)); }
  void clear_snapshot() { outbox_.clear_snapshot(); }
  void acknowledge_snapshot(Tick tick) { outbox_.acknowledge_snapshot(tick); }
  /// Writes what may be written.
  void flush();

  /// Its client is told why; on_closed follows.
  void close(transport::CloseCode code, std::string_view reason) { connection_->close(code, reason); }
  /// A few times a second: pings what is quiet, and aborts what stays silent; its session hears of the end.
  void sweep(engine::TimePoint now);

  void on_message(transport::MessageKind kind, BytesView bytes) override;
  void on_writable() override { flush(); }
  void on_pong(BytesView payload) override;
  void on_closed(const transport::CloseInfo& info) override;

 private:
  /// Plain clients acknowledge nothing: a ping that says how far was written shows how far their socket has been read.
  void meter();
  void meter_when_much_is_in_flight();

  SessionCore& session_;
  const std::shared_ptr<transport::Connection> connection_;
  Config config_;
  std::vector<transport::OutgoingMessage> greeting_;
  Outbox& events_;
  LinkOutbox outbox_;
  engine::TimePoint opened_;
  engine::TimePoint last_heard_;
  engine::TimePoint last_ping_;
  engine::TimePoint last_meter_;
};

}  // namespace netcode
