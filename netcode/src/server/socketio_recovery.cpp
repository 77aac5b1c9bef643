#include "server/socketio_recovery.hpp"

#include <spdlog/fmt/fmt.h>

#include <charconv>
#include <iterator>
#include <utility>

#include "server/socketio_form.hpp"

namespace netcode {

using socketio::EngineEnd;

// As the official server has it; a server that shuts down keeps nothing here.
bool is_recoverable(std::string_view why) {
  return why == to_string(EngineEnd::kTransportClose) || why == to_string(EngineEnd::kTransportError) ||
         why == to_string(EngineEnd::kPingTimeout) || why == to_string(EngineEnd::kForcedClose) ||
         why == socketio::reason::kForcedServerClose;
}

std::optional<RecoveryClaim> RecoveryClaim::of(const boost::json::value& auth) {
  const boost::json::object* shown = auth.if_object();
  if (!shown) return std::nullopt;
  RecoveryClaim claim{.pid = member_text(*shown, "pid")};
  const std::string offset = member_text(*shown, "offset");
  const char* const end = offset.data() + offset.size();
  const auto session = std::from_chars(offset.data(), end, claim.session);
  if (claim.pid.empty() || session.ec != std::errc() || session.ptr == end || *session.ptr != '-') return std::nullopt;
  const auto number = std::from_chars(session.ptr + 1, end, claim.offset);
  if (number.ec != std::errc() || number.ptr != end) return std::nullopt;
  return claim;
}

std::string offset_text(SessionId session, std::uint32_t sequence) {
  return fmt::format("{}-{}", session.value, sequence);
}

std::vector<SocketioRecovery::Lost> SocketioRecovery::keep(const SocketioLinePtr& line, std::string_view why,
                                                           engine::TimePoint deadline) {
  std::vector<Lost> too_many;
  for (const auto& [nsp, identity] : line->identities()) {
    while (order_.size() >= max_) too_many.push_back(give_up_first());
    order_.push_back(
        {.pid = identity.pid,
         .lost = {.line = line, .nsp = nsp, .sid = identity.sid, .why = std::string(why), .deadline = deadline}});
    by_pid_[identity.pid] = std::prev(order_.end());
  }
  return too_many;
}

std::optional<SocketioRecovery::Lost> SocketioRecovery::take(const RecoveryClaim& claim, std::string_view nsp,
                                                             std::optional<SessionId> session) {
  const auto found = by_pid_.find(claim.pid);
  if (found == by_pid_.end()) return std::nullopt;
  Lost& kept = found->second->lost;
  if (kept.nsp != nsp || kept.line->session()->value != claim.session) return std::nullopt;
  if (session && kept.line->session() != session) return std::nullopt;
  Lost lost = std::move(kept);
  order_.erase(found->second);
  by_pid_.erase(found);
  return lost;
}

void SocketioRecovery::forget(SessionId session, std::string_view nsp) {
  std::erase_if(order_, [&](const Kept& one) {
    if (one.lost.nsp != nsp || one.lost.line->session() != session) return false;
    by_pid_.erase(one.pid);
    return true;
  });
}

std::vector<SocketioRecovery::Lost> SocketioRecovery::expire(engine::TimePoint now) {
  std::vector<Lost> over;
  while (!order_.empty() && order_.front().lost.deadline <= now) over.push_back(give_up_first());
  return over;
}

SocketioRecovery::Lost SocketioRecovery::give_up_first() {
  Lost first = std::move(order_.front().lost);
  by_pid_.erase(order_.front().pid);
  order_.pop_front();
  return first;
}

}  // namespace netcode
