#include "client/link_slot.hpp"

#include <algorithm>
#include <utility>

#include "engine/core/assert.hpp"
#include "netcode/limits.hpp"
#include "protocol/messages.hpp"

namespace netcode::client {

using transport::CloseCode;
using transport::CloseInfo;

namespace {

/// How finely silence is told.
constexpr std::chrono::milliseconds kListenEvery{100};
static_assert(kListenEvery * 3 <= limits::kLinkQuietFor);

}  // namespace

LinkSlot::LinkSlot(const Config& config, transport::Connector& connector, Owner& owner)
    : config_(config), connector_(connector), loop_(connector.loop()), owner_(owner), backoff_(config.backoff) {}

LinkSlot::~LinkSlot() { drop(); }

bool LinkSlot::is_silent() const { return link_ && loop_.now() - heard_at_ >= limits::kLinkSilentFor; }

// Filling it --------------------------------------------------------------------------------------

void LinkSlot::put(std::shared_ptr<Link> link) {
  close(CloseCode::kGoingAway, "moved to another connection");
  link_ = std::move(link);
  link_->hand_to(*this);
  link_->established();
  wants_link_ = true;
  open_since_ = heard_at_ = loop_.now();
  heard_bytes_ = 0;
  not_before_ = {};
  listen_again();
}

bool LinkSlot::welcome() {
  ENGINE_ASSERT(speaking_, "only an attempt is welcomed");
  const auto before = std::exchange(link_, nullptr);  // no word to it: the server hears of the end over the new one
  auto winner = speaking_;
  drop();
  put(std::move(winner));
  return before != nullptr;
}

void LinkSlot::open() {
  wants_link_ = true;
  if (!link_ && attempts_.empty() && retry_timer_ == transport::Loop::TimerId{}) {
    backoff_.lost(loop_.now(), engine::Duration::max());
    open_at(std::max(loop_.now(), not_before_));
  }
}

void LinkSlot::open_at(engine::TimePoint when) {
  wants_link_ = true;
  loop_.cancel(retry_timer_);
  retry_timer_ = loop_.call_at(when, [this] {
    retry_timer_ = {};
    attempt();
  });
}

void LinkSlot::reopen() {
  if (!config_.reopens) return;
  backoff_.lost(loop_.now(), loop_.now() - open_since_);
  retry();
}

void LinkSlot::retry() {
  auto delay = backoff_.next(loop_.now());
  if (!delay) {  // there is no end to this as long as the session lives
    backoff_.lost(loop_.now(), {});
    delay = backoff_.next(loop_.now());
  }
  open_at(std::max(loop_.now() + delay.value_or(limits::kLinkSilentFor), not_before_));
}

void LinkSlot::attempt() {
  const auto link = std::make_shared<Link>(*this, loop_);
  attempts_.push_back(link);
  const auto url = owner_.slot_url(*this);
  if (!url) return link->fail(url.error().reason);
  link->open(connector_, *url, std::string(protocol::kSubprotocol), limits::kRaceAttemptFor);
}

void LinkSlot::refuse(std::string reason) {
  ENGINE_ASSERT(speaking_);
  std::erase(attempts_, speaking_);
  attempt_failed({CloseCode::kRefused, std::move(reason), false});
}

// Ending ------------------------------------------------------------------------------------------

void LinkSlot::drop() {
  wants_link_ = false;
  loop_.cancel(std::exchange(retry_timer_, {}));
  loop_.cancel(std::exchange(listen_timer_, {}));
  attempts_.clear();
  link_.reset();
}

void LinkSlot::close(CloseCode code, std::string_view reason) {
  const auto open = link_;
  drop();
  if (open) open->close(code, reason);
}

void LinkSlot::cut() {
  if (link_) link_->cut();
  for (const auto& link : attempts_) link->cut();
}

void LinkSlot::lose(std::string reason) {
  ENGINE_ASSERT(link_, "only what is open can be lost");
  const auto lost = std::exchange(link_, nullptr);
  loop_.cancel(std::exchange(listen_timer_, {}));
  owner_.on_slot_lost(*this, {CloseCode::kAbnormal, std::move(reason), false});
}

void LinkSlot::on_link_message(Link& link, transport::MessageKind kind, BytesView bytes) {
  // A race goes on: what comes after a silence is what was sent long ago, and silence may follow again.
  if (&link == link_.get()) return owner_.on_slot_message(*this, false, kind, bytes);
  speaking_ = link.shared_from_this();
  owner_.on_slot_message(*this, true, kind, bytes);
  speaking_ = nullptr;
}

void LinkSlot::on_link_writable(Link& link) {
  if (&link == link_.get()) owner_.on_slot_writable(*this);
}

void LinkSlot::on_link_ended(Link& link, const CloseInfo& info) {
  if (&link == link_.get()) {
    link_.reset();
    loop_.cancel(std::exchange(listen_timer_, {}));
    return owner_.on_slot_lost(*this, info);
  }
  if (std::erase_if(attempts_, [&link](const auto& one) { return one.get() == &link; }) != 0) attempt_failed(info);
}

void LinkSlot::attempt_failed(const CloseInfo& info) {
  if (rule_of(info.code).refuses_link) {
    not_before_ = loop_.now() + limits::kLinkRefusedFor;
    attempts_.clear();
    return owner_.on_slot_refused(*this, info);
  }
  if (!link_ && wants_link_ && attempts_.empty()) retry();
}

// Listening ---------------------------------------------------------------------------------------

void LinkSlot::listen_again() {
  loop_.cancel(listen_timer_);
  listen_due_ = loop_.now() + kListenEvery;
  listen_timer_ = loop_.call_at(listen_due_, [this] { listen(); });
}

/// A server that is there answers pings; one that went without a word would leave us waiting for TCP.
void LinkSlot::listen() {
  const auto now = loop_.now();
  const auto bytes = link_->bytes_received();
  if (bytes != heard_bytes_) heard_at_ = now;
  heard_bytes_ = bytes;
  // While the program itself did not look nothing could be heard: such time is no silence.
  if (const auto late = now - listen_due_; late > kListenEvery) heard_at_ = std::min(now, heard_at_ + late);
  const auto silent_for = now - heard_at_;
  if (silent_for >= limits::kSilenceMax)
    return lose(engine::error("nothing came for {} ms", limits::kSilenceMax.count()).reason);
  if (silent_for >= limits::kLinkQuietFor) link_->ping();
  if (silent_for < limits::kLinkSilentFor) {
    raced_at_ = {};
  } else if (config_.reopens && now - raced_at_ >= limits::kRaceEvery && now >= not_before_) {
    raced_at_ = now;
    attempt();
  }
  listen_again();
}

}  // namespace netcode::client
