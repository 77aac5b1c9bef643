// SessionCore: what a session is sent.
#include <algorithm>
#include <memory>

#include "engine/core/utf8.hpp"
#include "netcode/limits.hpp"
#include "server/guarded.hpp"
#include "server/live_match.hpp"
#include "server/server_core.hpp"
#include "server/session_core.hpp"
#include "server/shard.hpp"
#include "server/socketio_form.hpp"
#include "socketio/packet.hpp"

namespace netcode {

void SessionCore::send_event(std::string_view space, const SharedEventPtr& event, bool is_volatile, Cause cause) {
  if (has_ended_ || !is_in(space) || (event->is_json() && !speaks_json())) return;
  if (!is_volatile) return send_reliable({.event = event}, cause);
  forget_released();
  const IntervalPtr open = match_ ? match_->audience().open_interval() : nullptr;
  if (left_in_.size() + (open ? 1 : 0) > 1) return;  // nothing that is volatile waits for two matches
  const IntervalPtr held_by = open || left_in_.empty() ? open : left_in_.back();
  for (const auto& link : links_) {  // it has no number by which a second copy would be known
    if (!link || !link->is_writable()) continue;
    link->push_volatile(event, held_by);
    return shard_->flush_later(*this);
  }
}

IntervalPtr SessionCore::open_interval() const { return match_ ? match_->audience().open_interval() : nullptr; }

void SessionCore::forget_released() {
  std::erase_if(left_in_, [](const IntervalPtr& left) { return left->is_released(); });
}

void SessionCore::send_reliable(OutgoingEvent event, Cause cause) {
  if (has_ended_) return;
  outbox_.hold(open_interval(), receiver_.received());
  Outbox::Client client{.written = written_by_all_links(), .is_away = !is_connected()};
  for_each_link([&client](const SessionLink& link) { client.is_stalled = client.is_stalled || link.is_stalled(); });
  switch (outbox_.push(std::move(event), cause, client)) {
    case Outbox::Push::kKept:
      return shard_->flush_later(*this);
    case Outbox::Push::kMissed:
      ++shard_->stats().events_missed;
      return;
    case Outbox::Push::kFull:
      break;
  }
  // Not from inside the sender's loop over sessions: it ends on the next turn of the loop it is on by then.
  shard_->server().routes().to_session_later(identity_.id, [](SessionCore& session) {
    session.end(transport::CloseCode::kTryAgainLater,
                "too far behind: events came faster than this connection takes them");
  });
}

void SessionCore::send_with_ack(std::string_view space, std::string_view table, BytesView body, ReplyHandler reply,
                                std::chrono::milliseconds timeout) {
  const auto event = shard_->server().make_emitted(table, space, body);
  if (!event) return give_reply(reply, event.error());
  ask_client(space, *event, std::move(reply), timeout, false);
}

void SessionCore::ask_client(std::string_view space, const SharedEventPtr& event, ReplyHandler reply,
                             std::chrono::milliseconds timeout, bool is_json, Cause cause) {
  if (has_ended_) return give_reply(reply, engine::error("the session has ended"));
  if (!is_in(space)) return give_reply(reply, engine::error("the session is not in namespace {}", space));
  if (replies_.size() >= limits::kAcksPendingMax)
    return give_reply(reply, engine::error("{} acks are pending, the limit", limits::kAcksPendingMax));
  const std::uint32_t id = next_ack_++;
  replies_[id] = {
      .handler = std::move(reply), .deadline = shard_->now() + timeout, .timeout = timeout, .is_json = is_json};
  send_reliable({.event = event, .ack = id}, cause);
}

Ack SessionCore::make_ack(std::uint32_t id) {
  if (id == 0) return Ack();
  return Ack([routes = shard_->server().routes().weak_from_this(), session = identity_.id, id](Ack::Answer answer) {
    const auto way = routes.lock();
    if (!way) return;  // the server is gone
    way->to_session(session, [id, answer = std::move(answer)](SessionCore& asker) { asker.send_answer(id, answer); });
  });
}

void SessionCore::send_answer(std::uint32_t id, Ack::Answer answer) {
  const auto encoded = [&](const Ack::Answer& from) {
    const auto error = from.error.empty() ? std::nullopt : std::optional<std::string_view>(from.error);
    return std::make_shared<const SharedEvent>(
        protocol::AckMessage{.id = id, .error = error, .table = from.table, .body = from.body},
        shard_->server().event_totals());
  };
  if (answer.json && answer.error.empty() && speaks_json() &&
      answer.json->attachments.size() <= socketio::kAttachmentsMax) {
    auto message =
        std::make_shared<const SharedEvent>(json_answer_form(id, *answer.json), shard_->server().event_totals());
    if (message->size() <= json_bytes_max(shard_->server().config()))
      return send_reliable({.event = std::move(message)});
    answer.error = "the answer is too large";
  }
  if (answer.error.empty() && !answer.table.empty())
    if (auto fits = shard_->server().check_answer(match_, answer.table, answer.body); !fits)
      answer = {.error = fmt::format("the answer cannot be sent: {}", fits.error().reason), .table = {}, .body = {}};
  if (!engine::is_utf8(answer.error)) answer.error = engine::printable_utf8(answer.error);
  answer.error.resize(engine::utf8_prefix(answer.error, protocol::kAckErrorBytesMax).size());
  SharedEventPtr message = encoded(answer);
  if (message->size() > limits::kEventBytesMax) {
    const auto why =
        engine::error("the answer of {} bytes is too large, {} is the limit", message->size(), limits::kEventBytesMax);
    message = encoded({.error = why.reason, .table = {}, .body = {}});
  }
  send_reliable({.event = std::move(message)});
}

std::uint32_t SessionCore::written_by_all_links() const {
  std::uint32_t least = outbox_.sent();
  for_each_link([&least](const SessionLink& link) { least = std::min(least, link.written()); });
  return least;
}

void SessionCore::offer_frame(const FrameView& frame) {
  if (!is_connected()) return;
  ShardStats& stats = shard_->stats();
  for_each_link([&](SessionLink& link) { stats.snapshots_dropped += link.offer_frame(frame) ? 1U : 0U; });
  flush();
}

void SessionCore::flush() {
  for_each_link([](SessionLink& link) { link.flush(); });
  if (!goodbye_ || outbox_.is_held()) return;
  const Goodbye due = *goodbye_;
  say_goodbye(due.code, due.reason);
}

void SessionCore::count_snapshot(std::size_t bytes, bool is_new) {
  ShardStats& stats = shard_->stats();
  ++stats.snapshots;
  stats.snapshot_bytes += bytes;
  stats.snapshots_encoded += is_new ? 1U : 0U;
}

void SessionCore::tell_received() {
  if (told_received_ == received()) return;
  for_each_link([this](SessionLink& link) {
    if (link.is_writable()) link.tell_received(tell_received_now());
  });
}

}  // namespace netcode
