// The server: kinds of matches, middleware, event handlers, and run().
//
//   netcode::Server server(netcode::ServerConfig::from_args(argc, argv));
//   server.define<tag::Game>("tag", {.players_max = 8}).bots<tag::Chaser>({.fill_to = 4});
//   server.use([](netcode::Handshake& h) { return h.name() == "it" ? h.refuse("no") : h.accept(); });
//   server.on<tag::Chat>([](netcode::Session& s, const tag::Chat& chat, netcode::Ack ack) { ... ack(); });
//   return server.run();
//
// Threading: define before run(); all else at any time from any thread, before, during and after run(). Handlers run on
// the thread of their session's shard: with threads = 1 on one, else several at once, never two for one session. What
// they throw is logged and ends no more than what it was thrown for: the ask fails, the visitor is refused, the session
// or the match ends.
#pragma once

#include <chrono>
#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.hpp"
#include "netcode/ack.hpp"
#include "netcode/bot.hpp"
#include "netcode/event.hpp"
#include "netcode/handshake.hpp"
#include "netcode/json.hpp"
#include "netcode/match.hpp"
#include "netcode/match_info.hpp"
#include "netcode/rules.hpp"
#include "netcode/server_config.hpp"
#include "netcode/session.hpp"

namespace netcode {

/// How matches of a kind are made. A client's MatchRequest may change the options, the metadata and the password.
struct MatchOptions {
  std::uint32_t players_max = 16;
  std::uint32_t spectators_max = 16;
  std::optional<std::uint32_t> bots;  // bots fill it up to so many players; none: as the kind's BotOptions say
  std::uint32_t tick_hz = 60;
  std::uint32_t snapshot_hz = 30;
  std::uint32_t rewind_ms_max = 400;  // shots are judged by what their shooter was shown, at most so long ago; 0: never
  bool keep_when_empty = false;       // else a match that nobody is in ends after kMatchEmptyTimeout ...
  bool ticks_when_empty = false;      // ... and one that is kept stands still then, until somebody comes
  bool is_private = false;            // not listed, never a quick join's target
  std::string password;
  Fields options;   // given to the rules
  Fields metadata;  // shown in lists
  SharedBytes map;
};

/// Completes the options of a match that is about to be made, whoever asked for it (a request, a URL, open, the match
/// before it): the map that an option names, the seats of a mode, what lists show. An error refuses the match with a
/// reason that its asker is shown. It may be given its own work again. Called on the thread of any shard.
using MatchPreparer = std::function<engine::Result<void>(MatchOptions&)>;

class NamespaceCore;

/// A separate space of events, rooms and middleware. Every client is in "/"; others it enters by name.
class Namespace {
 public:
  explicit Namespace(NamespaceCore& core) : core_(&core) {}

  Namespace& use(Middleware middleware);
  /// `void(Session&, const T&)` or `void(Session&, const T&, Ack)`. Several handlers of one type are called in the
  /// order of their registration; the event is acknowledged after the last one, unless one of them takes an Ack. A
  /// handler may add and remove handlers, itself too: that counts from the next event on.
  template <Table T, class F>
  Namespace& on(F handler) {
    add(T::GetFullyQualifiedName(), wrap<T>(std::move(handler)), kTakesAck<T, F>, false);
    return *this;
  }
  /// For one event of all that come to this server.
  template <Table T, class F>
  Namespace& once(F handler) {
    add(T::GetFullyQualifiedName(), wrap<T>(std::move(handler)), kTakesAck<T, F>, true);
    return *this;
  }
  /// All handlers of this type.
  template <Table T>
  Namespace& off() {
    remove(T::GetFullyQualifiedName());
    return *this;
  }
  /// Before the event's own handler, if it has one.
  Namespace& on_any(std::function<void(Session&, const EventView&)> handler);
  /// Of a name that no schema declares, from clients of Socket.IO: JSON of any shape (netcode/json.hpp). Several
  /// handlers are called in the order of their registration; the first that answers is heard.
  using JsonHandler = std::function<void(Session&, const JsonArguments&, JsonAck)>;
  Namespace& on_json(std::string name, JsonHandler handler);
  /// Before the handlers of every such event, also of one that has none: an error keeps it from them, and is its answer
  /// where the middleware has given none itself.
  using JsonMiddleware =
      std::function<engine::Result<void>(Session&, std::string_view name, const JsonArguments&, JsonAck)>;
  Namespace& use_json(JsonMiddleware middleware);
  /// A session is in this namespace from now on: in "/" from its beginning.
  Namespace& on_connect(std::function<void(Session&)> handler);
  /// Its client is gone without a goodbye, and for the resume window it is waited for: on_resumed or on_disconnect
  /// follows. Not called as long as one of two connections lives, nor when a newer connection takes over. A session
  /// that is lost and comes back faster than limits::kResumesPerSecondMax allows ends. `why` in words.
  Namespace& on_lost(std::function<void(Session&, std::string_view why)> handler);
  /// The client is back, and gets what it is sent now after all that it has missed.
  Namespace& on_resumed(std::function<void(Session&)> handler);
  /// It has left this namespace, or has ended: `reason` in words, "left" where its client wanted it so.
  Namespace& on_disconnect(std::function<void(Session&, std::string_view reason)> handler);

  Broadcast everyone();
  Broadcast to(std::string_view room);
  Broadcast to(SessionId session);
  template <TableObject T>
  void emit(const T& event) {
    everyone().emit(event);
  }

 private:
  using Handler = std::function<void(Session&, BytesView body, Ack& ack)>;
  template <class T, class F>
  static constexpr bool kTakesAck = std::is_invocable_v<F&, Session&, const T&, Ack>;
  template <Table T, class F>
  static Handler wrap(F handler) {
    return [handler = std::move(handler)](Session& session, BytesView body, [[maybe_unused]] Ack& ack) mutable {
      const T& event = *flatbuffers::GetRoot<T>(body.data());
      if constexpr (kTakesAck<T, F>) {
        handler(session, event, std::move(ack));
      } else {
        handler(session, event);
      }
    };
  }
  void add(std::string_view table, Handler handler, bool takes_ack, bool once);
  void remove(std::string_view table);
  NamespaceCore* core_;
};

/// What a server has done so far.
struct ServerStats {
  std::uint64_t ticks = 0;
  std::uint64_t late_ticks = 0;
  std::uint64_t skipped_ticks = 0;
  std::uint64_t clients = 0;  // sessions opened
  std::uint64_t clients_peak = 0;
  std::uint64_t snapshots = 0;  // handed to connections
  std::uint64_t snapshots_encoded = 0;
  std::uint64_t snapshots_dropped = 0;  // replaced by a newer one before a connection took them
  std::uint64_t snapshot_bytes = 0;     // WebSocket payload
  std::uint64_t events_encoded = 0;     // events and answers of which bytes were made, however many they went to
  std::uint64_t actions = 0;            // taken
  std::uint64_t actions_late = 0;
  std::uint64_t actions_dropped = 0;  // duplicates, refused ones, over the limits
  std::uint64_t actions_missing = 0;  // ticks that were computed before the action that named them had come
  std::uint64_t events = 0;
  std::uint64_t events_missed = 0;  // of other clients, not given to one that was too far behind already
  std::uint64_t refusals = 0;
  std::uint64_t matches = 0;  // made
  std::uint64_t recordings_made = 0;
  std::vector<std::string> recordings;  // the newest kRecordingsListedMax of each shard
};

class ServerCore;

class Server {
 public:
  explicit Server(ServerConfig config = {});
  ~Server();

  class Kind;
  /// A kind of match; the first one defined is what /match/<id> makes. Throws std::runtime_error for what no kind can
  /// be.
  template <RulesClass T>
  requires std::default_initializable<T> Kind define(std::string name, MatchOptions options = {});
  /// The same for rules that are given something: `factory` makes those of each match, on the thread of any shard, on
  /// several at once. Where it throws or gives null the match is not made, as where Rules::prepare gives an error.
  template <RulesClass T>
  Kind define(std::string name, MatchOptions options, RulesFactory<T> factory);

  Namespace& of(std::string_view space);
  /// Every namespace of a name that `matches`: each is made when a client of Socket.IO first asks for it, with the
  /// handlers that this has by then. Before run(), or it throws std::runtime_error. At most limits::kSpacesMadeMax are
  /// made.
  Namespace& of_each(std::function<bool(std::string_view name)> matches);
  Namespace& use(Middleware middleware) { return of("/").use(std::move(middleware)); }
  template <Table T, class F>
  Namespace& on(F handler) {
    return of("/").on<T>(std::move(handler));
  }
  template <TableObject T>
  void emit(const T& event) {
    of("/").emit(event);
  }
  Broadcast to(std::string_view room) { return of("/").to(room); }
  Broadcast to(SessionId session) { return of("/").to(session); }
  SessionHandle session(SessionId id) { return SessionHandle(*core_, id); }
  void kick(SessionId id, std::string reason) { session(id).kick(std::move(reason)); }

  /// A static answer to GET and HEAD at this path, below the path prefix: a page, a script. With an ETag, by which a
  /// browser that asks again is told 304 as long as it has the same. Before run() only. Throws std::runtime_error for a
  /// path that is the server's own or served already.
  Server& serve(std::string path, std::string content_type, std::string body);
  /// A match of a defined kind that stands from the start of run(), or soon after the call when it runs. `id` as in a
  /// URL. An error names the field; run() then refuses to start with it, so that it cannot be overlooked. What only the
  /// making shows (a preparer's error, broken rules) ends the start as well, and is logged once the server runs. When
  /// it ends it is made anew: at once, and with a pause that doubles up to kMatchAgainPauseMax where it keeps ending
  /// within kMatchShortLived of its start.
  engine::Result<void> open(std::string_view kind, std::string_view id,
                            std::optional<MatchOptions> options = std::nullopt);
  Match match(std::string_view id);
  /// The lives of matches, on the thread of each. Several handlers are called in the order of their registration.
  Server& on_match_opened(std::function<void(const Match&)> handler);
  /// Before a session is given a seat or, if it `spectates`, a place: an error keeps it out, where it was, and its
  /// client is shown the reason. Asked of everybody who comes into a match: by its URL, by quick join, from another
  /// match, on whatever thread that is; not of who comes back to a seat that was kept. Called on the session's thread,
  /// not the match's where those differ; of a client that is new before its on_connect, and what it is sent then is
  /// dropped. The first of several handlers that refuses has the word, so has one that throws.
  Server& on_match_entering(std::function<engine::Result<void>(const Match&, Session&, bool spectates)> handler);
  /// After the session's on_connect, and before its first snapshot; `session.player()` is its seat, kNoPlayer watches.
  Server& on_match_joined(std::function<void(const Match&, Session&)> handler);
  /// It is in no match any more. Called of those of whom on_match_joined was called, once for each time: not of one
  /// that ends before that (in its on_connect or on_resumed), nor of those who are there when a match ends.
  Server& on_match_left(std::function<void(const Match&, Session&, PlayerId)> handler);
  Server& on_match_ended(std::function<void(const EndedMatch&)> handler);
  std::vector<MatchInfo> list(std::string_view kind = "") const;

  /// Listens, prints "listening on ws://HOST:PORT" for each address, serves until the duration is over, stop(),
  /// SIGTERM, SIGINT or SIGHUP, ends the matches, closes the sessions with a reason, finishes the recordings and
  /// returns the process's exit code: 0, or 2 with one line on stderr when the configuration cannot work (port in use).
  /// With config.check_only it serves nothing: it says in one line whether a start would work, with the same exit code.
  /// Once for each Server.
  int run();
  /// From any thread, and from a signal handler.
  void stop();
  /// Called on the first shard's thread when the listeners are open: their ports, in the order of config.listen.
  void on_listening(std::function<void(const std::vector<std::uint16_t>& ports)> handler);

  /// Exact after run(); while it runs a moment old, and each number for itself.
  ServerStats stats() const;
  ServerCore& core() { return *core_; }

 private:
  void define_kind(std::string name, RulesType type, MatchOptions options);
  void define_bots(const std::string& kind, BotMaker maker, BotOptions options);
  void define_preparer(const std::string& kind, MatchPreparer preparer);
  struct Runner;
  std::unique_ptr<ServerCore> core_;
  std::unique_ptr<Runner> runner_;
};

class Server::Kind {
 public:
  Kind(Server& server, std::string name) : server_(&server), name_(std::move(name)) {}
  /// Bots of class T, made with a BotSetup or by default.
  template <std::derived_from<Bot> T>
  Kind& bots(BotOptions options) {
    return bots(
        [](const BotSetup& setup) -> std::unique_ptr<Bot> {
          if constexpr (std::is_constructible_v<T, const BotSetup&>) {
            return std::make_unique<T>(setup);
          } else {
            return std::make_unique<T>();
          }
        },
        std::move(options));
  }
  Kind& prepare(MatchPreparer preparer) {
    server_->define_preparer(name_, std::move(preparer));
    return *this;
  }
  Kind& bots(BotMaker maker, BotOptions options) {
    server_->define_bots(name_, std::move(maker), std::move(options));
    return *this;
  }

 private:
  Server* server_;
  std::string name_;
};

template <RulesClass T>
requires std::default_initializable<T> Server::Kind Server::define(std::string name, MatchOptions options) {
  RulesType type = rules_type<T>();
  define_kind(name, std::move(type), std::move(options));
  return Kind(*this, std::move(name));
}

template <RulesClass T>
Server::Kind Server::define(std::string name, MatchOptions options, RulesFactory<T> factory) {
  RulesType type = rules_type<T>(std::move(factory));
  define_kind(name, std::move(type), std::move(options));
  return Kind(*this, std::move(name));
}

}  // namespace netcode
