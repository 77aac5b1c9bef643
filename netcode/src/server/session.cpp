// The public faces of what lives in the server: Session, Broadcast and Match. Each passes on to the core behind it.
#include "netcode/session.hpp"

#include "engine/core/utf8.hpp"
#include "netcode/match.hpp"
#include "protocol/requests.hpp"
#include "server/guarded.hpp"
#include "server/live_match.hpp"
#include "server/server_core.hpp"
#include "server/session_core.hpp"
#include "server/shard.hpp"

namespace netcode {

// --- Session

SessionId Session::id() const { return core_->identity().id; }
const std::string& Session::name() const { return core_->identity().name; }
const std::string& Session::remote_address() const { return core_->identity().remote_address; }
bool Session::is_connected() const { return core_->is_connected(); }
PlayerId Session::player() const { return core_->player(); }

void Session::emit_table(std::string_view table, Bytes body, std::string_view space, bool is_volatile) {
  const auto event = core_->shard().server().make_emitted(table, space, body);
  if (event) core_->send_event(space, *event, is_volatile);
}

void Session::emit_table_with_ack(std::string_view table, Bytes body, std::string_view space, ReplyHandler reply,
                                  std::chrono::milliseconds timeout) {
  core_->send_with_ack(space, table, body, std::move(reply), timeout);
}

bool Session::is_in(std::string_view space) const { return core_->is_in(space); }

bool Session::leave_space(std::string_view space, std::string_view reason) {
  const std::string left(space);
  const std::string printable = engine::printable_utf8(reason);
  const std::string why(engine::utf8_prefix(printable, limits::kCloseReasonBytesMax));
  if (left == protocol::kDefaultNamespace || !core_->leave_space(left, why)) return false;
  const Bytes body = protocol::encode_namespace_left({.space = left, .reason = why});
  const auto event = core_->shard().server().make_event({.name = protocol::kLeftNamespaceEvent, .body = body});
  if (event) core_->send_reliable({.event = event});
  return true;
}

bool Session::join(std::string_view room, std::string_view space) {
  return is_in(space) && core_->shard().rooms().join(id(), space, room);
}
void Session::leave(std::string_view room, std::string_view space) { core_->shard().rooms().leave(id(), space, room); }
std::vector<std::string> Session::rooms(std::string_view space) const {
  return core_->shard().rooms().rooms_of(id(), space);
}

Broadcast Session::broadcast(std::string_view space) const {
  Broadcast out(core_->shard().server(), std::string(space));
  out.except(id());
  return out;
}

Broadcast Session::to(std::string_view room, std::string_view space) const {
  Broadcast out = broadcast(space);
  out.to(room);
  return out;
}

std::optional<Match> Session::match() const {
  if (!core_->match()) return std::nullopt;
  return Match(core_->shard().server(), core_->match()->id());
}

void Session::close(std::string_view reason) { core_->end(transport::CloseCode::kKicked, reason); }

// --- SessionHandle

bool SessionHandle::exists() const { return server_->directory().find_session(id_).has_value(); }

Broadcast SessionHandle::to(std::string_view space) const {
  Broadcast out(*server_, std::string(space));
  out.to(id_);
  return out;
}

void SessionHandle::kick(std::string reason) const {
  server_->routes().to_session(
      id_, [reason = std::move(reason)](SessionCore& session) { session.end(transport::CloseCode::kKicked, reason); });
}

void SessionHandle::post(std::function<void(Session&)> work) const {
  server_->routes().to_session(id_, [work = std::move(work)](SessionCore& session) {
    if (session.has_ended()) return;
    if (auto ran = guarded("what was posted to session ", std::to_string(session.identity().id.value),
                           [&] { work(session.api()); });
        !ran)
      session.end(transport::CloseCode::kInternalError, ran.error().reason);
  });
}

void SessionHandle::after(std::chrono::milliseconds delay, std::function<void(Session&)> work) const {
  server_->routes().to_session(id_, [delay, handle = *this, work = std::move(work)](SessionCore& session) {
    transport::Loop& loop = session.shard().loop();
    loop.call_at(loop.now() + delay, [handle, work] { handle.post(work); });
  });
}

// --- Broadcast

Broadcast& Broadcast::to(std::string_view room) {
  rooms_.emplace_back(room);
  return *this;
}
Broadcast& Broadcast::to(SessionId session) {
  sessions_.push_back(session);
  return *this;
}
Broadcast& Broadcast::except(std::string_view room) {
  except_rooms_.emplace_back(room);
  return *this;
}
Broadcast& Broadcast::except(SessionId session) {
  except_sessions_.push_back(session);
  return *this;
}
Broadcast& Broadcast::except(const Session& session) { return except(session.id()); }
Broadcast& Broadcast::as_volatile() {
  is_volatile_ = true;
  return *this;
}

void Broadcast::emit_table(std::string_view table, Bytes body) const {
  auto event = server_->make_emitted(table, space_, body);
  if (event) send(std::move(*event));
}

/// Whom a Broadcast goes to, as shards have it.
struct ParcelOf {
  static Shard::Parcel make(const Broadcast& from, SharedEventPtr event) {
    return {.event = std::move(event),
            .space = from.space_,
            .rooms = from.rooms_,
            .sessions = from.sessions_,
            .match = from.match_,
            .player = from.player_,
            .except_rooms = from.except_rooms_,
            .except_sessions = from.except_sessions_,
            .is_volatile = from.is_volatile_};
  }
};

void Broadcast::send(SharedEventPtr event) const { server_->broadcast(ParcelOf::make(*this, std::move(event))); }

void Broadcast::visit(std::function<void(SessionCore&)> work, std::function<void()> done) const {
  server_->visit(ParcelOf::make(*this, nullptr), std::move(work), std::move(done));
}

void Broadcast::for_each(std::function<void(Session&)> work, std::function<void()> done) const {
  visit(
      [space = space_, work = std::move(work)](SessionCore& session) {
        Session face(session, space, session.spaces().data(space));
        if (auto ran = guarded("what was called for each session of ", space, [&] { work(face); }); !ran)
          session.end(transport::CloseCode::kInternalError, ran.error().reason);
      },
      [done = std::move(done)] {
        if (done) static_cast<void>(guarded("what was called after each session", "", done));
      });
}

// --- Match

Broadcast Match::everyone() const {
  Broadcast out(*server_, std::string(protocol::kDefaultNamespace));
  out.match_ = id_;
  return out;
}

Broadcast Match::to(PlayerId player) const {
  Broadcast out = everyone();
  out.player_ = player;
  return out;
}

std::vector<MatchPlayer> Match::players() const { return server_->directory().players(id_); }

Broadcast Match::except(const Session& session) const {
  Broadcast out = everyone();
  out.except(session);
  return out;
}

engine::Result<void> Match::post_table(std::string_view table, Bytes body) const {
  if (auto ok = server_->check_input(id_, table); !ok) return ok;
  return server_->with_match(
      id_, [table = std::string(table), body = std::move(body)](LiveMatch& match) -> engine::Result<void> {
        if (auto posted = match.post(kNoPlayer, table, body); !posted)
          return engine::error("a post is left out: {}", posted.error().reason);
        return {};
      });
}

engine::Result<void> Match::call(std::function<void()> work) const {
  return server_->with_match(id_, [id = id_, work = std::move(work)](LiveMatch&) -> engine::Result<void> {
    return guarded("what was posted to match ", id, work);
  });
}

engine::Result<void> Match::after(std::chrono::milliseconds delay, std::function<void()> work) const {
  return server_->with_match(id_,
                             [delay, match = *this, work = std::move(work)](LiveMatch& live) -> engine::Result<void> {
                               live.call_after(delay, [match, work] { static_cast<void>(match.call(work)); });
                               return {};
                             });
}

engine::Result<void> Match::end(std::string result) const {
  return server_->with_match(id_, [result = std::move(result)](LiveMatch& match) -> engine::Result<void> {
    match.request_end(result);
    return {};
  });
}

engine::Result<void> Match::lock(bool locked) const {
  return server_->with_match(id_, [locked](LiveMatch& match) -> engine::Result<void> {
    match.set_locked(locked);
    return {};
  });
}

engine::Result<void> Match::set_metadata(std::string key, std::string value) const {
  if (!engine::is_utf8(key) || !engine::is_utf8(value))
    return engine::error("set_metadata: {} is not UTF-8", engine::printable_utf8(key));
  return server_->with_match(
      id_, [key = std::move(key), value = std::move(value)](LiveMatch& match) -> engine::Result<void> {
        match.set_metadata(key, value);
        return {};
      });
}

}  // namespace netcode
