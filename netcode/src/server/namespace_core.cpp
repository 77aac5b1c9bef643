#include "server/namespace_core.hpp"

#include "server/admin_ui_tap.hpp"
#include "server/guarded.hpp"
#include "server/routes.hpp"
#include "server/server_core.hpp"
#include "server/session_core.hpp"
#include "transport/websocket/connection.hpp"

namespace netcode {

std::shared_ptr<const NamespaceCore::Table> NamespaceCore::table() const {
  const std::lock_guard lock(mutex_);
  return table_;
}

// --- registering

void NamespaceCore::change(const std::function<void(Table&)>& change) {
  std::shared_ptr<const Table> before;  // let go of after the lock: what a handler holds may call back
  const std::lock_guard lock(mutex_);
  auto next = std::make_shared<Table>(*table_);
  change(*next);
  before = std::exchange(table_, std::move(next));
}

void NamespaceCore::add(std::string_view table_name, Handler handler, bool takes_ack, bool once) {
  change([&](Table& table) {
    table.events[std::string(table_name)].push_back({.id = next_id_++,
                                                     .handler = std::make_shared<Handler>(std::move(handler)),
                                                     .takes_ack = takes_ack,
                                                     .once = once ? std::make_shared<std::atomic<bool>>() : nullptr});
  });
}

void NamespaceCore::take_over(const NamespaceCore& parent) {
  const auto held = parent.table();
  const std::lock_guard lock(mutex_);
  table_ = held;
  next_id_ = parent.next_id_;
}

void NamespaceCore::erase(std::string_view table_name, std::uint64_t id) {
  change([&](Table& table) {
    const auto entries = table.events.find(table_name);
    if (entries == table.events.end()) return;
    std::erase_if(entries->second, [id](const Entry& entry) { return entry.id == id; });
    if (entries->second.empty()) table.events.erase(entries);
  });
}

// --- calling

// A client gives up after kHandshakeAnswerMax by itself and without a reason: it is told one before that.
constexpr std::chrono::milliseconds kAnswerWithin = limits::kHandshakeAnswerMax * 4 / 5;

/// The middlewares that a client at the door has still to pass. While one of them answers later its timer alone owns
/// this: it goes with the loop, and the program may keep an answer for longer.
struct NamespaceCore::Asking {
  std::shared_ptr<const Table> table;
  std::string space;
  transport::Loop& loop;
  std::weak_ptr<Routes> routes;
  Handshake handshake;
  Decided decided;
  std::size_t next = 0;
  std::optional<Ticket> ticket{};
  transport::Loop::TimerId timer{};

  void end(HandshakeDecision decision) {
    if (const Decided tell = std::exchange(decided, nullptr)) tell(std::move(decision));
  }
};

void NamespaceCore::ask(transport::Loop& loop, Handshake handshake, Decided decided) const {
  go_on(std::make_shared<Asking>(Asking{.table = table(),
                                        .space = name_,
                                        .loop = loop,
                                        .routes = server_.routes().weak_from_this(),
                                        .handshake = std::move(handshake),
                                        .decided = std::move(decided)}));
}

void NamespaceCore::go_on(const std::shared_ptr<Asking>& asking) {
  const auto take = [](Asking& of, HandshakeDecision decision) {
    if (decision.ticket) of.ticket = std::move(decision.ticket);
    if (!decision.refusal) return true;
    of.end({.refusal = std::move(decision.refusal), .data = std::move(decision.data), .ticket = {}});
    return false;
  };
  while (asking->next < asking->table->middleware.size()) {
    const Middleware& middleware = asking->table->middleware[asking->next++];
    std::optional<Handshake::Verdict> verdict;
    auto ran = guarded("middleware of namespace ", asking->space, [&] { verdict = middleware(asking->handshake); });
    if (!ran) return asking->end({.refusal = ran.error().reason, .ticket = {}});
    if (!verdict->later_) {
      if (!take(*asking, std::move(verdict->decision_))) return;
      continue;
    }
    asking->timer = asking->loop.call_at(asking->loop.now() + kAnswerWithin, [asking] {
      asking->end({.refusal = "nobody answered for this client in time", .ticket = {}});
    });
    const HandshakeAnswer later = *std::exchange(verdict->later_, std::nullopt);
    return later.then([waiting = std::weak_ptr(asking), routes = asking->routes, &loop = asking->loop,
                       take](HandshakeDecision decision) {
      const auto way = routes.lock();
      if (!way) return;  // the server is gone
      way->post(loop, [waiting, take, decision = std::move(decision)]() mutable {
        const auto answered = waiting.lock();
        if (!answered) return;  // too late
        answered->loop.cancel(answered->timer);
        if (answered->decided && take(*answered, std::move(decision))) go_on(answered);
      });
    });
  }
  asking->end({.refusal = {}, .ticket = std::move(asking->ticket)});
}

Session NamespaceCore::face_of(SessionCore& session) const {
  return Session(session, name_, session.spaces().data(name_));
}

void NamespaceCore::connected(SessionCore& session) const {
  if (AdminTap* tap = server_.admin_tap()) tap->entered(session, name_);
  const auto held = table();
  Session face = face_of(session);
  const auto kept = session.shared_from_this();
  for (const auto& handler : held->on_connect) {
    if (session.has_ended() || !session.is_in(name_)) return;
    if (auto ran = guarded("on_connect of namespace ", name_, [&] { handler(face); }); !ran)
      return session.end(transport::CloseCode::kInternalError, ran.error().reason);
  }
}

void NamespaceCore::lost(SessionCore& session, std::string_view why) const {
  const auto held = table();
  Session face = face_of(session);
  for (const auto& handler : held->on_lost) {
    if (session.has_ended() || !session.is_in(name_)) return;
    static_cast<void>(guarded("on_lost of namespace ", name_, [&] { handler(face, why); }));
  }
}

void NamespaceCore::resumed(SessionCore& session) const {
  const auto held = table();
  Session face = face_of(session);
  for (const auto& handler : held->on_resumed) {
    if (session.has_ended() || !session.is_in(name_)) return;
    static_cast<void>(guarded("on_resumed of namespace ", name_, [&] { handler(face); }));
  }
}

void NamespaceCore::disconnected(SessionCore& session, SessionSpaces::Data data, std::string_view reason) const {
  if (AdminTap* tap = server_.admin_tap()) tap->left(session, name_, reason);
  const auto held = table();
  Session face(session, name_, std::move(data));
  for (const auto& handler : held->on_disconnect)
    static_cast<void>(guarded("on_disconnect of namespace ", name_, [&] { handler(face, reason); }));
}

bool NamespaceCore::tell_any(SessionCore& session, const EventView& event, Ack& ack) const {
  const auto held = table();
  if (held->on_any.empty()) return true;
  Session face = face_of(session);
  for (const auto& handler : held->on_any) {
    if (auto ran = guarded("on_any, given ", event.table, [&] { handler(face, event); }); !ran) {
      ack.fail(ran.error().reason);
      return false;
    }
    if (session.has_ended()) return false;
    if (session.is_in(name_)) continue;
    ack.fail("not in namespace " + name_);  // any more: the handler has put it out
    return false;
  }
  return true;
}

bool NamespaceCore::handle(SessionCore& session, const EventView& event, Ack ack) {
  const auto held = table();
  const auto entries = held->events.find(event.table);
  if (entries == held->events.end()) return false;
  Session face = face_of(session);
  bool is_handled = false, is_answered_by_one = false;
  for (const Entry& entry : entries->second) {
    if (session.has_ended()) return true;
    if (!session.is_in(name_)) break;  // the handler before has put it out
    if (!may_run(entry)) continue;
    if (entry.once) erase(event.table, entry.id);
    is_handled = true;
    is_answered_by_one |= entry.takes_ack;
    Ack given = ack;
    auto ran = guarded("the handler of ", event.table, [&] { (*entry.handler)(face, event.body, given); });
    if (ran) continue;
    ack.fail(ran.error().reason);
    return true;
  }
  if (is_handled && !is_answered_by_one) ack();
  return is_handled;
}

// --- the public face

Namespace& Namespace::use(Middleware middleware) {
  core_->change([&](auto& table) { table.middleware.push_back(std::move(middleware)); });
  return *this;
}

void Namespace::add(std::string_view table_name, Handler handler, bool takes_ack, bool once) {
  core_->add(table_name, std::move(handler), takes_ack, once);
}

void Namespace::remove(std::string_view table_name) {
  core_->change([&](auto& table) { table.events.erase(std::string(table_name)); });
}

Namespace& Namespace::on_any(std::function<void(Session&, const EventView&)> handler) {
  core_->change([&](auto& table) { table.on_any.push_back(std::move(handler)); });
  return *this;
}

Namespace& Namespace::on_connect(std::function<void(Session&)> handler) {
  core_->change([&](auto& table) { table.on_connect.push_back(std::move(handler)); });
  return *this;
}

Namespace& Namespace::on_lost(std::function<void(Session&, std::string_view)> handler) {
  core_->change([&](auto& table) { table.on_lost.push_back(std::move(handler)); });
  return *this;
}

Namespace& Namespace::on_resumed(std::function<void(Session&)> handler) {
  core_->change([&](auto& table) { table.on_resumed.push_back(std::move(handler)); });
  return *this;
}

Namespace& Namespace::on_disconnect(std::function<void(Session&, std::string_view)> handler) {
  core_->change([&](auto& table) { table.on_disconnect.push_back(std::move(handler)); });
  return *this;
}

Broadcast Namespace::everyone() { return Broadcast(core_->server(), core_->name()); }

Broadcast Namespace::to(std::string_view room) {
  Broadcast out = everyone();
  out.to(room);
  return out;
}

Broadcast Namespace::to(SessionId session) {
  Broadcast out = everyone();
  out.to(session);
  return out;
}

}  // namespace netcode
