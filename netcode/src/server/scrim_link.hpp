// A session's link over a WebSocket of scrim.v1: messages are FlatBuffers of protocol.fbs, one in each binary frame.
//
// Threading: its session's shard.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/packed_action.hpp"
#include "protocol/packed_snapshot.hpp"
#include "replication/snapshot_budget.hpp"
#include "server/caller.hpp"
#include "server/outbox.hpp"
#include "server/session_link.hpp"

namespace netcode {

class ScrimLink final : public SessionLink, public transport::ConnectionHandler {
 public:
  /// `packs`: what its client can unpack (packs_for); none: plain snapshots alone.
  ScrimLink(SessionCore& session, Outbox& events, std::shared_ptr<transport::Connection> connection,
            const Config& config, std::optional<std::uint64_t> packs);
  ~ScrimLink() override;
  void start() override { connection_->start(*this); }
  std::string remote_address() const override { return connection_->remote_address(); }
  void welcome(const protocol::Welcome& message, const Needs& needs) override;
  bool is_writable() const override { return greeting_.empty() && !is_candidate() && connection_->writable(); }
  std::uint32_t written() const override { return outbox_.written(); }
  void push_volatile(SharedEventPtr event, IntervalPtr interval) override {
    outbox_.push_volatile(std::move(event), std::move(interval));
  }
  bool offer_frame(const FrameView& frame) override { return outbox_.set_frame(frame); }
  void clear_frame() override {
    outbox_.clear_frame();
    handed_ = {.view = {}, .chain = nullptr, .budget = budget_.get()};
    if (budget_) budget_->begin();
  }
  void tell_received(std::uint32_t received) override;
  void flush() override;
  void acknowledge_snapshot(Tick tick) override { outbox_.acknowledge_snapshot(tick); }
  void close(transport::CloseCode code, std::string_view reason) override { connection_->close(code, reason); }
  void sweep(engine::TimePoint now) override;

  void on_message(transport::MessageKind kind, BytesView bytes) override;
  void on_writable() override { flush(); }
  void on_pong(BytesView payload) override;
  void on_closed(const transport::CloseInfo& info) override;

 private:
  void take_packed(const protocol::PackedView& packed);
  transport::OutgoingMessage snapshot(const FrameView& view);
  /// Of what its server grants a client, this link's share.
  double snapshot_bytes_per_second() const;
  /// Plain clients acknowledge nothing: a ping that says how far was written shows how far their socket has been read.
  void meter();
  void meter_when_much_is_in_flight();

  SessionCore& session_;
  const std::shared_ptr<transport::Connection> connection_;
  std::vector<transport::OutgoingMessage> greeting_;
  Outbox& events_;
  LinkOutbox outbox_;
  protocol::ActionUnpacker actions_;
  protocol::SnapshotPacker heads_;
  const std::optional<std::uint64_t> packs_;
  const std::unique_ptr<SnapshotBudget> budget_;  // null: there is none
  HandedFrame handed_;                            // the newest that was written, for encoders that build on it
  engine::TimePoint opened_;
  engine::TimePoint last_heard_;
  engine::TimePoint last_ping_;
  engine::TimePoint last_meter_;
};

/// A WebSocket of scrim.v1 that has just opened.
class ScrimCaller final : public Caller {
 public:
  explicit ScrimCaller(std::shared_ptr<transport::Connection> connection) : connection_(std::move(connection)) {}

  std::string remote_address() const override { return connection_->remote_address(); }
  LinkMaker link(std::optional<std::uint64_t> packs) override;
  /// In a way that every WebSocket library shows: open, then a close frame with the reason.
  void turn_away(transport::CloseCode code, std::string_view reason) override;
  void abort() override { connection_->abort(); }

 private:
  const std::shared_ptr<transport::Connection> connection_;
};

}  // namespace netcode
