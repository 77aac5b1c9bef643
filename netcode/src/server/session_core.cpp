#include "server/session_core.hpp"

#include <algorithm>

#include "engine/core/assert.hpp"
#include "engine/core/utf8.hpp"
#include "netcode/limits.hpp"
#include "protocol/requests.hpp"
#include "server/door.hpp"
#include "server/match.hpp"
#include "server/server_core.hpp"
#include "server/shard.hpp"

namespace netcode {
namespace {

using transport::CloseCode;

/// Reliable messages handled before the client is told without being asked: it keeps them until then.
constexpr std::uint32_t kTellReceivedEvery = 32;

// A client that broke the protocol (or whose transport did) does not get its session back.
bool is_resumable(const transport::CloseInfo& info) { return info.code == CloseCode::kAbnormal; }

bool is_goodbye(const transport::CloseInfo& info) {
  return info.by_peer && (info.code == CloseCode::kNormal || info.code == CloseCode::kGoingAway);
}

}  // namespace

SessionCore::SessionCore(Shard& shard, Identity identity)
    : shard_(&shard),
      identity_(std::move(identity)),
      api_(*this),
      rate_tokens_(limits::kMessagesBurstMax),
      rate_at_(shard.now()),
      refused_at_(shard.now()) {}

// --- its links

SessionLink* SessionCore::attach(std::shared_ptr<transport::Connection> connection, std::uint32_t received) {
  drop_links();
  if (!outbox_.can_go_on_from(received) || !outbox_.acknowledge(received)) {
    turn_away(connection, CloseCode::kRefused, "too much was missed to resume: join again without the token");
    return nullptr;
  }
  told_received_ = receiver_.received();
  identity_.remote_address = connection->remote_address();
  return add_link(std::move(connection), 0, received);
}

SessionLink* SessionCore::add_link(std::shared_ptr<transport::Connection> connection, std::uint8_t slot,
                                   std::uint32_t received) {
  if (!outbox_.can_go_on_from(received)) {
    turn_away(connection, CloseCode::kRefused, "too much was missed for this connection: resume the session");
    return nullptr;
  }
  const bool is_newcomer = has_link(slot);
  const auto link = std::make_shared<SessionLink>(
      *this, outbox_, std::move(connection),
      SessionLink::Config{.slot = slot, .received = received, .is_newcomer = is_newcomer});
  if (!is_newcomer) {
    links_[slot] = link;
  } else {
    if (newcomers_.size() == limits::kNewcomersMax) newcomers_.erase(newcomers_.begin());
    newcomers_.push_back(link);
  }
  link->start();
  return link.get();
}

bool SessionCore::settle(SessionLink& newcomer) {
  const auto link = newcomer.shared_from_this();
  std::erase(newcomers_, link);
  if (!outbox_.can_go_on_from(link->written())) {
    link->close(CloseCode::kTryAgainLater, "too much happened since this connection was welcomed");
    return false;
  }
  const auto before = std::exchange(links_[link->slot()], link);
  if (before) before->close(CloseCode::kReplaced, "this session goes on over a newer connection");
  link->settle();
  return true;
}

template <class F>
void SessionCore::for_each_link(F work) const {
  for (const auto& link : links_)
    if (const auto kept = link) work(*kept);
}

void SessionCore::drop_links() {
  newcomers_.clear();
  for (auto& slot : links_) {
    const auto link = std::exchange(slot, nullptr);
    if (!link) continue;
    link->close(CloseCode::kReplaced, "this session goes on over a newer connection");
    lost_at_ = shard_->now();
  }
}

void SessionCore::withdraw_twin(std::string_view reason) {
  if (!links_[0] || !links_[1]) return;
  links_[1]->close(CloseCode::kWithdrawn, reason);
  links_[1] = nullptr;
}

void SessionCore::on_link_closed(SessionLink& link, const transport::CloseInfo& info) {
  const auto self = shared_from_this();
  const auto kept = link.shared_from_this();
  if (link.is_newcomer()) {
    std::erase(newcomers_, kept);
    return;
  }
  links_[link.slot()] = nullptr;
  const bool was_last = !links_[0] && !links_[1];
  if (was_last) lost_at_ = shard_->now();
  if (has_ended_) {
    if (was_last) shard_->let_go(*this);
    return;
  }
  // The second one may come and go; the session's end is what is said over the first, or over the last.
  if (is_resumable(info) || (link.slot() == 1 && !was_last && is_goodbye(info))) return;
  end(info.code, info.by_peer ? "left" : info.reason);
}

void SessionCore::end(transport::CloseCode code, std::string_view reason) {
  if (has_ended_) return;
  has_ended_ = true;
  const auto self = shared_from_this();
  shard_->forget(*this, reason);
  for (auto& [id, pending] : std::exchange(replies_, {}))
    pending.handler(engine::error("the session ended: {}", reason));
  newcomers_.clear();
  if (!links_[0] && !links_[1]) return;
  for_each_link([&](SessionLink& link) {
    link.flush();
    link.close(code, engine::utf8_prefix(reason, limits::kCloseReasonBytesMax));
  });
  shard_->keep_until_closed(self);
}

void SessionCore::sweep(engine::TimePoint now) {
  const auto self = shared_from_this();
  for (auto reply = replies_.begin(); reply != replies_.end();) {
    if (reply->second.deadline > now) {
      ++reply;
      continue;
    }
    const PendingReply late = std::move(reply->second);
    reply = replies_.erase(reply);
    late.handler(engine::error("timed out after {} ms", late.timeout.count()));
    if (has_ended_) return;
  }
  if (!is_connected()) {
    if (now - lost_at_ >= shard_->server().config().resume_window)
      end(CloseCode::kGoingAway, "the connection was lost and did not come back");
    return;
  }
  for_each_link([now](SessionLink& link) { link.sweep(now); });
  for (const auto& newcomer : std::vector(newcomers_)) newcomer->sweep(now);
  tell_received();
}

// --- what it is sent

void SessionCore::send_event(std::string_view space, std::string_view name, BytesView body, bool is_volatile) {
  if (has_ended_ || !is_in(space)) return;
  Bytes message = protocol::encode(
      protocol::EventMessage{.sequence = is_volatile ? 0U : 1U, .name = name, .space = space, .ack = 0, .body = body});
  if (!is_volatile) return send_reliable(std::move(message));
  for (const auto& link : links_)  // it has no number by which a second copy would be known
    if (link && link->writable()) return link->write(std::move(message));
}

void SessionCore::send_reliable(Bytes message) {
  if (has_ended_) return;
  if (!outbox_.push_reliable(std::move(message), written_by_all_links())) {
    // Not from inside the sender's loop over sessions: it ends on the next turn of the loop.
    shard_->loop().post([self = shared_from_this()] {
      self->end(CloseCode::kTryAgainLater, "too far behind: events came faster than this connection takes them");
    });
    return;
  }
  shard_->flush_later(*this);
}

void SessionCore::send_with_ack(std::string_view space, std::string_view name, BytesView body, ReplyHandler reply,
                                std::chrono::milliseconds timeout) {
  if (has_ended_) return reply(engine::error("the session has ended"));
  if (!is_in(space)) return reply(engine::error("the session is not in namespace {}", space));
  if (replies_.size() >= limits::kAcksPendingMax)
    return reply(engine::error("{} acks are pending, the limit", limits::kAcksPendingMax));
  const std::uint32_t id = next_ack_++;
  replies_[id] = {.handler = std::move(reply), .deadline = shard_->now() + timeout, .timeout = timeout};
  send_reliable(
      protocol::encode(protocol::EventMessage{.sequence = 1, .name = name, .space = space, .ack = id, .body = body}));
}

std::uint32_t SessionCore::written_by_all_links() const {
  std::uint32_t least = outbox_.sent();
  for_each_link([&least](const SessionLink& link) { least = std::min(least, link.written()); });
  return least;
}

void SessionCore::offer_snapshot(Tick tick, SnapshotPtr snapshot) {
  if (!is_connected()) return;
  offered_progress_ = match_ && player_ != kNoPlayer ? match_->progress(player_) : ActionInbox::Progress{};
  for_each_link([&](SessionLink& link) { link.offer_snapshot(tick, snapshot); });
  flush();
}

void SessionCore::flush() {
  for_each_link([](SessionLink& link) { link.flush(); });
}

protocol::SnapshotHead SessionCore::snapshot_head(Tick tick) {
  told_received_ = receiver_.received();
  protocol::SnapshotHead head{.tick = tick, .received = receiver_.received()};
  head.action_sequence = offered_progress_.sequence;
  head.action_tick = offered_progress_.tick;
  const auto slack_ms = std::chrono::duration_cast<std::chrono::milliseconds>(offered_progress_.slack).count();
  head.slack_ms = static_cast<std::int16_t>(std::clamp<std::int64_t>(slack_ms, INT16_MIN, INT16_MAX));
  return head;
}

void SessionCore::count_snapshot(std::size_t bytes) {
  ServerStats& stats = shard_->stats();
  ++stats.snapshots;
  stats.snapshot_bytes += bytes;
}

void SessionCore::tell_received() {
  if (told_received_ == receiver_.received()) return;
  for_each_link([this](SessionLink& link) {
    if (!link.writable()) return;
    told_received_ = receiver_.received();
    link.write(protocol::encode(protocol::Received{.snapshot_tick = 0, .received = told_received_}));
  });
}

// --- where it is

void SessionCore::enter_match(LiveMatch& match, PlayerId player) {
  ENGINE_ASSERT(!match_);
  match_ = &match;
  player_ = player;
}

void SessionCore::exit_match() {
  match_ = nullptr;
  player_ = kNoPlayer;
  for_each_link([](SessionLink& link) { link.clear_snapshot(); });
}

// --- what it sends

void SessionCore::on_link_message(SessionLink& link, transport::MessageKind kind, BytesView bytes) {
  if (has_ended_) return;
  const auto self = shared_from_this();
  if (link.is_newcomer() && !settle(link)) return;
  if (!within_rate(shard_->now())) return end(CloseCode::kPolicy, "too many messages: slow down");
  if (kind != transport::MessageKind::kBinary)
    return end(CloseCode::kUnsupportedData, "messages of scrim.v1 are binary FlatBuffers, this one was text");
  auto message = protocol::decode(shard_->message_buffer().copy(bytes));
  if (!message) return end(CloseCode::kBadPayload, message.error().reason);
  std::visit([this](const auto& any) { handle(any); }, *message);
}

bool SessionCore::within_rate(engine::TimePoint now) {
  const double elapsed_s = std::chrono::duration<double>(now - rate_at_).count();
  rate_at_ = now;
  rate_tokens_ = std::min<double>(limits::kMessagesBurstMax, rate_tokens_ + elapsed_s * limits::kMessagesPerSecondMax);
  if (rate_tokens_ < 1) return false;
  rate_tokens_ -= 1;
  return true;
}

template <class T>
void SessionCore::handle(const T&) {
  end(CloseCode::kProtocolError, "only a server sends this message");
}

bool SessionCore::take_acknowledged(std::uint32_t received, const std::array<Tick, 2>& snapshot_ticks) {
  if (!outbox_.acknowledge(received)) {
    end(CloseCode::kProtocolError, "acknowledged a message that was never sent");
    return false;
  }
  for_each_link([&](SessionLink& link) { link.acknowledge_snapshot(snapshot_ticks[link.slot()]); });
  return true;
}

void SessionCore::handle(const protocol::Received& received) {
  if (take_acknowledged(received.received, {received.snapshot_tick, received.twin_snapshot_tick})) flush();
}

void SessionCore::handle(const protocol::ActionView& action) {
  if (!take_acknowledged(action.received, {action.snapshot_tick, action.twin_snapshot_tick})) return;
  Ack nobody;
  if (!match_ || player_ == kNoPlayer) return refuse(nobody, "actions are for players, and this session has no seat");
  if (auto ok = match_->take_action(player_, action); !ok) return refuse(nobody, ok.error().reason);
  flush();
}

bool SessionCore::take_sequence(std::uint32_t sequence) {
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

void SessionCore::handle(const protocol::EventMessage& event) {
  if (!take_sequence(event.sequence)) return;
  ++shard_->stats().events;
  dispatch_event(event, make_ack(event.ack));
  if (!has_ended_ && receiver_.received() - told_received_ >= kTellReceivedEvery) tell_received();
}

void SessionCore::dispatch_event(const protocol::EventMessage& event, Ack ack) {
  const BytesView body = protocol::aligned(event.body, shard_->body_buffer());
  if (event.name.starts_with(protocol::kReservedPrefix)) {
    if (auto ok = shard_->handle_request(*this, event.name, body, ack); !ok) refuse(ack, ok.error().reason);
    return;
  }
  if (!is_in(event.space)) return refuse(ack, "not in namespace " + std::string(event.space));
  NamespaceCore* space = shard_->server().find_space(event.space);
  ENGINE_ASSERT(space, "a session is only in namespaces that are there");

  const auto [schema, info] = shard_->server().find_event(match_, event.name);
  if (!info) return refuse(ack, "no event is called " + std::string(event.name));
  if (auto ok = schema->check(info->table, body); !ok) return refuse(ack, info->name + ": " + ok.error().reason);

  const EventView view{.name = info->name, .table = info->table, .body = body};
  for (const auto& handler : space->table()->on_any) {
    handler(api_, view);
    if (has_ended_) return;
  }
  if (info->is_input) {
    if (!match_ || player_ == kNoPlayer)
      return refuse(ack, info->name + " is for players, and this session has no seat");
    if (!match_->post(player_, info->table, body)) return refuse(ack, info->name + ": too many at once");
    ack();
    return;
  }
  if (const auto handler = space->take_handler(info->table)) return (*handler)(api_, body, std::move(ack));
  refuse(ack, "nobody here handles " + info->name);
}

Ack SessionCore::make_ack(std::uint32_t id) {
  if (id == 0) return Ack();
  const auto send = [id](SessionCore& session, const Ack::Answer& answer) {
    session.send_reliable(protocol::encode(protocol::AckMessage{
        .sequence = 1,
        .id = id,
        .error = answer.error.empty() ? std::nullopt : std::optional<std::string_view>(answer.error),
        .table = answer.table,
        .body = answer.body}));
  };
  return Ack([weak = weak_from_this(), send](const Ack::Answer& answer) {
    if (const auto session = weak.lock()) send(*session, answer);
  });
}

void SessionCore::refuse(Ack& ack, std::string reason) {
  ++shard_->stats().refusals;
  const engine::TimePoint now = shard_->now();
  const double forgiven = std::chrono::duration<double>(now - std::exchange(refused_at_, now)).count();
  refusals_ = std::max(0.0, refusals_ - forgiven) + 1;
  if (refusals_ > limits::kRefusalsMax) return end(CloseCode::kPolicy, "refused too often, at last: " + reason);
  if (ack.is_wanted()) return ack.fail(std::move(reason));
  // An Ack of id 0 answers nothing that was asked: it says why something sent without an ack was not taken.
  send_reliable(protocol::encode(
      protocol::AckMessage{.sequence = 1, .id = 0, .error = std::string_view(reason), .table = {}, .body = {}}));
}

void SessionCore::handle(const protocol::AckMessage& ack) {
  if (!take_sequence(ack.sequence)) return;
  const auto reply = replies_.find(ack.id);
  if (reply == replies_.end()) return;  // timed out meanwhile
  const ReplyHandler handler = std::move(reply->second.handler);
  replies_.erase(reply);
  if (ack.error) return handler(engine::error("{}", *ack.error));
  if (ack.table.empty()) return handler(Reply());
  const BytesView body = protocol::aligned(ack.body, shard_->body_buffer());
  const Schema* schema = shard_->server().find_schema(match_, ack.table);
  if (!schema) return handler(engine::error("answered with an unknown table, {}", ack.table));
  if (auto ok = schema->check(ack.table, body); !ok) return handler(ok.error());
  handler(Reply(ack.table, body));
}

}  // namespace netcode
