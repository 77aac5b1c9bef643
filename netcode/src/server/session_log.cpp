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

// "session 12 (ada)"
std::string named(const SessionCore& session) {
  return fmt::format("session {} ({})", session.identity().id.value, shown(session.identity().name));
}

// "match arena as player 3", "no match"
std::string place_of(const SessionCore& session) {
  const LiveMatch* match = session.match();
  if (!match) return "no match";
  if (session.player() == kNoPlayer) return fmt::format("match {} as a spectator", match->id());
  return fmt::format("match {} as player {}", match->id(), session.player().value);
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
  if (visit.link) return spdlog::debug("{} opened link {}", named(session), *visit.link);
  if (!sessions_.take(now)) return;
  const std::string who = named(session);
  const std::string from = shown(session.identity().remote_address);
  if (!resumed) spdlog::info("{} opened from {}", who, from);
  if (resumed && visit.resume) return spdlog::info("{} resumed from {}, in {}", who, from, place_of(session));
  if (session.match()) return spdlog::info("{} joined {}", who, place_of(session));
  if (resumed) spdlog::info("{} is in no match any more", who);
}

void SessionLog::refused(std::string_view address, transport::CloseCode code, std::string_view reason,
                         engine::TimePoint now) {
  if (!refusals_.take(now)) return;
  spdlog::info("refused {}: code {}: {}", shown(address), static_cast<int>(code), shown(reason));
}

void SessionLog::lost(const SessionCore& session, const transport::CloseInfo& info, engine::TimePoint now) {
  if (!sessions_.take(now)) return;
  spdlog::info("{} lost its connection, in {}: code {}: {}", named(session), place_of(session),
               static_cast<int>(info.code), shown(info.reason));
}

void SessionLog::closed(const SessionCore& session, transport::CloseCode code, std::string_view reason,
                        engine::TimePoint now) {
  if (!sessions_.take(now)) return;
  spdlog::info("{} closed, in {}: code {}: {}", named(session), place_of(session), static_cast<int>(code),
               shown(reason));
}

void SessionLog::sweep(engine::TimePoint now) {
  if (const auto lines = sessions_.take_left_out(now)) spdlog::info("{} more lines of sessions were left out", lines);
  if (const auto lines = refusals_.take_left_out(now)) spdlog::info("{} more connections were refused", lines);
}

}  // namespace netcode
