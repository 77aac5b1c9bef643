// What comes in: each message verified, then given to whom it is for.
#include <spdlog/spdlog.h>

#include <utility>
#include <variant>

#include "client/client_loop.hpp"
#include "client/impl.hpp"
#include "engine/core/utf8.hpp"
#include "protocol/requests.hpp"

namespace netcode {

using protocol::AckMessage;
using protocol::EventMessage;
using protocol::SnapshotView;
using transport::CloseCode;

namespace {
/// Complaints in the log: a server may send any number of different ones.
constexpr std::size_t kWarningsMax = 64;
}  // namespace

void ClientCore::Impl::on_message(Source source, transport::MessageKind kind, BytesView bytes) {
  if (loop_) loop_->impl_->wake();
  if (kind == transport::MessageKind::kText)
    return misbehaved(CloseCode::kUnsupportedData, "the server sent a text message");
  source_ = source;
  message_bytes_ = bytes.size();
  const auto message = protocol::decode(incoming_.copy(bytes));
  if (!message) return misbehaved(CloseCode::kBadPayload, "bad message from the server: " + message.error().reason);
  const bool is_first = source.first != client::ConnectionManager::First::kNo;
  if (is_first != std::holds_alternative<protocol::Welcome>(*message)) {
    return misbehaved(CloseCode::kProtocolError,
                      is_first ? "the server's first message is not a Welcome" : "the server sent a second Welcome");
  }
  std::visit([this](const auto& body) { handle(body); }, *message);
  tell_if_much_is_untold();
}

void ClientCore::Impl::handle(const protocol::Welcome& welcome) {
  stats.other_bytes += message_bytes_;
  if (const auto good = check_welcome(welcome); !good)
    return misbehaved(CloseCode::kProtocolError, good.error().reason);
  if (source_.first == client::ConnectionManager::First::kOfSlot) return slot_welcomed(source_.slot, welcome);
  for (Unpacker& unpacker : unpackers_) unpacker.reset();
  heads_ = {};
  welcomed(welcome);
}

bool ClientCore::Impl::take_snapshot(const protocol::SnapshotHead& head) {
  if (arriving_) {
    misbehaved(CloseCode::kProtocolError, "the server sent a snapshot before the map or the schema");
    return false;
  }
  if (!take_acknowledged(head.received)) return false;
  if (state != ClientState::kInMatch) return false;  // it was on its way when we left
  stats.snapshot_bytes += message_bytes_;
  ++snapshots_untold_;
  if (source_.slot == 0 && stalls_ && stalls_->arrived(now()) && !std::exchange(wants_twin_, true))
    connections_.open_twin();
  newest_ticks_[source_.slot] = head.tick;
  return true;
}

// Each copy is looked into, since the next over the same link builds on it.
void ClientCore::Impl::handle(const SnapshotView& view) {
  if (!take_snapshot(view.head)) return;
  const BytesView bytes = protocol::aligned(view.world, body_);
  if (!is_sound(view.head, bytes)) return;
  const auto whole = layout() ? unpackers_[source_.slot].complete(bytes) : Bytes();
  if (!whole) return misbehaved(CloseCode::kBadPayload, whole.error().reason);
  if (snapshot && view.head.tick <= newest_taken_) return;  // the other link was faster
  if (theirs_) return show_converted(view.head, whole->empty() ? bytes : BytesView(*whole));
  if (!whole->empty()) return show(view.head, body_.copy(*whole), body_);
  show(view.head, bytes, bytes.data() == view.world.data() ? incoming_ : body_);
}

void ClientCore::Impl::handle(const protocol::PackedView& packed) {
  const auto view = heads_[source_.slot].unpack(packed.packed);
  if (!view) return misbehaved(CloseCode::kBadPayload, view.error().reason);
  if (!take_snapshot(view->head)) return;
  if (!layout())
    return misbehaved(CloseCode::kProtocolError, "the server sent a packed snapshot to who asked for none");
  const PlayerId viewer = match ? match->player : kNoPlayer;
  const auto unpacked = unpackers_[source_.slot].unpack(view->head.tick, viewer, view->frame);
  if (!unpacked) return misbehaved(CloseCode::kBadPayload, unpacked.error().reason);
  if (snapshot && view->head.tick <= newest_taken_) return;
  const BytesView bytes = body_.copy(*unpacked);
  if (!is_sound(view->head, bytes)) return;
  if (theirs_) return show_converted(view->head, bytes);
  show(view->head, bytes, body_);
}

bool ClientCore::Impl::is_sound(const protocol::SnapshotHead& head, BytesView world_bytes) {
  const auto good = theirs_ ? theirs_->check(world_bytes) : schema.check(world_table, world_bytes);
  if (!good) bad_snapshot(head, good.error().reason);
  return good.has_value();
}

void ClientCore::Impl::bad_snapshot(const protocol::SnapshotHead& head, std::string_view why) {
  misbehaved(CloseCode::kBadPayload,
             engine::error("the server sent a bad snapshot of tick {}: {}", head.tick, why).reason);
}

void ClientCore::Impl::show_converted(const protocol::SnapshotHead& head, BytesView world_bytes) {
  const auto converted = theirs_->convert(world_bytes);
  if (!converted) return bad_snapshot(head, converted.error().reason);
  const BytesView bytes = body_.copy(*converted);
  if (const auto good = schema.check(world_table, bytes); !good) return bad_snapshot(head, good.error().reason);
  show(head, bytes, body_);
}

void ClientCore::Impl::show(const protocol::SnapshotHead& head, BytesView bytes, protocol::AlignedBuffer& in) {
  measure(head);
  // The buffer that holds it becomes the kept one, and the last kept one the next to be filled: no copy of a world.
  std::swap(kept_, in);
  world = bytes;
  snapshot = SnapshotInfo{.tick = head.tick,
                          .action_sequence = head.action_sequence,
                          .action_tick = head.action_tick,
                          .slack = std::chrono::milliseconds(head.slack_ms),
                          .message_bytes = message_bytes_,
                          .arrived = now()};
  newest_taken_ = head.tick;
  ++stats.snapshots;
  ++stats.first_copies[source_.slot];
  on_snapshot(world, SnapshotInfo(*snapshot));
}

/// What the head says of our newest action: how much time it had, and so how long the way there and back took.
void ClientCore::Impl::measure(const protocol::SnapshotHead& head) {
  const auto* sent = clock_->find(head.action_sequence);
  if (!sent || sent->is_reported) return;
  const auto slack = std::chrono::milliseconds(head.slack_ms);
  const engine::Duration tick_length = engine::Duration(std::chrono::seconds(1)) / match->tick_hz;
  const auto ticks_at_server = static_cast<std::int64_t>(head.tick) - static_cast<std::int64_t>(sent->tick);
  rtt_->add(now() - sent->at - slack - ticks_at_server * tick_length);
  clock_->reported(head.action_sequence, slack, now());
}

void ClientCore::Impl::handle(const EventMessage& event) {
  stats.event_bytes += message_bytes_;
  if (!take_sequence(event.sequence)) return;
  Ack ack = make_ack(event.ack);
  if (event.name == protocol::kEndedEvent) {
    match_ended(event);
    return ack();
  }
  if (event.name == protocol::kLeftNamespaceEvent) {
    space_left(event);
    return ack();
  }
  dispatch(event, std::move(ack));
}

void ClientCore::Impl::space_left(const EventMessage& event) {
  const auto left = protocol::decode_namespace_left(protocol::aligned(event.body, body_));
  if (!left) return misbehaved(CloseCode::kBadPayload, "bad message from the server: " + left.error().reason);
  on_space_left(left->space, left->reason);
}

void ClientCore::Impl::dispatch(const EventMessage& event, Ack ack) {
  const EventInfo* info = schema.event_named(event.name);
  if (!info)
    return refuse_event(event.name, engine::error("there is no event '{}' in the schema", event.name).reason, ack);
  const BytesView bytes = protocol::aligned(event.body, body_);
  if (const auto good = schema.check(info->table, bytes); !good)
    return refuse_event(event.name, good.error().reason, ack);
  ++stats.events;
  on_any({.name = info->name, .table = info->table, .body = bytes});
  if (!has_session()) return;  // closed by on_any
  const auto taken = handlers.take(event.space, info->table);
  if (taken.handlers.empty()) return ack.fail("no handler for " + info->name);
  for (const auto& handler : taken.handlers) {
    Ack given = ack;
    (*handler)(bytes, given);
    if (!has_session()) return;  // closed by it
  }
  if (!taken.take_ack) ack();
}

void ClientCore::Impl::refuse_event(std::string_view event, const std::string& why, Ack& ack) {
  warn_once("ignoring '" + engine::printable_utf8(event) + "' from the server: " + why);
  ack.fail(why);
}

/// Why something that we sent without wanting an answer was not taken.
void ClientCore::Impl::refused(std::string_view why) {
  warn_once("the server refused: " + engine::printable_utf8(why));
}

void ClientCore::Impl::warn_once(std::string text) {
  if (warned_.size() > kWarningsMax || !warned_.insert(text).second) return;
  if (warned_.size() > kWarningsMax) text = "more complaints of other kinds are left out from here on";
  spdlog::warn("{}: {}", name, text);
}

void ClientCore::Impl::handle(const AckMessage& ack) {
  stats.event_bytes += message_bytes_;
  if (!take_sequence(ack.sequence)) return;
  if (ack.id == 0 && ack.error) return refused(*ack.error);
  const auto pending = replies_.take(ack.id);
  if (!pending) return;  // it came too late
  if (ack.error) return pending->handler(engine::Error{*ack.error});
  if (ack.table.empty()) return pending->handler(Reply());
  const BytesView bytes = protocol::aligned(ack.body, body_);
  if (pending->asker == Asker::kGame) {
    if (const auto good = schema.check(ack.table, bytes); !good) {
      return pending->handler(engine::error("the answer is bad: {}", good.error().reason));
    }
  }
  pending->handler(Reply(ack.table, bytes));
}

void ClientCore::Impl::handle(const protocol::Received& received) {
  stats.other_bytes += message_bytes_;
  take_acknowledged(received.received);
}

void ClientCore::Impl::handle(const protocol::ActionView& /*action*/) {
  misbehaved(CloseCode::kProtocolError, "the server sent an action");
}

bool ClientCore::Impl::take_sequence(std::uint32_t sequence) {
  switch (receiver_.take(sequence)) {
    case protocol::ReliableReceiver::Verdict::kNew:
      if (sequence != 0) ++reliables_untold_;
      return true;
    case protocol::ReliableReceiver::Verdict::kDuplicate:
      ++stats.duplicates;
      return false;
    case protocol::ReliableReceiver::Verdict::kGap:
      break;
  }
  auto gap = engine::error("message {} of the server came where {} was due", sequence, receiver_.received() + 1);
  warn_once("a connection is given up: " + gap.reason);  // another one may carry the session on, and nobody would know
  connections_.lose(source_.slot, std::move(gap.reason));
  return false;
}

/// We were away for so long, and so much happened, that the server has kept only the newest of its messages.
void ClientCore::Impl::take_missed(const protocol::Welcome& welcome) {
  const std::uint32_t missed = receiver_.skip_to(welcome.missed_through);
  if (missed == 0) return;
  stats.events_missed += missed;
  spdlog::warn("{}: {} events were missed while the connection was lost", name, missed);
}

bool ClientCore::Impl::take_acknowledged(std::uint32_t received) {
  if (send_queue_.acknowledge(received)) return true;
  misbehaved(CloseCode::kProtocolError,
             engine::error("the server says to have message {}, which it was never sent", received).reason);
  return false;
}

Ack ClientCore::Impl::make_ack(std::uint32_t id) {
  if (id == 0) return {};
  return Ack([this, alive = std::weak_ptr(alive_), session = session_count_, id](const Ack::Answer& answer) {
    if (!alive.expired() && session == session_count_) send_ack(id, answer);
  });
}

}  // namespace netcode
