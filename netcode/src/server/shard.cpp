#include "server/shard.hpp"

#include <algorithm>
#include <set>

#include <spdlog/spdlog.h>

#include "engine/core/assert.hpp"
#include "engine/core/rng.hpp"
#include "netcode/limits.hpp"
#include "protocol/requests.hpp"
#include "server/server_core.hpp"

namespace netcode {
namespace {

using transport::CloseCode;

constexpr std::chrono::milliseconds kSweepInterval{50};
/// A session that moves between shards is away for two turns of their loops; a busy turn takes some milliseconds.
constexpr std::chrono::milliseconds kLookForSessionEvery{2};
constexpr int kLookForSessionMax = 100;

LiveMatch::JoinRequest request_of(const Visit& visit) {
  return {.spectate = visit.spectate, .password = visit.password, .schema_hash = visit.schema_hash};
}

}  // namespace

std::string match_room(std::string_view id) { return "match/" + std::string(id); }

Shard::Shard(ServerCore& server, std::uint32_t index, transport::Loop& loop)
    : server_(server), index_(index), loop_(loop) {
  if (!server.config().record_dir.empty()) writer_ = std::make_unique<recording::RecordingWriter>();
}

Shard::~Shard() {
  loop_.cancel(sweep_timer_);
  matches_.clear();  // their recorders finish before the writer goes
}

void Shard::start() {
  thread_ = std::this_thread::get_id();
  sweep();
}

void Shard::run(transport::Loop::Task task) {
  if (thread_.load() == std::this_thread::get_id()) return task();
  loop_.post(std::move(task));
}

void Shard::sweep() {
  const engine::TimePoint now = this->now();
  std::vector<std::shared_ptr<SessionCore>> sessions;  // a handler may end any of them
  sessions.reserve(sessions_.size());
  for (const auto& [id, session] : sessions_) sessions.push_back(session);
  for (const auto& session : sessions)
    if (!session->has_ended()) session->sweep(now);
  if (!is_stopping_) sweep_timer_ = loop_.call_at(now + kSweepInterval, [this] { sweep(); });
}

void Shard::stop(std::string_view reason) {
  is_stopping_ = true;
  loop_.cancel(sweep_timer_);
  std::vector<std::shared_ptr<SessionCore>> sessions;
  for (const auto& [id, session] : sessions_) sessions.push_back(session);
  for (const auto& session : sessions) session->end(CloseCode::kGoingAway, reason);
  for (const auto& [id, match] : matches_) {
    match->end_now(std::string(reason));
    server_.directory().remove(id);
  }
  matches_.clear();
  writer_.reset();
}

// --- sessions
// -----------------------------------------------------------------------------------------------------------

SessionCore* Shard::session(SessionId id) const {
  const auto session = sessions_.find(id);
  return session == sessions_.end() ? nullptr : session->second.get();
}

void Shard::on_connection(const Visit& visit, std::shared_ptr<transport::Connection> connection) {
  if (is_stopping_) return turn_away(connection, CloseCode::kGoingAway, "the server is shutting down");
  if (visit.goal == Visit::Goal::kQuick) server_.directory().settle(visit.match);
  if (visit.token.empty()) return admit_new(visit, std::move(connection));
  admit_known(visit, std::move(connection), 0);
}

void Shard::admit_new(const Visit& visit, std::shared_ptr<transport::Connection> connection) {
  NamespaceCore& root = server_.space(protocol::kDefaultNamespace);
  Handshake handshake(visit.name, visit.remote_address, root.name(), visit.query);
  if (const auto refusal = root.ask(handshake)) {
    ++stats_.refusals;
    return turn_away(connection, CloseCode::kRefused, *refusal);
  }
  const auto ticket = server_.directory().open_session(index_);
  if (!ticket) {
    ++stats_.refusals;
    return turn_away(connection, CloseCode::kTryAgainLater,
                     "the server is full: " + std::to_string(server_.config().sessions_max) + " sessions");
  }
  const auto session =
      std::make_shared<SessionCore>(*this, SessionCore::Identity{.id = ticket->id,
                                                                 .token = ticket->token,
                                                                 .name = visit.name,
                                                                 .remote_address = connection->remote_address()});
  session->enter_space(root.name());
  sessions_[ticket->id] = session;
  if (auto entered = enter(*session, visit); !entered) {
    ++stats_.refusals;
    sessions_.erase(ticket->id);
    server_.directory().close_session(ticket->token);
    return turn_away(connection, CloseCode::kRefused, entered.error().reason);
  }
  ++stats_.clients;
  stats_.clients_peak = std::max<std::uint64_t>(stats_.clients_peak, sessions_.size());
  ENGINE_ASSERT(session->attach(std::move(connection), 0));
  welcome(*session, visit, false);
  for (const auto& handler : root.table()->on_connect) {
    if (session->has_ended()) return;
    handler(session->api());
  }
  session->flush();
}

// A session that is here, or that another shard has to let go of first. Meanwhile the connection waits; if its client
// leaves, attach finds it closed. A session that is just moving is with neither shard for an instant: then it is looked
// for again.
void Shard::admit_known(const Visit& visit, std::shared_ptr<transport::Connection> connection, int attempt) {
  const auto place = server_.directory().find_session(visit.token);
  if (!place || attempt > kLookForSessionMax)
    return turn_away(connection, CloseCode::kRefused, "this session is over: join again without its token");
  if (place->shard != index_) return fetch(*place, visit, std::move(connection), attempt);
  if (const auto session = sessions_.find(place->session); session != sessions_.end())
    return adopt(session->second, {}, visit, std::move(connection));
  loop_.call_at(now() + kLookForSessionEvery, [this, visit, connection = std::move(connection), attempt] {
    admit_known(visit, connection, attempt + 1);
  });
}

void Shard::fetch(Directory::Place place, const Visit& visit, std::shared_ptr<transport::Connection> connection,
                  int attempt) {
  // Before it gives anything up over there: is there a place for it here?
  if (auto match = match_for(visit); !match) {
    ++stats_.refusals;
    return turn_away(connection, CloseCode::kRefused, match.error().reason);
  }
  Shard& other = *server_.shards()[place.shard];
  other.loop().post([this, &other, visit, connection = std::move(connection), id = place.session, attempt]() mutable {
    const auto found = other.sessions_.find(id);
    std::shared_ptr<SessionCore> session;
    std::vector<RoomSet::Key> rooms;
    if (found != other.sessions_.end()) {
      session = found->second;
      other.leave_match(*session);
      session->drop_connection();
      rooms = other.rooms_.all_rooms_of(id);
      other.rooms_.leave_all(id);
      other.sessions_.erase(found);
      server_.directory().move_session(session->identity().token, index_);
      session->set_shard(*this);
    }
    loop_.post([this, visit, connection = std::move(connection), session = std::move(session), rooms = std::move(rooms),
                attempt]() mutable {
      if (!session) return admit_known(visit, std::move(connection), attempt + 1);
      sessions_[session->identity().id] = session;
      adopt(std::move(session), std::move(rooms), visit, std::move(connection));
    });
  });
}

void Shard::adopt(std::shared_ptr<SessionCore> session, std::vector<RoomSet::Key> rooms, const Visit& visit,
                  std::shared_ptr<transport::Connection> connection) {
  for (const auto& [space, room] : rooms) rooms_.join(session->identity().id, space, room);
  const bool stays = session->match() ? session->match()->id() == visit.match : visit.goal == Visit::Goal::kLobby;
  if (!stays) {
    if (auto entered = enter(*session, visit); !entered) {
      ++stats_.refusals;
      return turn_away(connection, CloseCode::kRefused, entered.error().reason);
    }
  }
  if (!session->attach(std::move(connection), visit.received))
    return session->end(CloseCode::kRefused, "too much was missed to resume");
  welcome(*session, visit, true);
  session->flush();
}

void Shard::welcome(SessionCore& session, const Visit& visit, bool resumed) {
  protocol::Welcome message{.protocol = protocol::kVersion,
                            .server = std::string(protocol::kServerName),
                            .session = session.identity().id,
                            .token = session.identity().token,
                            .resumed = resumed,
                            .received = session.received(),
                            .name = session.identity().name,
                            .match = std::nullopt};
  const LiveMatch* match = session.match();
  if (!match) return session.greet(protocol::encode(message));
  const Kind& kind = match->kind();
  message.match = {.id = match->id(),
                   .kind = kind.name,
                   .player = session.player(),
                   .tick = match->current_tick(),
                   .tick_hz = match->options().tick_hz,
                   .snapshot_hz = match->options().snapshot_hz,
                   .schema_hash = kind.schema.hash(),
                   .rules_hash = kind.rules_hash,
                   .map_hash = kind.map_hash};
  session.greet(protocol::encode(message));
  // A client that names a hash knows of maps; if it is not ours, it gets ours.
  if (kind.map_hash != 0 && visit.map_hash != kind.map_hash)
    session.greet(protocol::encode(protocol::MapView{.hash = kind.map_hash, .body = *match->setup().map}));
}

void Shard::forget(SessionCore& session, std::string_view reason) {
  for (const std::string& space : session.spaces()) {
    const NamespaceCore* core = server_.find_space(space);
    if (!core) continue;
    for (const auto& handler : core->table()->on_disconnect) handler(session.api(), reason);
  }
  leave_match(session);
  rooms_.leave_all(session.identity().id);
  server_.directory().close_session(session.identity().token);
  sessions_.erase(session.identity().id);
}

void Shard::keep_until_closed(std::shared_ptr<SessionCore> session) {
  ++server_.closing();
  closing_[session->identity().id] = std::move(session);
}

void Shard::let_go(SessionCore& session) {
  if (closing_.erase(session.identity().id) != 0) --server_.closing();
}

void Shard::flush_later(SessionCore& session) {
  unflushed_.push_back(session.identity().id);
  if (std::exchange(flush_posted_, true)) return;
  loop_.post([this] { flush_all(); });
}

void Shard::flush_all() {
  flush_posted_ = false;
  for (const SessionId id : std::exchange(unflushed_, {}))
    if (SessionCore* session = this->session(id)) session->flush();
}

void Shard::deliver(const Parcel& parcel) {
  std::set<SessionId> to;
  if (parcel.rooms.empty()) {
    for (const auto& [id, session] : sessions_) to.insert(id);
  } else {
    for (const std::string& room : parcel.rooms) to.merge(std::set(rooms_.members(parcel.space, room)));
  }
  for (const std::string& room : parcel.except_rooms)
    for (const SessionId id : rooms_.members(parcel.space, room)) to.erase(id);
  for (const SessionId id : parcel.except_sessions) to.erase(id);
  for (const SessionId id : to)
    if (SessionCore* session = this->session(id))
      session->send_event(parcel.space, parcel.name, parcel.body, parcel.is_volatile);
}

// --- netcode's own requests
// ---------------------------------------------------------------------------------------------

engine::Result<void> Shard::handle_request(SessionCore& session, std::string_view name, BytesView body, Ack ack) {
  // Acks carry netcode's own tables as bytes: games' object types do not know them.
  const auto answer = [&ack](std::string_view table, Bytes bytes) {
    ack.answer({{}, std::string(table), std::move(bytes)});
  };
  if (name == protocol::kListEvent) {
    auto kind = protocol::decode_list_request(body);
    if (!kind) return kind.error();
    answer(protocol::kMatchListTable, protocol::encode_match_list(server_.directory().list(*kind)));
    return {};
  }
  if (name == protocol::kCreateEvent) {
    create_match(session, body, std::move(ack));
    return {};
  }
  if (name == protocol::kLeaveEvent) {
    leave_match(session);
    ack();
    return {};
  }
  if (name == protocol::kNamespaceEvent) {
    auto space = protocol::decode_namespace_request(body);
    if (!space) return space.error();
    NamespaceCore* core = server_.find_space(*space);
    if (!core) return engine::error("there is no namespace {}", *space);
    Handshake handshake(session.identity().name, session.identity().remote_address, *space, {});
    if (const auto refusal = core->ask(handshake)) return engine::error("{}", *refusal);
    session.enter_space(*space);
    for (const auto& handler : core->table()->on_connect) handler(session.api());
    ack();
    return {};
  }
  return engine::error("no request is called {}", name);
}

void Shard::create_match(SessionCore& session, BytesView body, Ack ack) {
  auto request = protocol::decode_match_request(body);
  if (!request) return ack.fail(request.error().reason);
  const Kind* kind = server_.find_kind(request->kind);
  if (!kind) return ack.fail("no kind of match is called " + request->kind);
  const std::string id = request->id.empty() ? server_.directory().free_id() : request->id;
  const std::string address = session.identity().remote_address.substr(0, session.identity().remote_address.rfind(':'));
  if (auto ok = server_.directory().admit_match(id, address, now()); !ok) return ack.fail(ok.error().reason);

  MatchOptions options = kind->options;
  options.password = request->password;
  options.is_private = request->is_private;
  for (auto& [key, value] : request->options) options.options[key] = value;
  for (auto& [key, value] : request->metadata) options.metadata[key] = value;

  // Made on its own shard, answered on this one: the ack belongs to a session here.
  Shard& home = server_.shard_of_match(id);
  home.loop().post([this, &home, kind, id, options = std::move(options), ack = std::move(ack)]() mutable {
    const auto made = home.open_match(*kind, id, std::move(options));
    Ack::Answer answer;
    if (made) {
      answer = {{}, std::string(protocol::kMatchInfoTable), protocol::encode_match_info((*made)->info())};
    } else {
      answer.error = made.error().reason;
    }
    loop_.post([ack = std::move(ack), answer = std::move(answer)]() mutable { ack.answer(std::move(answer)); });
  });
}

// --- matches
// ------------------------------------------------------------------------------------------------------------

LiveMatch* Shard::match(std::string_view id) const {
  const auto match = matches_.find(id);
  return match == matches_.end() ? nullptr : match->second.get();
}

engine::Result<LiveMatch*> Shard::open_match(const Kind& kind, const std::string& id, MatchOptions options) {
  if (match(id)) return engine::error("there is a match {} already", id);
  if (is_stopping_) return engine::error("the server is shutting down");
  ++stats_.matches;
  auto made = LiveMatch::create(*this, kind, id, std::move(options));
  if (!made) {
    spdlog::debug("match {} was not opened: {}", id, made.error().reason);
    return made.error();
  }
  LiveMatch* match = made->get();
  matches_[id] = std::move(*made);
  spdlog::info("match {} of kind {} opened", id, kind.name);
  return match;
}

engine::Result<LiveMatch*> Shard::match_for(const Visit& visit) {
  if (visit.goal == Visit::Goal::kLobby) return nullptr;
  LiveMatch* match = this->match(visit.match);
  if (!match) {
    const Kind* kind = visit.goal == Visit::Goal::kQuick ? server_.find_kind(visit.kind) : &server_.first_kind();
    if (!kind) return engine::error("no kind of match is called {}", visit.kind);
    if (visit.goal == Visit::Goal::kMatch && !server_.config().create_by_url)
      return engine::error("there is no match {}", visit.match);
    if (auto ok = server_.directory().admit_match(visit.match, visit.remote_address, now()); !ok) return ok.error();
    auto made = open_match(*kind, visit.match, kind->options);
    if (!made) return made.error();
    match = *made;
  }
  if (auto admitted = match->admits(request_of(visit)); !admitted) return admitted.error();
  return match;
}

engine::Result<void> Shard::enter(SessionCore& session, const Visit& visit) {
  auto match = match_for(visit);
  if (!match) return match.error();
  leave_match(session);
  if (!*match) return {};
  if (auto joined = (*match)->join(session, request_of(visit)); !joined) return joined;
  rooms_.join(session.identity().id, protocol::kDefaultNamespace, match_room((*match)->id()));
  return {};
}

void Shard::leave_match(SessionCore& session) {
  LiveMatch* match = session.match();
  if (!match) return;
  leave_match_room(session, *match);
  match->leave(session);
}

void Shard::leave_match_room(SessionCore& session, const LiveMatch& match) {
  rooms_.leave(session.identity().id, protocol::kDefaultNamespace, match_room(match.id()));
}

void Shard::drop_match(LiveMatch& match) {
  const std::string id = match.id();
  server_.directory().remove(id);
  loop_.post([this, id] {
    const auto dropped = matches_.find(id);
    if (dropped == matches_.end()) return;
    const Kind& kind = dropped->second->kind();
    const MatchOptions options = dropped->second->options();
    matches_.erase(dropped);
    if (options.keep_when_empty && !is_stopping_) static_cast<void>(open_match(kind, id, options));
  });
}

std::unique_ptr<recording::Recorder> Shard::record(const Simulation& simulation, const Kind& kind,
                                                   const MatchOptions& options) {
  if (!writer_) return nullptr;
  const auto unix_ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count();
  recording::Recorder::Config config;
  config.info = recording::Recorder::describe(simulation, kind.name, std::string(protocol::kServerName),
                                              static_cast<std::uint64_t>(unix_ms));
  config.info.snapshot_hz = options.snapshot_hz;
  config.path = server_.config().record_dir + "/" + kind.name + "-" + simulation.setup().match_id + "-" +
                std::to_string(unix_ms) + ".scrim";
  stats_.recordings.push_back(config.path);
  return std::make_unique<recording::Recorder>(*writer_, std::move(config));
}

std::uint64_t Shard::next_seed() {
  const std::uint64_t seed = server_.config().seed;
  if (seed != 0) {
    engine::Rng rng(seed + index_, stats_.matches);
    const std::uint64_t high = rng.next();
    return (high << 32) | rng.next();
  }
  return std::stoull(random_hex(8), nullptr, 16);
}

}  // namespace netcode
