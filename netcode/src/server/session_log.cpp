#include "server/session_log.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "engine/core/utf8.hpp"
#include "server/door.hpp"
#include "server/live_match.hpp"
#include "server/session_core.hpp"

namespace netcode {
namespace {

std::string shown(std::string_view text) { return engine::printable_utf8(text); }

// "match arena as player 3", "no match"
std::string place_of(const SessionCore& session) {
  const LiveMatch* match = session.match();
  if (!match) return "no match";
  if (session.player() == kNoPlayer) return fmt::format("match {} as a spectator", match->id());
  return fmt::format("match {} as player {}", match->id(), session.player().value);
}

// How each line about a session begins: "session 12 (ada) from 192.0.2.1:40312, match arena as player 3"
std::string known_of(const SessionCore& session) {
  const SessionCore::Identity& identity = session.identity();
  return fmt::format("session {} ({}) from {}, {}", identity.id.value, shown(identity.name),
                     shown(identity.remote_address), place_of(session));
}

}  // namespace

void LineBudget::refill(engine::TimePoint now) {
  const double elapsed_s = std::chrono::duration<double>(now - refilled_at_).count();
  refilled_at_ = now;
  tokens_ = std::clamp(tokens_ + elapsed_s * per_second_, 0.0, burst_);
}

bool LineBudget::take(engine::TimePoint now) {
  refill(now);
  if (tokens_ < 1) {
    ++left_out_;
    return false;
  }
  tokens_ -= 1;
  return true;
}

// Half full again: the flood is over for now, and the next line is not lost to this one.
std::uint64_t LineBudget::take_left_out(engine::TimePoint now) {
  refill(now);
  if (left_out_ == 0 || tokens_ < burst_ / 2) return 0;
  return std::exchange(left_out_, 0);
}

void SessionLog::welcomed(const SessionCore& session, const Visit& visit, bool resumed, engine::TimePoint now) {
  const bool is_back = session.is_lost() || (visit.resume && !visit.link);
  if (visit.link && !is_back) {
    if (tells_of_messages())
      spdlog::debug("{}: opened link {} from {}", known_of(session), *visit.link, shown(visit.remote_address));
    return;
  }
  if (!resumed) return say(session, "opened", now);
  if (is_back) this->resumed(session, now);
  if (!visit.resume && !visit.link) say(session, session.match() ? "joined" : "came to the lobby", now);
}

void SessionLog::resumed(const SessionCore& session, engine::TimePoint now) { say(session, "resumed", now); }

void SessionLog::say(const SessionCore& session, std::string_view what, engine::TimePoint now) {
  if (sessions_.take(now)) spdlog::info("{}: {}", known_of(session), what);
}

void SessionLog::refused(std::string_view address, transport::CloseCode code, std::string_view reason,
                         engine::TimePoint now) {
  if (!refusals_.take(now)) return;
  spdlog::info("refused {}: code {}: {}", shown(address), static_cast<int>(code), shown(reason));
}

void SessionLog::lost(const SessionCore& session, const transport::CloseInfo& info, engine::TimePoint now) {
  if (!sessions_.take(now)) return;
  spdlog::info("{}: lost its connection: code {}: {}", known_of(session), static_cast<int>(info.code),
               shown(info.reason));
}

void SessionLog::closed(const SessionCore& session, transport::CloseCode code, std::string_view reason,
                        engine::TimePoint now) {
  if (!sessions_.take(now)) return;
  spdlog::info("{}: closed: code {}: {}", known_of(session), static_cast<int>(code), shown(reason));
}

bool SessionLog::tells_of_messages() { return spdlog::should_log(spdlog::level::debug); }

void SessionLog::refused_message(const SessionCore& session, std::string_view reason) {
  if (tells_of_messages()) spdlog::debug("{}: refused: {}", known_of(session), shown(reason));
}

void SessionLog::dropped(const SessionCore& session, const ActionInbox::Dropped& action) {
  if (!tells_of_messages()) return;
  spdlog::debug("{}: dropped action {} for tick {}: {}", known_of(session), action.sequence, action.tick, action.why);
}

void SessionLog::sweep(engine::TimePoint now) {
  if (const auto lines = sessions_.take_left_out(now)) spdlog::info("{} more lines of sessions were left out", lines);
  if (const auto lines = refusals_.take_left_out(now)) spdlog::info("{} more connections were refused", lines);
}

}  // namespace netcode
