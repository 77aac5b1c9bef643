// What goes to sessions of all shards: each of them gets it once, also while it moves from one shard to another.
//
// A session that is fetched is with neither shard for two turns of their loops. What every shard gets in that time is
// kept where the session is going, unless it was given where it came from. Which of the two it is follows from the
// order in which loops get what is posted to them. Posted by another thread, the source gave it if it came before the
// fetch was posted, which is told by its number. By the source's own thread, the source gave it at once: what it sends
// after the session left comes here after it. By this shard's own, the source gets it after the fetch, and so never
// gave it.
#include <algorithm>
#include <utility>

#include "server/server_core.hpp"
#include "server/shard.hpp"

namespace netcode {

std::vector<SessionId> Shard::receivers(const Parcel& parcel) const {
  std::vector<SessionId> to(parcel.sessions.begin(), parcel.sessions.end());
  if (parcel.rooms.empty() && parcel.sessions.empty() && parcel.match.empty()) {
    for (const auto& [id, session] : sessions_) to.push_back(id);
  } else {
    for (const std::string& room : parcel.rooms) {
      const auto& members = rooms_.members(parcel.space, room);
      to.insert(to.end(), members.begin(), members.end());
    }
  }
  if (const LiveMatch* match = this->match(parcel.match)) match->audience().add_sessions(to, parcel.player);
  std::ranges::sort(to);  // a client may be in several of these
  to.erase(std::unique(to.begin(), to.end()), to.end());
  std::erase_if(to, [&](SessionId id) {
    const auto is_in = [&](const std::string& room) { return rooms_.members(parcel.space, room).contains(id); };
    return std::ranges::find(parcel.except_sessions, id) != parcel.except_sessions.end() ||
           std::ranges::any_of(parcel.except_rooms, is_in) || !session(id);  // named, and on another shard
  });
  return to;
}

void Shard::deliver(const Parcel& parcel) {
  const std::vector<SessionId> to = receivers(parcel);
  const auto cause = parcel.speaker ? Outbox::Cause::kOthers : Outbox::Cause::kServer;
  for (const SessionId id : to)
    if (SessionCore* session = this->session(id))
      session->send_event(parcel.space, parcel.event, parcel.is_volatile, cause);
  if (parcel.speaker && !parcel.is_volatile) parcel.speaker->charge(parcel.event->cost() * to.size());
}

void Shard::visit(const Parcel& parcel, const std::function<void(SessionCore&)>& work) {
  for (const SessionId id : receivers(parcel)) {
    SessionCore* session = this->session(id);
    if (!session || session->has_ended() || !session->is_in(parcel.space)) continue;
    const auto kept = session->shared_from_this();
    work(*kept);
  }
}

bool Shard::is_missed(const Arrival& arrival, const Routes::Round& round) const {
  if (round.from != index_) return round.from != arrival.source && round.number > arrival.last_round;
  // Where all shards are on one thread the source has run this at once as well.
  const Shard& source = *server_.shards()[arrival.source];
  return !source.is_here() || !source.session(arrival.session);
}

void Shard::keep_for_arrivals(const std::shared_ptr<const Parcel>& parcel, const Routes::Round& round) {
  for (const ArrivalPtr& arrival : arrivals_)
    if (is_missed(*arrival, round)) arrival->kept.push_back(parcel);
}

std::vector<std::shared_ptr<const Shard::Parcel>> Shard::end_arrival(const ArrivalPtr& arrival) {
  std::erase(arrivals_, arrival);
  return std::exchange(arrival->kept, {});
}

// With its rooms, and in no match yet: those who are in one are told by themselves.
void Shard::give_kept(SessionCore& session, const std::vector<std::shared_ptr<const Parcel>>& kept) {
  for (const auto& parcel : kept) {
    if (!std::ranges::binary_search(receivers(*parcel), session.identity().id)) continue;
    const auto cause = parcel->speaker ? Outbox::Cause::kOthers : Outbox::Cause::kServer;
    session.send_event(parcel->space, parcel->event, false, cause);
    if (parcel->speaker) parcel->speaker->charge(parcel->event->cost());
  }
}

}  // namespace netcode
