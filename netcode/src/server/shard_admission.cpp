// How a visitor comes in: a new session, or one that is known here or on another shard, into the lobby or a match.
#include "engine/core/assert.hpp"
#include "engine/core/utf8.hpp"
#include "netcode/limits.hpp"
#include "protocol/messages.hpp"
#include "server/routes.hpp"
#include "server/server_core.hpp"
#include "server/shard.hpp"

namespace netcode {
namespace {

using transport::CloseCode;

constexpr std::string_view kHasEnded = "this session has ended";
constexpr std::string_view kShuttingDown = "the server is shutting down";
constexpr std::string_view kTooRestless = "this session comes and goes faster than it may: wait a little";

WorldReader reader_of(const Visit& visit) {
  return {.unpacks = visit.unpacks, .packs = visit.packs, .converts = visit.converts, .codec = visit.codec};
}

LiveMatch::JoinRequest request_of(const Visit& visit) {
  return {.spectate = visit.spectate, .password = visit.password, .reads = reader_of(visit)};
}

/// For a session that is where this visit has led it: a connection stays in one match.
LinkMaker link_of(const SessionCore& session, const Visit& visit, Caller& caller) {
  const LiveMatch* match = session.match();
  return caller.link(match ? packs_for(match->kind(), reader_of(visit)) : visit.packs);
}

/// Numbers of another epoch count nothing here.
std::uint32_t received_of(const SessionCore& session, const Visit& visit, const Caller& caller) {
  if (const auto received = caller.received()) return *received;
  return visit.epoch == 0 || visit.epoch == session.identity().epoch ? visit.received : 0;
}

}  // namespace

void Shard::on_caller(const Visit& visit, CallerPtr caller) {
  if (is_stopping_) return turn_away(caller, CloseCode::kGoingAway, kShuttingDown);
  if (visit.token.empty()) return admit_new(visit, std::move(caller));
  admit_known(visit, std::move(caller), 0);
  settle(visit);
}

// Only when the seat is taken and published: in between, another quick join would be promised the same one.
void Shard::settle(const Visit& visit) {
  if (visit.hold != 0) server_.directory().settle(visit.match, visit.hold);
}

void Shard::admit_new(const Visit& visit, CallerPtr caller) {
  NamespaceCore& first = server_.space(visit.space);
  if (waiting_ >= limits::kHandshakesWaitingMax) {
    ++stats_.refusals;
    settle(visit);
    return turn_away(caller, CloseCode::kTryAgainLater, "too many clients wait at the door");
  }
  if (auto ok = server_.check_auth(visit.auth); !ok) {
    ++stats_.refusals;
    settle(visit);
    return turn_away(caller, CloseCode::kRefused, ok.error().reason);
  }
  ++waiting_;
  Handshake handshake(visit.name, visit.remote_address, first.name(), visit.query, visit.auth);
  handshake.set_auth_json(visit.json_auth);
  handshake.read_auth(server_.auth_reader(visit.json_auth));
  first.ask(loop_, std::move(handshake), [this, visit, caller = std::move(caller)](HandshakeDecision decision) {
    --waiting_;
    admit(visit, caller, std::move(decision));
    settle(visit);
  });
}

void Shard::admit(const Visit& visit, const CallerPtr& caller, HandshakeDecision decision) {
  NamespaceCore& first = server_.space(visit.space);
  if (is_stopping_) return turn_away(caller, CloseCode::kGoingAway, kShuttingDown);
  if (decision.refusal) {
    ++stats_.refusals;
    caller->set_refusal_data(decision.data);
    return turn_away(caller, CloseCode::kRefused, *decision.refusal);
  }
  const auto ticket = server_.directory().open_session(index_);
  if (!ticket) {
    ++stats_.refusals;
    return turn_away(caller, CloseCode::kTryAgainLater,
                     "the server is full: " + std::to_string(server_.config().sessions_max) + " sessions");
  }
  const auto session =
      std::make_shared<SessionCore>(*this, SessionCore::Identity{.id = ticket->id,
                                                                 .token = ticket->token,
                                                                 .name = visit.name,
                                                                 .remote_address = caller->remote_address(),
                                                                 .speaks_json = caller->speaks_json()});
  session->set_ticket(std::move(decision.ticket));
  sessions_[ticket->id] = session;
  auto entry = entry_for(*session, visit);
  const auto entered = entry ? enter(*session, visit, std::move(*entry)) : engine::Result<void>(entry.error());
  if (!entered) {
    ++stats_.refusals;
    rooms_.leave_all(ticket->id);
    sessions_.erase(ticket->id);
    server_.directory().close_session(ticket->token);
    return turn_away(caller, CloseCode::kRefused, entered.error().reason);
  }
  session->spaces().enter(first.name());
  if (!visit.json_auth.is_null()) session->spaces().set_auth_json(first.name(), visit.json_auth);
  ++stats_.clients;
  stats_.clients_peak = std::max<std::uint64_t>(stats_.clients_peak, sessions_.size());
  const auto link = session->attach(link_of(*session, visit, *caller), 0);
  ENGINE_ASSERT(link.has_value());
  welcome(*session, **link, visit, false);
  const Speaking speaking(*this, session->fan_out());
  first.connected(*session);
  if (session->match()) server_.match_hooks().joined(*session);
  session->flush();
}

// A session that is here, or that another shard has to let go of first. Meanwhile the connection waits; if its client
// leaves, attach finds it closed. A session that is just moving is with neither shard for an instant: then it is looked
// for again.
void Shard::admit_known(const Visit& visit, CallerPtr caller, int attempt) {
  const auto place = server_.directory().find_session(visit.token);
  if (!place || attempt > kLookForSessionMax)
    return turn_away(caller, CloseCode::kRefused, "this session is over: join again without its token");
  if (place->shard != index_ && visit.link)
    return turn_away(caller, CloseCode::kRefused, "this session has moved: its links go with it");
  if (place->shard != index_) return fetch(*place, visit, std::move(caller), attempt);
  if (const auto found = sessions_.find(place->session); found != sessions_.end()) {
    const std::shared_ptr<SessionCore> session = found->second;  // which may end meanwhile
    return adopt(session, visit, caller, nullptr);
  }
  loop_.call_at(now() + kLookForSessionEvery,
                [this, visit, caller = std::move(caller), attempt] { admit_known(visit, caller, attempt + 1); });
}

void Shard::fetch(Directory::Place place, const Visit& visit, CallerPtr caller, int attempt) {
  // A resume asks for nothing but a connection, where its session is: one that has moved since this visit was at the
  // door is not fetched out of where it went. The client takes this for one more loss (1006), and its next attempt is
  // led to where the session is by then.
  if (visit.resume) return caller->abort();
  // Before it gives anything up over there: is there a place for it here? Then that is kept until it comes. The match
  // may end meanwhile all the same: then it arrives in the lobby, and is told why.
  auto match = match_for(visit);
  if (!match) {
    ++stats_.refusals;
    return turn_away(caller, CloseCode::kRefused, match.error().reason);
  }
  LiveMatch::Reservation reserved = *match ? (*match)->reserve(visit.spectate) : nullptr;
  Shard& other = *server_.shards()[place.shard];
  const auto arrival = std::make_shared<Arrival>(Arrival{.session = place.session, .source = place.shard});
  arrivals_.push_back(arrival);
  auto task = [this, &other, visit, caller = std::move(caller), reserved = std::move(reserved), arrival,
               id = place.session, attempt]() mutable {
    const auto refuse = [&](std::string reason) {
      loop_.post([this, to = visit.match, caller = std::move(caller), reserved = std::move(reserved), arrival,
                  reason = std::move(reason)]() mutable {
        end_arrival(arrival);
        ++stats_.refusals;
        give_back(to, std::move(reserved));
        turn_away(caller, CloseCode::kRefused, reason);
      });
    };
    std::shared_ptr<SessionCore> session;
    std::vector<RoomSet::Key> rooms;
    if (const auto found = other.sessions_.find(id); found != other.sessions_.end()) session = found->second;
    if (session) {
      if (auto may = other.may_go(*session, visit, reserved != nullptr); !may)
        return refuse(std::move(may.error().reason));
      const Speaking speaking(other, session->fan_out());
      other.leave_match(*session);
      if (session->has_ended()) return refuse(std::string(kHasEnded));  // by a handler
      session->drop_links();
      rooms = other.rooms_.all_rooms_of(id);
      other.rooms_.leave_all(id);
      other.sessions_.erase(id);
      server_.directory().move_session(session->identity().token, index_);
      session->set_shard(*this);
    }
    loop_.post([this, visit, caller = std::move(caller), session = std::move(session), rooms = std::move(rooms),
                reserved = std::move(reserved), arrival, attempt]() mutable {
      const auto kept = end_arrival(arrival);
      if (!session) {
        give_back(visit.match, std::move(reserved));
        return admit_known(visit, std::move(caller), attempt + 1);
      }
      sessions_[session->identity().id] = session;
      if (is_stopping_) {  // it came when the others of this shard had been ended
        turn_away(caller, CloseCode::kGoingAway, kShuttingDown);
        return session->end(CloseCode::kGoingAway, kShuttingDown);
      }
      for (const auto& [space, room] : rooms) rooms_.join(session->identity().id, space, room);
      give_kept(*session, kept);
      adopt(session, visit, caller, std::move(reserved));
    });
  };
  arrival->last_round = server_.routes().post_between_rounds(place.shard, std::move(task));
}

void Shard::give_back(const std::string& id, LiveMatch::Reservation place) {
  if (!place) return;
  place.reset();
  // One that is over may be suspended already, and has no place for anybody.
  if (LiveMatch* match = this->match(id); match && !match->simulation().result()) match->publish();
}

// Asked here, where it is: if the answer is no it has not left anything.
engine::Result<void> Shard::may_go(SessionCore& session, const Visit& visit, bool into_match) {
  if (!session.fan_out()->may_speak(now())) return engine::error("{}", kTooRestless);
  if (!into_match) return {};
  const Speaking speaking(*this, session.fan_out());
  return server_.match_hooks().entering(visit.match, session, visit.spectate);
}

void Shard::adopt(const std::shared_ptr<SessionCore>& session, const Visit& visit, const CallerPtr& caller,
                  LiveMatch::Reservation reserved) {
  if (auto may = caller->may_resume(*session); !may) return turn_away(caller, CloseCode::kRefused, may.error().reason);
  if (visit.link) return adopt_link(*session, visit, caller);
  const bool stays =
      visit.resume || (session->match() ? session->match()->id() == visit.match : visit.goal == Visit::Goal::kLobby);
  const auto moved = stays ? engine::Result<std::string>(std::string()) : move(*session, visit, std::move(reserved));
  if (!moved) {
    ++stats_.refusals;
    return turn_away(caller, CloseCode::kRefused, moved.error().reason);
  }
  const auto link = session->attach(link_of(*session, visit, *caller), received_of(*session, visit, *caller));
  if (!link) {
    turn_away(caller, CloseCode::kRefused, link.error().reason);
    return session->end(CloseCode::kRefused, "too much was missed to resume");
  }
  welcome(*session, **link, visit, true, *moved);
  session->tell_resumed();
  if (!stays && session->match()) {
    const Speaking speaking(*this, session->fan_out());
    server_.match_hooks().joined(*session);
  }
  session->flush();
}

// One of a session's two: it fills an empty slot, or races what is in it. Only what makes them two can be refused.
void Shard::adopt_link(SessionCore& session, const Visit& visit, const CallerPtr& caller) {
  const std::uint8_t slot = *visit.link;
  const std::uint8_t other = slot == 0 ? 1 : 0;
  if (!session.has_link(slot) && session.has_link(other) && (!server_.config().twin_links || load_.is_overloaded())) {
    ++stats_.refusals;
    return turn_away(caller, CloseCode::kRefused,
                     server_.config().twin_links ? kTooBusyForTwins : "this server takes one connection a session");
  }
  const auto link = session.add_link(link_of(session, visit, *caller), slot, received_of(session, visit, *caller));
  if (!link) return turn_away(caller, CloseCode::kRefused, link.error().reason);
  welcome(session, **link, visit, true);
  session.tell_resumed();
  if (!session.has_ended()) (*link)->flush();
}

void Shard::welcome(SessionCore& session, SessionLink& link, const Visit& visit, bool resumed,
                    std::string_view refusal) {
  log_.welcomed(session, visit, resumed, now());
  protocol::Welcome message{
      .protocol = protocol::kVersion,
      .server = std::string(protocol::kServerName),
      .session = session.identity().id,
      .token = session.identity().token,
      .resumed = resumed,
      .received = session.received(),
      .name = session.identity().name,
      .link = link.slot(),
      .missed_through = session.forgotten_events(),
      .epoch = session.identity().epoch,
      .match = std::nullopt,
      .refusal = std::string(engine::utf8_prefix(engine::printable_utf8(refusal), limits::kCloseReasonBytesMax))};
  const LiveMatch* match = session.match();
  if (!match) return link.welcome(message, {});
  const Kind& kind = match->kind();
  const WorldReader reader = reader_of(visit);
  message.match = {.id = match->id(),
                   .kind = kind.name,
                   .player = session.player(),
                   .tick = match->audience().released_tick(),
                   .tick_hz = match->options().tick_hz,
                   .snapshot_hz = match->options().snapshot_hz,
                   .schema_hash = kind.schema.hash(),
                   .unpacks = kind.layout_hash,
                   .rules_hash = kind.rules_hash,
                   .map_hash = match->map_hash(),
                   .is_packed = packs_for(kind, reader) == kind.lanes->hash(),
                   .packs = kind.lanes->hash()};
  const protocol::SchemaView schema{.hash = kind.schema.hash(), .body = kind.schema.bfbs()};
  const bool wants_schema = is_converted(kind, reader) && visit.holds != schema.hash;
  // A client that names a hash knows of maps; if it is not ours, it gets ours.
  const bool wants_map = match->map_hash() != 0 && visit.map_hash != match->map_hash();
  const protocol::MapView map{.hash = match->map_hash(),
                              .body = wants_map ? BytesView(*match->setup().map) : BytesView()};
  link.welcome(message, {.schema = wants_schema ? &schema : nullptr, .map = wants_map ? &map : nullptr});
}

engine::Result<LiveMatch*> Shard::match_for(const Visit& visit) {
  if (visit.goal == Visit::Goal::kLobby) return nullptr;
  LiveMatch* match = this->match(visit.match);
  if (!match) {
    const Kind* kind = visit.goal == Visit::Goal::kQuick ? server_.find_kind(visit.kind) : &server_.first_kind();
    if (!kind) return engine::error("no kind of match is called {}", visit.kind);
    if (visit.goal == Visit::Goal::kMatch && !server_.config().create_by_url)
      return engine::error("there is no match {}", visit.match);
    if (auto fits = check_layout(*kind, reader_of(visit)); !fits) return fits.error();  // for nobody no match is made
    if (auto may = may_make(visit.match); !may) return may.error();
    // A quick join asks for no match of its own: a room of people behind one address makes as many as they fill.
    const std::string& maker = visit.goal == Visit::Goal::kQuick ? std::string() : visit.remote_address;
    const auto placed =
        server_.directory().admit_match({.id = visit.match, .kind = kind->name, .made_by = maker}, now());
    if (!placed) return placed.error();
    if (*placed != index_) {
      server_.directory().remove(visit.match);
      return engine::error("match {} was to be made elsewhere meanwhile: try again", visit.match);
    }
    auto made = open_match(*kind, visit.match, kind->options, maker);
    if (!made) return made.error();
    match = *made;
  }
  if (auto admitted = match->admits(request_of(visit)); !admitted) return admitted.error();
  return match;
}

engine::Result<Shard::Entry> Shard::entry_for(SessionCore& session, const Visit& visit) {
  const auto found = match_for(visit);
  if (!found) return found.error();
  LiveMatch* match = *found;
  if (!match) return Entry();
  const Speaking speaking(*this, session.fan_out());
  if (auto may = server_.match_hooks().entering(match->id(), session, visit.spectate); !may) return may.error();
  // A handler may have ended or locked it.
  if (auto still = match->admits(request_of(visit)); !still) return still.error();
  return Entry{.match = match, .place = match->reserve(visit.spectate)};
}

engine::Result<Shard::Entry> Shard::kept_entry(const Visit& visit, LiveMatch::Reservation place) const {
  LiveMatch* match = this->match(visit.match);
  if (!match) return engine::error("match {} is over", visit.match);
  if (match->keeps(place)) return Entry{.match = match, .place = std::move(place)};
  // Another one goes on under its id, which has promised nothing.
  if (auto admitted = match->admits(request_of(visit)); !admitted) return admitted.error();
  return Entry{.match = match, .place = match->reserve(visit.spectate)};
}

engine::Result<void> Shard::enter(SessionCore& session, const Visit& visit, Entry entry) {
  {
    const Speaking speaking(*this, session.fan_out());
    leave_match(session);
  }
  if (session.has_ended()) {  // by a handler
    give_back(visit.match, std::move(entry.place));
    return engine::error("{}", kHasEnded);
  }
  if (!entry.match) return {};
  return entry.match->join(session, request_of(visit), std::move(entry.place));
}

engine::Result<std::string> Shard::move(SessionCore& session, const Visit& visit, LiveMatch::Reservation place) {
  const bool is_fetched = place != nullptr;  // it was asked where it came from, before it left
  if (!is_fetched && !session.fan_out()->may_speak(now())) return engine::error("{}", kTooRestless);
  auto entry = is_fetched ? kept_entry(visit, std::move(place)) : entry_for(session, visit);
  if (!entry && !is_fetched) return entry.error();
  const auto entered = entry ? enter(session, visit, std::move(*entry)) : engine::Result<void>(entry.error());
  if (session.has_ended()) return engine::error("{}", kHasEnded);
  if (entered) return std::string();
  ++stats_.refusals;
  return entered.error().reason;
}

}  // namespace netcode
