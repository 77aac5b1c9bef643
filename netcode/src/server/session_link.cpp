#include "server/session_link.hpp"

#include <cstring>

#include "netcode/limits.hpp"
#include "server/session_core.hpp"
#include "server/shard.hpp"

namespace netcode {
namespace {

constexpr std::chrono::seconds kPingWhenSilentFor{5};

}  // namespace

SessionLink::SessionLink(SessionCore& session, Outbox& events, std::shared_ptr<transport::Connection> connection,
                         const Config& config)
    : session_(session),
      connection_(std::move(connection)),
      config_(config),
      outbox_(events, config.received),
      opened_(session.shard().now()),
      last_heard_(opened_),
      last_ping_(opened_) {}

SessionLink::~SessionLink() { connection_->detach(); }

void SessionLink::greet(Bytes message) {
  greeting_.push_back({.head = std::move(message), .body = nullptr, .body_offset = 0});
}

void SessionLink::write(Bytes message) {
  std::vector<transport::Frame> frames;
  frames.push_back({.head = std::move(message), .body = nullptr, .body_offset = 0});
  connection_->write(std::move(frames));
}

void SessionLink::flush() {
  if (!connection_->writable()) return;
  const bool has_work = !config_.is_newcomer && outbox_.has_work();
  if (greeting_.empty() && !has_work) return meter_snapshots();
  std::vector<transport::Frame> frames = std::exchange(greeting_, {});
  if (has_work) {
    LinkOutbox::Batch batch = outbox_.take();
    std::move(batch.events.begin(), batch.events.end(), std::back_inserter(frames));
    if (batch.snapshot) frames.push_back(batch.snapshot->frame(session_.snapshot_head(batch.tick)));
    if (batch.snapshot) session_.count_snapshot(batch.snapshot->size());
  }
  connection_->write(std::move(frames));
  meter_snapshots();
}

// Plain clients acknowledge nothing: a ping with the newest tick in it shows how far their socket has been read.
void SessionLink::meter_snapshots() {
  if (outbox_.snapshots_in_flight() < limits::kSnapshotsUnacknowledgedMax / 2) return;
  const Tick tick = outbox_.newest_in_flight();
  std::uint8_t payload[sizeof tick];
  std::memcpy(payload, &tick, sizeof tick);
  connection_->ping(payload);
}

void SessionLink::sweep(engine::TimePoint now) {
  const bool was_given_up = config_.is_newcomer && now - opened_ >= limits::kHandshakeTimeout;
  if (was_given_up || now - last_heard_ >= limits::kSilenceMax) return connection_->abort();
  if (now - last_heard_ < kPingWhenSilentFor || now - last_ping_ < kPingWhenSilentFor) return;
  last_ping_ = now;
  connection_->ping({});
}

void SessionLink::on_message(transport::MessageKind kind, BytesView bytes) {
  const auto self = shared_from_this();
  last_heard_ = session_.shard().now();
  session_.on_link_message(*this, kind, bytes);
}

void SessionLink::on_pong(BytesView payload) {
  last_heard_ = session_.shard().now();
  Tick tick = 0;
  if (payload.size() != sizeof tick) return;
  std::memcpy(&tick, payload.data(), sizeof tick);
  outbox_.acknowledge_snapshot(tick);
  flush();
}

void SessionLink::on_closed(const transport::CloseInfo& info) {
  const auto self = shared_from_this();
  session_.on_link_closed(*this, info);
}

}  // namespace netcode
