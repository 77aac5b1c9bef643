#include "server/session_core.hpp"

#include <algorithm>
#include <utility>

#include "engine/core/assert.hpp"
#include "netcode/limits.hpp"
#include "server/admin_ui_tap.hpp"
#include "server/guarded.hpp"
#include "server/live_match.hpp"
#include "server/server_core.hpp"
#include "server/shard.hpp"

namespace netcode {
namespace {

using transport::CloseCode;

/// Of a session whose own goodbye may not leave yet.
constexpr std::string_view kNoWordOfWhy = "the session ended";

}  // namespace

SessionCore::SessionCore(Shard& shard, Identity identity)
    : shard_(&shard),
      identity_(std::move(identity)),
      token_hash_(recording::hash_token(identity_.token)),
      api_(*this, protocol::kDefaultNamespace, spaces_.data(protocol::kDefaultNamespace)),
      outbox_(Outbox::Bounds::over(resume_window(),
                                   identity_.speaks_json ? shard.server().config().socketio.payload_bytes_max : 0),
              shard.server().event_totals()),
      messages_(limits::kMessagesPerSecondMax, limits::kMessagesBurstMax, shard.now()),
      requests_(limits::kRequestsPerSecondMax, limits::kRequestsBurstMax, shard.now()),
      resumes_(limits::kResumesPerSecondMax, limits::kResumesBurstMax, shard.now()),
      recorded_(limits::kRecordedBytesPerSecondMax, limits::kRecordedBurstBytesMax, shard.now()),
      fan_out_(std::make_shared<FanOut>(shard.now())),
      refused_at_(shard.now()) {}

// --- its links

engine::Result<SessionLink*> SessionCore::attach(const LinkMaker& make, std::uint32_t received) {
  drop_links();
  if (!outbox_.acknowledge(received))
    return engine::error("more was received than was sent: join again without the token");
  told_received_ = this->received();
  return add_link(make, 0, received);
}

engine::Result<SessionLink*> SessionCore::add_link(const LinkMaker& make, std::uint8_t slot, std::uint32_t received) {
  if (!is_connected()) received = std::max(received, outbox_.forgotten());  // Welcome says what was missed
  if (!outbox_.can_go_on_from(received))
    return engine::error("too much was missed for this connection: resume the session");
  const bool is_first = !is_connected();
  if (is_first) shard_->note_back(*this);
  const bool is_candidate = has_link(slot);
  const auto link = make(*this, outbox_, {.slot = slot, .received = received, .is_candidate = is_candidate});
  if (!is_candidate) {
    links_[slot] = link;
  } else {
    if (candidates_.size() == limits::kCandidateLinksMax) candidates_.erase(candidates_.begin());
    candidates_.push_back(link);
  }
  if (is_first) identity_.remote_address = link->remote_address();
  link->start();
  return link.get();
}

bool SessionCore::settle(SessionLink& candidate) {
  const auto self = shared_from_this();
  const auto link = candidate.shared_from_this();
  std::erase(candidates_, link);
  if (!outbox_.can_go_on_from(link->written())) {
    link->close(CloseCode::kTryAgainLater, "too much happened since this connection was welcomed");
    return false;
  }
  const bool was_away = !is_connected();  // the reset of its last link came before this one's first word
  const auto before = std::exchange(links_[link->slot()], link);
  if (before) before->close(CloseCode::kReplaced, "this session goes on over a newer connection");
  link->settle();
  if (was_away) {
    shard_->note_back(*this);
    identity_.remote_address = link->remote_address();
    shard_->log().resumed(*this, shard_->now());
    tell_resumed();
  }
  return !has_ended_;
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
  if (is_resumable(info) && was_last) {
    shard_->note_away(*this);
    shard_->log().lost(*this, info, shard_->now());
    lost_why_ = words_of(info);
    return tell_lost();
  }
  // The second one may come and go; the session's end is what is said over the first, or over the last.
  if (is_resumable(info) || (link.slot() == 1 && !was_last && is_goodbye(info))) return;
  end(info.code, info.by_peer ? "left" : info.reason);
}

void SessionCore::tell_lost() {
  is_lost_ = true;
  const Shard::Speaking speaking(*shard_, fan_out_);
  for_each_space([this, why = lost_why_](const NamespaceCore& space) {
    if (spaces_.begin_lost(space.name())) space.lost(*this, why);
  });
}

std::chrono::milliseconds SessionCore::resume_window() const {
  const ServerConfig& config = shard_->server().config();
  return speaks_json() ? config.socketio.recovery_window : config.resume_window;
}

void SessionCore::tell_resumed() {
  if (!std::exchange(is_lost_, false)) return;
  if (!resumes_.take(1, shard_->now())) return end(CloseCode::kPolicy, "lost and resumed too often: join again");
  if (speaks_json()) return;
  for_each_space([this](const NamespaceCore& space) { tell_resumed(space.name()); });
}

void SessionCore::tell_resumed(const std::string& space) {
  if (!spaces_.end_lost(space)) return;
  const Shard::Speaking speaking(*shard_, fan_out_);
  if (const NamespaceCore* core = shard_->server().find_space(space)) core->resumed(*this);
}

void SessionCore::for_each_space(const std::function<void(const NamespaceCore&)>& work) {
  const auto kept = shared_from_this();
  for (const std::string& name : spaces_.names()) {
    const NamespaceCore* space = shard_->server().find_space(name);
    if (space && !has_ended_ && is_in(name)) work(*space);
  }
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
  shard_->keep_until_closed(self);
  goodbye_ = Goodbye{.code = code, .reason = std::string(reason), .deadline = shard_->now() + limits::kSilenceMax};
  flush();
  // Each has freed its place for another one, which may end as well.
  if (std::cmp_greater(shard_->server().closing().load(), shard_->server().config().sessions_max))
    say_goodbye(CloseCode::kGoingAway, kNoWordOfWhy);
}

void SessionCore::say_goodbye(CloseCode code, std::string_view reason) {
  if (!std::exchange(goodbye_, std::nullopt)) return;
  const auto self = shared_from_this();
  for_each_link([&](SessionLink& link) {
    link.flush();
    link.close(code, reason);
  });
}

void SessionCore::sweep(engine::TimePoint now) {
  const auto self = shared_from_this();
  if (has_ended_) {
    flush();
    if (goodbye_ && now >= goodbye_->deadline) say_goodbye(CloseCode::kGoingAway, kNoWordOfWhy);
    return;
  }
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
    if (now - lost_at_ >= resume_window())
      end(CloseCode::kGoingAway,
          speaks_json() ? std::exchange(lost_why_, {}) : "the connection was lost and did not come back");
    return;
  }
  for_each_link([now](SessionLink& link) { link.sweep(now); });
  if (!candidates_.empty())
    for (const auto& candidate : std::vector(candidates_)) candidate->sweep(now);
  if (!left_in_.empty()) {  // which may have let go of what they hold
    forget_released();
    flush();
  }
  tell_received();
}

// --- where it is

bool SessionCore::leave_space(const std::string& space, std::string_view reason) {
  if (has_ended_) return false;
  const auto self = shared_from_this();
  const auto data = spaces_.leave(space);  // first: a handler may leave it as well
  if (!data) return false;
  const Shard::Speaking speaking(*shard_, fan_out_);
  if (const NamespaceCore* core = shard_->server().find_space(space)) core->disconnected(*this, data, reason);
  if (!is_in(space)) shard_->rooms().leave_space(identity_.id, space);
  return true;
}

void SessionCore::enter_match(LiveMatch& match, PlayerId player) {
  ENGINE_ASSERT(!match_);
  match_ = &match;
  player_ = player;
  told_joined_ = false;
  if (AdminTap* tap = shard_->server().admin_tap()) tap->set_match(identity_.id, match.id(), true);
}

void SessionCore::exit_match() {
  forget_released();
  if (IntervalPtr left = match_->audience().open_interval()) {
    outbox_.hold(left, receiver_.received());  // wherever it goes on
    left_in_.push_back(std::move(left));
  }
  if (AdminTap* tap = shard_->server().admin_tap(); tap && match_) tap->set_match(identity_.id, match_->id(), false);
  match_ = nullptr;
  player_ = kNoPlayer;
  for_each_link([](SessionLink& link) { link.clear_frame(); });
}

}  // namespace netcode
