#include "server/session_link.hpp"

#include <cstring>

#include "netcode/limits.hpp"
#include "server/session_core.hpp"
#include "server/shard.hpp"

namespace netcode {
namespace {

constexpr std::chrono::seconds kPingWhenSilentFor{5};
/// Events that nobody acknowledges are asked after so often.
constexpr std::chrono::milliseconds kMeterEvery{200};
/// ... and at once when so many bytes of them are in flight.
constexpr std::size_t kMeterBytes = limits::kOutboxBytesMax / 8;

/// Of a metering ping: the newest snapshot and the newest event that were written before it.
struct Written {
  Tick tick = 0;
  std::uint32_t event = 0;
};

}  // namespace

SessionLink::SessionLink(SessionCore& session, Outbox& events, std::shared_ptr<transport::Connection> connection,
                         const Config& config)
    : session_(session),
      connection_(std::move(connection)),
      config_(config),
      events_(events),
      outbox_(events, config.received),
      opened_(session.shard().now()),
      last_heard_(opened_),
      last_ping_(opened_),
      last_meter_(opened_) {}

SessionLink::~SessionLink() { connection_->detach(); }

void SessionLink::greet(Bytes message) {
  greeting_.push_back({.head = std::move(message), .body = nullptr, .body_offset = 0});
}

void SessionLink::write(Bytes message) {
  std::vector<transport::OutgoingMessage> frames;
  frames.push_back({.head = std::move(message), .body = nullptr, .body_offset = 0});
  connection_->write(std::move(frames));
}

void SessionLink::flush() {
  if (!connection_->writable()) return;
  const bool has_work = !config_.is_candidate && outbox_.has_work();
  if (greeting_.empty() && !has_work) return meter_when_much_is_in_flight();
  std::vector<transport::OutgoingMessage> frames = std::exchange(greeting_, {});
  if (has_work) {
    LinkOutbox::Batch batch = outbox_.take();
    std::move(batch.events.begin(), batch.events.end(), std::back_inserter(frames));
    if (batch.snapshot) frames.push_back(batch.snapshot->frame(session_.snapshot_head(batch.tick)));
    if (batch.snapshot) session_.count_snapshot(batch.snapshot->size());
  }
  connection_->write(std::move(frames));
  meter_when_much_is_in_flight();
}

void SessionLink::meter_when_much_is_in_flight() {
  const bool of_snapshots = outbox_.snapshots_in_flight() >= limits::kSnapshotsUnacknowledgedMax / 2;
  const bool of_events = outbox_.has_events_in_flight() && session_.is_known_by_pongs() &&
                         events_.written_bytes(outbox_.written()) >= kMeterBytes;
  if (of_snapshots || of_events) meter();
}

void SessionLink::meter() {
  const Written written{.tick = outbox_.newest_in_flight(), .event = outbox_.written()};
  std::uint8_t payload[sizeof written];
  std::memcpy(payload, &written, sizeof written);
  last_meter_ = session_.shard().now();
  connection_->ping(payload);
}

void SessionLink::sweep(engine::TimePoint now) {
  const bool was_given_up = config_.is_candidate && now - opened_ >= limits::kHandshakeTimeout;
  if (was_given_up || now - last_heard_ >= limits::kSilenceMax) return connection_->abort();
  if (outbox_.has_events_in_flight() && now - last_meter_ >= kMeterEvery && session_.is_known_by_pongs()) meter();
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
  Written read;
  if (payload.size() != sizeof read) return;
  std::memcpy(&read, payload.data(), sizeof read);
  outbox_.acknowledge_snapshot(read.tick);
  if (read.event <= outbox_.written()) session_.on_read(read.event);
  flush();
}

void SessionLink::on_closed(const transport::CloseInfo& info) {
  const auto self = shared_from_this();
  session_.on_link_closed(*this, info);
}

}  // namespace netcode
