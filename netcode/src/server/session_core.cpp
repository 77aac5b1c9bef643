#include "server/session_core.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "engine/core/assert.hpp"
#include "engine/core/utf8.hpp"
#include "netcode/limits.hpp"
#include "protocol/requests.hpp"
#include "server/door.hpp"
#include "server/guarded.hpp"
#include "server/live_match.hpp"
#include "server/server_core.hpp"
#include "server/shard.hpp"

namespace netcode {
namespace {

using transport::CloseCode;

/// Reliable messages handled before the client is told without being asked: it keeps them until then.
constexpr std::uint32_t kTellReceivedEvery = 32;
/// A client says what it has once a second, so by then it may as well not say it at all.
constexpr std::chrono::seconds kWordOfReceivedFor{5};

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
      outbox_(Outbox::Bounds::over(shard.server().config().resume_window), shard.server().event_memory()),
      messages_(limits::kMessagesPerSecondMax, limits::kMessagesBurstMax, shard.now()),
      requests_(limits::kRequestsPerSecondMax, limits::kRequestsBurstMax, shard.now()),
      recorded_(limits::kRecordedBytesPerSecondMax, limits::kRecordedBurstBytesMax, shard.now()),
      fan_out_(std::make_shared<FanOut>(shard.now())),
      refused_at_(shard.now()) {}

// --- its links

SessionLink* SessionCore::attach(std::shared_ptr<transport::Connection> connection, std::uint32_t received) {
  drop_links();
  if (!outbox_.acknowledge(received)) {
    shard_->turn_away(connection, CloseCode::kRefused, "more was received than was sent: join again without the token");
    return nullptr;
  }
  told_received_ = receiver_.received();
  identity_.remote_address = connection->remote_address();
  return add_link(std::move(connection), 0, received);
}

SessionLink* SessionCore::add_link(std::shared_ptr<transport::Connection> connection, std::uint8_t slot,
                                   std::uint32_t received) {
  if (!is_connected()) received = std::max(received, outbox_.forgotten());  // Welcome says what was missed
  if (!outbox_.can_go_on_from(received)) {
    shard_->turn_away(connection, CloseCode::kRefused, "too much was missed for this connection: resume the session");
    return nullptr;
  }
  if (!is_connected()) shard_->note_back(*this);
  const bool is_candidate = has_link(slot);
  const auto link = std::make_shared<SessionLink>(
      *this, outbox_, std::move(connection),
      SessionLink::Config{.slot = slot, .received = received, .is_candidate = is_candidate});
  if (!is_candidate) {
    links_[slot] = link;
  } else {
    if (candidates_.size() == limits::kCandidateLinksMax) candidates_.erase(candidates_.begin());
    candidates_.push_back(link);
  }
  link->start();
  return link.get();
}

bool SessionCore::settle(SessionLink& candidate) {
  const auto link = candidate.shared_from_this();
  std::erase(candidates_, link);
  if (!outbox_.can_go_on_from(link->written())) {
    link->close(CloseCode::kTryAgainLater, "too much happened since this connection was welcomed");
    return false;
  }
  const auto before = std::exchange(links_[link->slot()], link);
  if (before) before->close(CloseCode::kReplaced, "this session goes on over a newer connection");
  link->settle();
  return true;
}

void SessionCore::drop_links() {
  candidates_.clear();
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
  if (link.is_candidate()) {
    std::erase(candidates_, kept);
    return;
  }
  links_[link.slot()] = nullptr;
  const bool was_last = !links_[0] && !links_[1];
  if (was_last) lost_at_ = shard_->now();
  if (has_ended_) {
    if (was_last) shard_->let_go(*this);
    return;
  }
  if (is_resumable(info) && was_last) shard_->note_away(*this);
  // The second one may come and go; the session's end is what is said over the first, or over the last.
  if (was_last && is_resumable(info)) shard_->log().lost(*this, info, shard_->now());
  if (is_resumable(info) || (link.slot() == 1 && !was_last && is_goodbye(info))) return;
  end(info.code, info.by_peer ? "left" : info.reason);
}

void SessionCore::end(transport::CloseCode code, std::string_view reason) {
  if (has_ended_) return;
  has_ended_ = true;
  const auto self = shared_from_this();
  shard_->log().closed(*this, code, reason, shard_->now());
  shard_->forget(*this, reason);
  for (auto& [id, pending] : std::exchange(replies_, {}))
    give_reply(pending.handler, engine::error("the session ended: {}", reason));
  candidates_.clear();
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
    give_reply(late.handler, engine::error("timed out after {} ms", late.timeout.count()));
    if (has_ended_) return;
  }
  if (!is_connected()) {
    if (now - lost_at_ >= shard_->server().config().resume_window)
      end(CloseCode::kGoingAway, "the connection was lost and did not come back");
    return;
  }
  for_each_link([now](SessionLink& link) { link.sweep(now); });
  for (const auto& candidate : std::vector(candidates_)) candidate->sweep(now);
  tell_received();
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
  if (link.is_candidate() && !settle(link)) return;
  if (!messages_.take(1, shard_->now())) return end(CloseCode::kPolicy, "too many messages: slow down");
  if (kind != transport::MessageKind::kBinary)
    return end(CloseCode::kUnsupportedData, "messages of scrim.v1 are binary FlatBuffers, this one was text");
  auto message = protocol::decode(shard_->message_buffer().copy(bytes));
  if (!message) return end(CloseCode::kBadPayload, message.error().reason);
  std::visit([this](const auto& any) { handle(any); }, *message);
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

void SessionCore::handle(const protocol::Received& received) {
  if (take_acknowledged(received.received, {received.snapshot_tick, received.twin_snapshot_tick})) flush();
}

void SessionCore::handle(const protocol::ActionView& action) {
  if (!take_acknowledged(action.received, {action.snapshot_tick, action.twin_snapshot_tick})) return;
  Ack nobody;
  if (!match_ || player_ == kNoPlayer) return refuse(nobody, "actions are for players, and this session has no seat");
  const std::size_t copies = links_[0] && links_[1] ? 2 : 1;  // over each of two links, of which one is taken
  if (!may_record(action.body.size() / copies)) return refuse(nobody, "too many bytes of actions to be recorded");
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
  if (auto posted = match_->post(player_, info.table, body); !posted) return refuse(ack, posted.error().reason);
  ack();
}

bool SessionCore::may_record(std::size_t bytes) {
  return recorded_.take(static_cast<double>(bytes + limits::kRecordedOverheadBytes), shard_->now());
}

void SessionCore::refuse(Ack& ack, std::string reason) {
  spdlog::debug("session {}: refused: {}", identity_.id.value, engine::printable_utf8(reason));
  ++shard_->stats().refusals;
  const engine::TimePoint now = shard_->now();
  const double forgiven = std::chrono::duration<double>(now - std::exchange(refused_at_, now)).count();
  refusals_ = std::max(0.0, refusals_ - forgiven) + 1;
  if (refusals_ > limits::kRefusalsMax) return end(CloseCode::kPolicy, "refused too often, at last: " + reason);
  if (ack.is_wanted()) return ack.fail(std::move(reason));
  // An Ack of id 0 answers nothing that was asked: it says why something sent without an ack was not taken.
  send_answer(0, {.error = std::move(reason), .table = {}, .body = {}});
}

void SessionCore::handle(const protocol::AckMessage& ack) {
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
