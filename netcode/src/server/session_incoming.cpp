// SessionCore: what its client says.
#include <algorithm>

#include "engine/core/assert.hpp"
#include "netcode/json.hpp"
#include "netcode/limits.hpp"
#include "protocol/requests.hpp"
#include "server/guarded.hpp"
#include "server/live_match.hpp"
#include "server/server_core.hpp"
#include "server/session_core.hpp"
#include "server/shard.hpp"
#include "server/socketio_form.hpp"

namespace netcode {
namespace {

using transport::CloseCode;

/// Reliable messages handled before the client is told without being asked: it keeps them until then.
constexpr std::uint32_t kTellReceivedEvery = 32;
/// A client says what it has once a second, so by then it may as well not say it at all.
constexpr std::chrono::seconds kWordOfReceivedFor{5};

}  // namespace

bool SessionCore::begin_message(SessionLink& link) {
  if (has_ended_ || (link.is_candidate() && !settle(link))) return false;
  if (messages_.take(1, shard_->now())) return true;
  end(CloseCode::kPolicy, "too many messages: slow down");
  return false;
}

bool SessionCore::take_acknowledged(std::uint32_t received, const std::array<Tick, 2>& snapshot_ticks) {
  if (!outbox_.acknowledge(received)) {
    end(CloseCode::kProtocolError, "acknowledged a message that was never sent");
    return false;
  }
  if (received > 0) said_received_at_ = shard_->now();
  for_each_link([&](SessionLink& link) { link.acknowledge_snapshot(snapshot_ticks[link.slot()]); });
  return true;
}

bool SessionCore::is_known_by_pongs() const {
  return !said_received_at_ || shard_->now() - *said_received_at_ > kWordOfReceivedFor;
}

void SessionCore::on_read(std::uint32_t sequence) {
  if (is_known_by_pongs() && !has_ended_) ENGINE_ASSERT(outbox_.acknowledge(sequence));
}

void SessionCore::take(const protocol::Received& received) {
  if (take_acknowledged(received.received, {received.snapshot_tick, received.twin_snapshot_tick})) flush();
}

void SessionCore::take(const protocol::ActionView& action, std::uint32_t ack) {
  if (!take_acknowledged(action.received, {action.snapshot_tick, action.twin_snapshot_tick})) return;
  Ack answer = make_ack(ack);
  if (!match_ || player_ == kNoPlayer) return refuse(answer, "actions are for players, and this session has no seat");
  const std::size_t copies = links_[0] && links_[1] ? 2 : 1;  // over each of two links, of which one is taken
  if (!may_record(action.body.size() / copies)) return refuse(answer, "too many bytes of actions to be recorded");
  if (auto ok = match_->take_action(player_, action); !ok) return refuse(answer, ok.error().reason);
  answer();
  flush();
}

bool SessionCore::take_sequence(std::uint32_t sequence) {
  outbox_.hold(open_interval(), receiver_.received());
  switch (receiver_.take(sequence)) {
    case protocol::ReliableReceiver::Verdict::kNew:
      return true;
    case protocol::ReliableReceiver::Verdict::kDuplicate:
      return false;
    case protocol::ReliableReceiver::Verdict::kGap:
      end(CloseCode::kProtocolError,
          "message " + std::to_string(sequence) + " came after message " + std::to_string(receiver_.received()));
      return false;
  }
  return false;
}

void SessionCore::take(const protocol::EventMessage& event) {
  if (!take_sequence(event.sequence)) return;
  ++shard_->stats().events;
  dispatch_event(event, make_ack(event.ack));
  if (!has_ended_ && receiver_.received() - told_received_ >= kTellReceivedEvery) tell_received();
}

void SessionCore::dispatch_event(const protocol::EventMessage& event, Ack ack) {
  const BytesView body = protocol::aligned(event.body, shard_->body_buffer());
  const Shard::Speaking speaking(*shard_, fan_out_);
  if (event.name.starts_with(protocol::kReservedPrefix)) {
    // How many matches one may create is the directory's to say.
    if (event.name != protocol::kCreateEvent && !requests_.take(1, shard_->now()))
      return refuse(ack, "too many requests: wait a little");
    if (auto ok = shard_->handle_request(*this, event.name, body, ack); !ok) refuse(ack, ok.error().reason);
    return;
  }
  if (!fan_out_->may_speak(shard_->now()))
    return refuse(ack, "this session's events go to others faster than they may: wait a little");
  if (!is_in(event.space)) return refuse(ack, "not in namespace " + std::string(event.space));
  NamespaceCore* space = shard_->server().find_space(event.space);
  ENGINE_ASSERT(space, "a session is only in namespaces that are there");

  const auto [schema, info] = shard_->server().find_event(match_, event.name);
  if (!info) return refuse(ack, "no event is called " + std::string(event.name));
  if (info->is_input && !info->is_of_clients) return refuse(ack, info->name + " is for the server alone to post");
  if (auto ok = schema->check(info->table, body); !ok) return refuse(ack, info->name + ": " + ok.error().reason);

  const EventView view{.name = info->name, .table = info->table, .body = body};
  if (!space->tell_any(*this, view, ack)) return;
  if (info->is_input) return dispatch_input(*info, body, ack);
  if (!space->handle(*this, view, ack)) refuse(ack, "nobody here handles " + info->name);
}

void SessionCore::dispatch_input(const EventInfo& info, BytesView body, Ack& ack) {
  if (!match_ || player_ == kNoPlayer) return refuse(ack, info.name + " is for players, and this session has no seat");
  if (body.size() > limits::kInputBytesMax)
    return refuse(
        ack, engine::error("{} of {} bytes, {} is the limit", info.name, body.size(), limits::kInputBytesMax).reason);
  if (!may_record(body.size())) return refuse(ack, info.name + ": too many bytes to be recorded, wait a little");
  if (auto posted = match_->post(player_, info.table, body, ack); !posted) refuse(ack, posted.error().reason);
}

bool SessionCore::may_record(std::size_t bytes) {
  return recorded_.take(static_cast<double>(bytes + limits::kRecordedOverheadBytes), shard_->now());
}

void SessionCore::refuse(Ack& ack, std::string reason) {
  SessionLog::refused_message(*this, reason);
  ++shard_->stats().refusals;
  const engine::TimePoint now = shard_->now();
  const double forgiven = std::chrono::duration<double>(now - std::exchange(refused_at_, now)).count();
  refusals_ = std::max(0.0, refusals_ - forgiven) + 1;
  if (refusals_ > limits::kRefusalsMax) return end(CloseCode::kPolicy, "refused too often, at last: " + reason);
  if (ack.is_wanted()) return ack.fail(std::move(reason));
  if (speaks_json()) {
    const JsonArguments error{error_json(kRefusedCode, said_.name, "", reason)};
    return send_reliable({.event = std::make_shared<const SharedEvent>(json_form("event_error", said_.space, error),
                                                                       shard_->server().event_totals())});
  }
  // An Ack of id 0 answers nothing that was asked: it says why something sent without an ack was not taken.
  send_answer(0, {.error = std::move(reason), .table = {}, .body = {}});
}

void SessionCore::take(const protocol::AckMessage& ack) {
  if (!take_sequence(ack.sequence)) return;
  const Shard::Speaking speaking(*shard_, fan_out_);
  const auto reply = replies_.find(ack.id);
  if (reply == replies_.end()) return;  // timed out meanwhile
  const ReplyHandler handler = std::move(reply->second.handler);
  replies_.erase(reply);
  if (ack.error) return give_reply(handler, engine::error("{}", *ack.error));
  if (ack.table.empty()) return give_reply(handler, Reply());
  const BytesView body = protocol::aligned(ack.body, shard_->body_buffer());
  const Schema* schema = shard_->server().find_schema(match_, ack.table);
  if (!schema) return give_reply(handler, engine::error("answered with an unknown table, {}", ack.table));
  if (auto ok = schema->check(ack.table, body); !ok) return give_reply(handler, ok.error());
  give_reply(handler, Reply(ack.table, body));
}

}  // namespace netcode
