#include "client/keeper.hpp"

#include <utility>

#include "engine/core/assert.hpp"
#include "netcode/limits.hpp"

namespace netcode::client {

using transport::CloseCode;
using transport::CloseInfo;

namespace {

/// Anything else is the server's word, and final.
bool is_loss(const CloseInfo& info) { return info.code == CloseCode::kAbnormal; }

std::string_view words(const CloseInfo& info) {
  if (!info.reason.empty()) return info.reason;
  switch (info.code) {
    case CloseCode::kAbnormal:
      return "the connection was lost";
    case CloseCode::kGoingAway:
      return "the server is going away";
    case CloseCode::kReplaced:
      return "replaced by another connection";
    case CloseCode::kKicked:
      return "kicked";
    default:
      return "closed by the server";
  }
}

}  // namespace

Keeper::Keeper(const Config& config, transport::Connector& connector, Owner& owner)
    : config_(config), connector_(connector), loop_(connector.loop()), owner_(owner), backoff_(config.backoff) {}

Keeper::~Keeper() { stop(CloseCode::kNormal, ""); }

void Keeper::go() {
  drop_attempt();
  loop_.cancel(std::exchange(retry_timer_, {}));
  if (phase_ == Phase::kDown) phase_ = Phase::kOpening;
  attempt_ = std::make_shared<Link>(*this, loop_);
  const auto url = owner_.url();
  if (!url) return attempt_->fail(url.error().reason);
  attempt_->open(connector_, *url, config_.connect_timeout);
}

Keeper::Arrival Keeper::welcome() {
  ENGINE_ASSERT(attempt_, "only an attempt is welcomed");
  const auto before = std::exchange(phase_, Phase::kUp);
  if (link_) link_->close(CloseCode::kGoingAway, "moved to another connection");
  link_ = std::exchange(attempt_, nullptr);
  link_->established();
  attempt_was_dropped_ = false;
  up_since_ = heard_at_ = loop_.now();
  heard_bytes_ = 0;
  loop_.cancel(silence_timer_);
  listen_for_silence();
  if (before == Phase::kReconnecting) return Arrival::kReconnect;
  return before == Phase::kUp ? Arrival::kMove : Arrival::kFirst;
}

void Keeper::drop_attempt() {
  if (!attempt_) return;
  attempt_was_dropped_ = true;
  attempt_.reset();
}

void Keeper::stop(CloseCode code, std::string_view reason) {
  phase_ = Phase::kDown;
  loop_.cancel(std::exchange(retry_timer_, {}));
  loop_.cancel(std::exchange(silence_timer_, {}));
  for (auto* link : {&link_, &attempt_}) {
    if (const auto open = std::exchange(*link, nullptr)) open->close(code, reason);
  }
}

void Keeper::cut() {
  for (const auto& link : {link_, attempt_}) {
    if (link) link->cut();
  }
}

void Keeper::lose(std::string_view reason) {
  ENGINE_ASSERT(link_, "only what is up can be lost");
  link_ended({CloseCode::kAbnormal, std::string(reason), false});
}

void Keeper::on_link_message(Link& link, transport::MessageKind kind, BytesView bytes) {
  owner_.on_message(&link == attempt_.get(), kind, bytes);
}

void Keeper::on_link_writable(Link& link) {
  if (&link == link_.get()) owner_.on_writable();
}

void Keeper::on_link_ended(Link& link, const CloseInfo& info) {
  if (&link == attempt_.get()) {
    attempt_.reset();
    attempt_failed(info);
  } else if (&link == link_.get()) {
    link_ended(info);
  }
}

void Keeper::attempt_failed(const CloseInfo& info) {
  if (link_) return owner_.on_move_failed(words(info));
  switch (phase_) {
    case Phase::kReconnecting:
      if (is_loss(info) && config_.reconnect) return retry(words(info));
      return go_down(words(info), true);
    case Phase::kUp:  // the old connection went first, for the sake of this one
      ++disconnects_;
      if (is_loss(info)) return reconnect(words(info));
      return go_down(words(info), true);
    default:
      return go_down(words(info), true);
  }
}

void Keeper::link_ended(const CloseInfo& info) {
  link_.reset();
  loop_.cancel(std::exchange(silence_timer_, {}));
  const bool replaced = info.code == CloseCode::kReplaced && (attempt_ || attempt_was_dropped_);
  if (replaced && attempt_) return;  // by our own attempt, whose Welcome is on its way
  ++disconnects_;
  if (replaced || is_loss(info)) return reconnect(words(info));
  go_down(words(info), false);
}

void Keeper::reconnect(std::string_view reason) {
  if (!config_.reconnect) return go_down(reason, false);
  const std::string why(reason);
  phase_ = Phase::kReconnecting;
  backoff_.lost(loop_.now(), loop_.now() - up_since_);
  owner_.on_lost(why);
  // The owner may have gone elsewhere; and an attempt that was a move is as good as any other.
  if (phase_ == Phase::kReconnecting && !attempt_) retry(why);
}

void Keeper::retry(std::string_view reason) {
  const auto delay = backoff_.next(loop_.now());
  if (!delay) return go_down(engine::error("gave up reconnecting: {}", reason).reason, true);
  retry_timer_ = loop_.call_at(loop_.now() + *delay, [this] { go(); });
}

void Keeper::go_down(std::string_view reason, bool refused) {
  const std::string why(reason);
  stop(CloseCode::kNormal, "");
  owner_.on_down(why, refused);
}

/// A server that is there answers pings; one that went without a word would leave us waiting for TCP.
void Keeper::listen_for_silence() {
  silence_timer_ = loop_.call_at(loop_.now() + limits::kHeartbeatInterval, [this] {
    const auto now = loop_.now();
    if (const auto bytes = link_->bytes_received(); bytes != heard_bytes_) {
      heard_bytes_ = bytes;
      heard_at_ = now;
    } else if (now - heard_at_ >= limits::kSilenceMax) {
      return lose(engine::error("nothing came for {} ms", limits::kSilenceMax.count()).reason);
    } else {
      link_->ping();
    }
    listen_for_silence();
  });
}

}  // namespace netcode::client
