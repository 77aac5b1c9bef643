#include "server/match_hooks.hpp"

#include "server/guarded.hpp"
#include "server/live_match.hpp"
#include "server/session_core.hpp"

namespace netcode {

void MatchHooks::change(const std::function<void(Table&)>& change) {
  const std::lock_guard lock(mutex_);
  auto changed = std::make_shared<Table>(*table_);
  change(*changed);
  table_ = std::move(changed);
}

std::shared_ptr<const MatchHooks::Table> MatchHooks::table() const {
  const std::lock_guard lock(mutex_);
  return table_;
}

Match MatchHooks::face_of(const LiveMatch& match) const { return Match(server_, match.id()); }

void MatchHooks::opened(const LiveMatch& match) const {
  const auto held = table();
  for (const auto& handler : held->opened)
    static_cast<void>(guarded("on_match_opened of match ", match.id(), [&] { handler(face_of(match)); }));
}

engine::Result<void> MatchHooks::entering(const std::string& match, SessionCore& session, bool spectates) const {
  const auto held = table();
  const auto kept = session.shared_from_this();
  for (const auto& handler : held->entering) {
    engine::Result<void> verdict;
    auto ran = guarded("on_match_entering of match ", match,
                       [&] { verdict = handler(Match(server_, match), session.api(), spectates); });
    if (!ran) return ran;
    if (session.has_ended()) return engine::error("this session has ended");
    if (!verdict) return engine::error("{}", verdict.error().reason.empty() ? "refused" : verdict.error().reason);
  }
  return {};
}

void MatchHooks::joined(SessionCore& session) const {
  if (session.has_ended() || !session.match()) return;
  session.note_joined();
  const auto held = table();
  for (const auto& handler : held->joined) {
    const LiveMatch* match = session.match();  // a handler may have taken it out
    if (!match || session.has_ended()) return;
    static_cast<void>(
        guarded("on_match_joined of match ", match->id(), [&] { handler(face_of(*match), session.api()); }));
  }
}

void MatchHooks::left(const LiveMatch& match, SessionCore& session, PlayerId player) const {
  if (!session.take_joined()) return;
  const auto held = table();
  for (const auto& handler : held->left)
    static_cast<void>(
        guarded("on_match_left of match ", match.id(), [&] { handler(face_of(match), session.api(), player); }));
}

void MatchHooks::ended(const LiveMatch& match, std::string_view result, BytesView last_world) const {
  const auto held = table();
  for (const auto& handler : held->ended)
    static_cast<void>(guarded("on_match_ended of match ", match.id(),
                              [&] { handler({.match = face_of(match), .result = result, .last_world = last_world}); }));
}

}  // namespace netcode
