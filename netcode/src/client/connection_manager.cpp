#include "client/connection_manager.hpp"

#include <utility>

#include "engine/core/assert.hpp"
#include "netcode/limits.hpp"

namespace netcode::client {

using transport::CloseCode;
using transport::CloseInfo;

namespace {

LinkSlot::Config slot_config(const ConnectionManager::Config& config, std::uint8_t number) {
  auto backoff = config.backoff;
  backoff.seed += number + 1U;  // so that the two do not come back at one instant
  return {.number = number, .reopens = config.reconnect, .backoff = backoff};
}

}  // namespace

ConnectionManager::ConnectionManager(const Config& config, transport::Connector& connector, Owner& owner)
    : config_(config),
      connector_(connector),
      loop_(connector.loop()),
      owner_(owner),
      backoff_(config.backoff),
      slots_{LinkSlot(slot_config(config, 0), connector, *this), LinkSlot(slot_config(config, 1), connector, *this)} {}

ConnectionManager::~ConnectionManager() { stop(CloseCode::kNormal, ""); }

// The whole session -------------------------------------------------------------------------------

void ConnectionManager::go() {
  drop_attempt();
  loop_.cancel(std::exchange(retry_timer_, {}));
  if (phase_ == Phase::kDown) phase_ = Phase::kOpening;
  attempt_ = std::make_shared<Link>(*this, loop_);
  const auto url = owner_.url();
  if (!url) return attempt_->fail(url.error().reason);
  attempt_->open(connector_, *url, owner_.subprotocols(), config_.connect_timeout);
}

ConnectionManager::Arrival ConnectionManager::welcome() {
  ENGINE_ASSERT(attempt_, "only an attempt is welcomed");
  const auto before = std::exchange(phase_, Phase::kUp);
  wants_twin_ = false;
  slots_[1].close(CloseCode::kGoingAway, "moved to another connection");
  slots_[0].put(std::exchange(attempt_, nullptr));
  up_since_ = loop_.now();
  if (before == Phase::kReconnecting) return Arrival::kReconnect;
  return before == Phase::kUp ? Arrival::kMove : Arrival::kFirst;
}

void ConnectionManager::drop_attempt() {
  if (!attempt_) return;
  gave_up_at_ = loop_.now();
  attempt_.reset();
}

void ConnectionManager::stop(CloseCode code, std::string_view reason) {
  phase_ = Phase::kDown;
  wants_twin_ = false;
  loop_.cancel(std::exchange(retry_timer_, {}));
  for (LinkSlot& slot : slots_) slot.close(code, reason);
  if (const auto open = std::exchange(attempt_, nullptr)) open->close(code, reason);
}

void ConnectionManager::cut() {
  for (LinkSlot& slot : slots_) slot.cut();
  if (attempt_) attempt_->cut();
}

void ConnectionManager::lose(std::uint8_t slot, std::string reason) { slots_[slot].lose(std::move(reason)); }

void ConnectionManager::on_link_message(Link& /*link*/, transport::MessageKind kind, BytesView bytes) {
  owner_.on_message({.slot = 0, .first = First::kOfSession}, kind, bytes);
}

void ConnectionManager::on_link_ended(Link& link, const CloseInfo& info) {
  if (&link != attempt_.get()) return;
  attempt_.reset();
  if (is_loss(info)) gave_up_at_ = loop_.now();
  attempt_failed(info);
}

void ConnectionManager::attempt_failed(const CloseInfo& info) {
  if (has_link()) return owner_.on_move_failed(words_of(info));
  switch (phase_) {
    case Phase::kReconnecting:
      if (is_loss(info) && config_.reconnect) return retry(words_of(info));
      return go_down(words_of(info), true);
    case Phase::kUp:
      return move_failed_without_link(info);
    default:
      return go_down(words_of(info), true);
  }
}

/// The old connection went first: for the sake of this attempt, or of one before it that was given up. Of that one the
/// server may have made a move, and the session is there, whatever is refused here.
void ConnectionManager::move_failed_without_link(const CloseInfo& info) {
  const std::string why(words_of(info));
  if (!is_loss(info) && !gave_up_lately()) {
    ++disconnects_;
    return go_down(why, true);
  }
  if (!is_loss(info)) owner_.on_move_failed(why);
  if (phase_ != Phase::kUp || attempt_) return;  // the owner has gone elsewhere
  ++disconnects_;
  reconnect(why);
}

void ConnectionManager::reconnect(std::string_view reason) {
  if (!config_.reconnect) return go_down(reason, false);
  const std::string why(reason);
  phase_ = Phase::kReconnecting;
  wants_twin_ = false;
  for (LinkSlot& slot : slots_) slot.drop();
  backoff_.lost(loop_.now(), loop_.now() - up_since_);
  owner_.on_lost(why);
  // The owner may have gone elsewhere; and an attempt that was a move is as good as any other.
  if (phase_ == Phase::kReconnecting && !attempt_) retry(why);
}

void ConnectionManager::retry(std::string_view reason) {
  const auto delay = backoff_.next(loop_.now());
  if (!delay) return go_down(engine::error("gave up reconnecting: {}", reason).reason, true);
  retry_timer_ = loop_.call_at(loop_.now() + *delay, [this] { go(); });
}

void ConnectionManager::go_down(std::string_view reason, bool refused) {
  const std::string why(reason);
  stop(CloseCode::kNormal, "");
  owner_.on_down(why, refused);
}

// Its slots ---------------------------------------------------------------------------------------

void ConnectionManager::open_twin() {
  if (!is_up() || !config_.reconnect) return;
  wants_twin_ = true;
  slots_[1].open();
}

void ConnectionManager::close_twin() {
  wants_twin_ = false;
  const bool carries_the_session = slots_[1].is_open() && !slots_[0].is_open();
  if (!carries_the_session) slots_[1].drop();  // without a word, which might be taken for the session's end
}

void ConnectionManager::on_slot_message(LinkSlot& slot, bool is_first, transport::MessageKind kind, BytesView bytes) {
  owner_.on_message({.slot = slot.number(), .first = is_first ? First::kOfSlot : First::kNo}, kind, bytes);
}

void ConnectionManager::on_slot_lost(LinkSlot& slot, const CloseInfo& info) {
  owner_.on_link_lost(slot.number(), words_of(info));
  const bool replaced = info.code == CloseCode::kReplaced && (attempt_ || gave_up_lately());
  if (!replaced && !is_loss(info)) {
    ++disconnects_;
    return go_down(words_of(info), false);
  }
  if (replaced && attempt_) return;  // by our own attempt, whose Welcome is on its way
  if (has_link()) return refill(slot, info);
  ++disconnects_;
  reconnect(words_of(info));
}

/// The other link lives: this one comes back if it is wanted, and nobody notices.
void ConnectionManager::refill(LinkSlot& slot, const CloseInfo& info) {
  if (info.code == CloseCode::kWithdrawn) {
    const std::string why(words_of(info));
    slot.open_at(loop_.now() + limits::kLinkRefusedFor);
    owner_.on_twin_refused(why);
  } else if (slot.number() == 0 || wants_twin_) {
    slot.reopen();
  }
}

void ConnectionManager::on_slot_refused(LinkSlot& slot, const CloseInfo& info) {
  const LinkSlot& twin = other(slot);
  const bool works = (slot.is_open() && !slot.is_silent()) || (twin.is_open() && !twin.is_silent());
  if (!works) {
    ++disconnects_;
    return go_down(words_of(info), true);
  }
  const std::string why(words_of(info));
  if (!slot.is_open()) slot.open_at(loop_.now() + limits::kLinkRefusedFor);
  if (!slot.is_open()) owner_.on_twin_refused(why);
}

}  // namespace netcode::client
