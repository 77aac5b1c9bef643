#include "server/scrim_link.hpp"

#include <concepts>
#include <cstring>
#include <variant>

#include "netcode/limits.hpp"
#include "server/server_core.hpp"
#include "server/session_core.hpp"
#include "server/shard.hpp"

namespace netcode {
namespace {

using transport::CloseCode;

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

/// Of a connection that is only to be told its end.
class Deaf final : public transport::ConnectionHandler {
 public:
  void on_message(transport::MessageKind, BytesView) override {}
  void on_writable() override {}
  void on_closed(const transport::CloseInfo&) override {}
};

}  // namespace

ScrimLink::ScrimLink(SessionCore& session, Outbox& events, std::shared_ptr<transport::Connection> connection,
                     const Config& config, std::optional<std::uint64_t> packs)
    : SessionLink(config),
      session_(session),
      connection_(std::move(connection)),
      events_(events),
      outbox_(events, config.received),
      packs_(packs),
      budget_(session.shard().server().config().snapshot_bytes_per_second == 0
                  ? nullptr
                  : std::make_unique<SnapshotBudget>(snapshot_bytes_per_second(), session.shard().now())),
      handed_{.view = {}, .chain = nullptr, .budget = budget_.get()},
      opened_(session.shard().now()),
      last_heard_(opened_),
      last_ping_(opened_),
      last_meter_(opened_) {}

ScrimLink::~ScrimLink() { connection_->detach(); }

void ScrimLink::welcome(const protocol::Welcome& message, const Needs& needs) {
  greeting_.push_back({.head = protocol::encode(message)});
  if (needs.schema) greeting_.push_back({.head = protocol::encode(*needs.schema)});
  if (needs.map) greeting_.push_back({.head = protocol::encode(*needs.map)});
}

void ScrimLink::tell_received(std::uint32_t received) {
  std::vector<transport::OutgoingMessage> frames;
  frames.push_back({.head = protocol::encode(protocol::Received{.snapshot_tick = 0, .received = received})});
  connection_->write(std::move(frames));
}

transport::OutgoingMessage ScrimLink::snapshot(const FrameView& view) {
  protocol::SnapshotHead head = view.head;
  head.received = session_.tell_received_now();
  SnapshotEncoder& encoder = view.frame->encoder(packs_);
  auto encoded = encoder.encode(view, head, handed_);
  handed_ = {.view = encoder.needs_baseline() ? view : FrameView{},
             .chain = std::move(encoded.chain),
             .budget = budget_.get()};
  if (encoded.is_packed) encoded.message = heads_.pack(head, std::move(encoded.message));
  if (budget_) budget_->spend(encoded.message.size());
  session_.count_snapshot(encoded.message.size(), encoded.is_new);
  return std::move(encoded.message);
}

// Both of a session's links carry all snapshots.
double ScrimLink::snapshot_bytes_per_second() const {
  const double links = session_.has_link(0) && session_.has_link(1) ? 2 : 1;
  return session_.shard().server().config().snapshot_bytes_per_second / links;
}

void ScrimLink::flush() {
  if (!connection_->writable()) return;
  if (budget_) {
    budget_->refill(snapshot_bytes_per_second(), session_.shard().now());
    outbox_.hold_frame(!budget_->may_send());
  }
  const bool has_work = !is_candidate() && outbox_.has_work();
  if (greeting_.empty() && !has_work) return meter_when_much_is_in_flight();
  std::vector<transport::OutgoingMessage> frames = std::exchange(greeting_, {});
  if (has_work) {
    const LinkOutbox::Batch batch = outbox_.take();
    for (const auto& [event, head] : batch.events) frames.push_back(event->scrim().frame(head));
    if (batch.frame.frame) frames.push_back(snapshot(batch.frame));
  }
  connection_->write(std::move(frames));
  meter_when_much_is_in_flight();
}

void ScrimLink::meter_when_much_is_in_flight() {
  const bool of_snapshots = outbox_.snapshots_in_flight() >= limits::kSnapshotsUnacknowledgedMax / 2;
  const bool of_events = outbox_.has_events_in_flight() && session_.is_known_by_pongs() &&
                         events_.written_bytes(outbox_.written()) >= kMeterBytes;
  if (of_snapshots || of_events) meter();
}

void ScrimLink::meter() {
  const Written written{.tick = outbox_.newest_in_flight(), .event = outbox_.written()};
  std::uint8_t payload[sizeof written];
  std::memcpy(payload, &written, sizeof written);
  last_meter_ = session_.shard().now();
  connection_->ping(payload);
}

void ScrimLink::sweep(engine::TimePoint now) {
  const bool was_given_up = is_candidate() && now - opened_ >= limits::kHandshakeTimeout;
  if (was_given_up || now - last_heard_ >= limits::kSilenceMax) return connection_->abort();
  if (outbox_.has_events_in_flight() && now - last_meter_ >= kMeterEvery && session_.is_known_by_pongs()) meter();
  if (now - last_heard_ < kPingWhenSilentFor || now - last_ping_ < kPingWhenSilentFor) return;
  last_ping_ = now;
  connection_->ping({});
}

void ScrimLink::on_message(transport::MessageKind kind, BytesView bytes) {
  const auto self = shared_from_this();
  const auto session = session_.shared_from_this();
  last_heard_ = session_.shard().now();
  if (!session_.begin_message(*this)) return;
  if (kind != transport::MessageKind::kBinary)
    return session_.end(CloseCode::kUnsupportedData, "messages of scrim.v1 are binary FlatBuffers, this one was text");
  auto message = protocol::decode(session_.shard().message_buffer().copy(bytes));
  if (!message) return session_.end(CloseCode::kBadPayload, message.error().reason);
  std::visit(
      [this]<class T>(const T& any) {
        if constexpr (std::same_as<T, protocol::PackedView>) {
          take_packed(any);
        } else {
          session_.take(any);
        }
      },
      *message);
}

// Whatever becomes of it further up: the next one is told by this one.
void ScrimLink::take_packed(const protocol::PackedView& packed) {
  const auto action = actions_.unpack(packed.packed);
  if (!action) return session_.end(CloseCode::kBadPayload, action.error().reason);
  session_.take(*action);
}

void ScrimLink::on_pong(BytesView payload) {
  last_heard_ = session_.shard().now();
  Written read;
  if (payload.size() != sizeof read) return;
  std::memcpy(&read, payload.data(), sizeof read);
  outbox_.acknowledge_snapshot(read.tick);
  if (read.event <= outbox_.written()) session_.on_read(read.event);
  flush();
}

void ScrimLink::on_closed(const transport::CloseInfo& info) {
  const auto self = shared_from_this();
  session_.on_link_closed(*this, info);
}

// --- at the door

LinkMaker ScrimCaller::link(std::optional<std::uint64_t> packs) {
  return [connection = connection_, packs](SessionCore& session, Outbox& events, const SessionLink::Config& config) {
    return std::make_shared<ScrimLink>(session, events, connection, config, packs);
  };
}

void ScrimCaller::turn_away(CloseCode code, std::string_view reason) {
  static Deaf deaf;
  connection_->start(deaf);
  connection_->close(code, reason);
}

}  // namespace netcode
