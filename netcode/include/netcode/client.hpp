// The client's end of a game: connect, join a match, emit and on, act, and the newest World.
//
//   netcode::Client<tag::Game> client({.url = "ws://127.0.0.1:8787", .name = "ada"});
//   client.on<tag::Tagged>([](const tag::Tagged& t) { ... });
//   client.quick_join("tag");
//   while (playing) { client.poll(); while (client.action_due()) client.act({.dx = 1}); draw(client.world()); }
//
// Threading: one thread; every handler runs inside poll() or wait(), on the caller's thread. Errors that happen to a
// connection never throw: the client reconnects with backoff and resumes its session, and says so in state() and
// on_state. Ownership: what handlers are given is valid during the handler; world() until the next poll() or wait(). A
// handler may call anything but poll() and wait(), and must not destroy the client. A client that is destroyed leaves
// as by close(), and its handlers are not called any more.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/clock.hpp"
#include "engine/core/result.hpp"
#include "netcode/ack.hpp"
#include "netcode/auth.hpp"
#include "netcode/bytes.hpp"
#include "netcode/event.hpp"
#include "netcode/field_cost.hpp"
#include "netcode/ids.hpp"
#include "netcode/limits.hpp"
#include "netcode/match_info.hpp"
#include "netcode/network_profile.hpp"
#include "netcode/schema.hpp"
#include "netcode/view_time.hpp"

namespace netcode {

namespace transport {
class Connector;
/// So that a game's code can hold what only netcode's own knows whole.
struct ConnectorDeleter {
  ConnectorDeleter() = default;
  template <class T>
  ConnectorDeleter(const std::default_delete<T>& /*of_what_is_one*/) {}
  void operator()(Connector* connector) const;
};
}  // namespace transport
using ConnectorPtr = std::unique_ptr<transport::Connector, transport::ConnectorDeleter>;

/// How many connections carry a session while it is in a match. Two of them rarely stall together; the first copy of
/// what comes counts, and nothing comes twice.
enum class Links : std::uint8_t {
  kAuto,  // a second one once the network has stalled as TCP does at a loss
  kOne,
  kTwo,
};

struct ClientConfig {
  std::string url = "ws://127.0.0.1:8787";  // the server; a path in it goes before ours. "host" is ws://host:8787
  std::string name{};                       // 1 to 32 bytes
  /// Shown to the server's middleware when a session begins, and not again when it is resumed or moves: a table of the
  /// game's schema, of at most kAuthBytesMax.
  std::optional<Auth> auth{};
  bool reconnect = true;
  bool follow = true;                          // where a match goes on in another one: join that
  std::chrono::milliseconds backoff_min{100};  // before the first retry; doubles, with jitter of +-50 %
  std::chrono::milliseconds backoff_max{5'000};
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds give_up_after{30'000};  // without a connection: as long as the server keeps the seat
  std::uint64_t jitter_seed = 0;                    // of backoff and simulate; 0: from the system
  /// As if the server were reached over such a network: to feel it by hand, over real connections.
  std::optional<NetworkProfile> simulate{};
  Links links = Links::kAuto;
};

enum class ClientState : std::uint8_t {
  kIdle,          // nothing asked for yet
  kConnecting,    // the first connection
  kConnected,     // in the lobby
  kInMatch,       // playing or spectating
  kReconnecting,  // the connection was lost; trying to resume
  kClosed,        // ended: reason() says why; connect or join starts anew, with a new session
};
std::string_view to_string(ClientState state);

struct JoinOptions {
  std::string password{};
  bool spectate = false;
};

/// What the server says of the match that one is in.
struct JoinedMatch {
  std::string id;
  std::string kind;
  PlayerId player = kNoPlayer;  // kNoPlayer: a spectator
  std::uint32_t tick_hz = 0;
  std::uint32_t snapshot_hz = 0;
  bool rules_differ = false;    // the server runs another version of the rules: no prediction
  bool schema_differs = false;  // ... and was built with another schema, whose World can be read all the same
  bool converted = false;       // ... by its fields' names: one that the server's schema has not is as if absent
  bool resumed = false;
};

struct SnapshotInfo {
  Tick tick = 0;
  std::uint32_t action_sequence = 0;  // the newest of our actions in it
  Tick action_tick = 0;
  std::chrono::milliseconds slack{};
  std::size_t message_bytes = 0;  // WebSocket payload
  engine::TimePoint arrived{};
};

struct ClientStats {
  std::uint64_t snapshots = 0;  // first copies
  // WebSocket payload, by what it is for. Down: messages that carry a snapshot (second copies too); events and acks;
  // the rest.
  std::uint64_t snapshot_bytes = 0;
  std::uint64_t event_bytes = 0;
  std::uint64_t other_bytes = 0;
  // Up: actions; events and acks; word of what was received.
  std::uint64_t action_bytes = 0;
  std::uint64_t sent_event_bytes = 0;
  std::uint64_t sent_other_bytes = 0;
  std::uint64_t events = 0;         // received, netcode's own left out
  std::uint64_t events_missed = 0;  // the server kept no more of them until we were back
  std::uint64_t duplicates = 0;     // reliable messages that came twice and were handled once
  std::uint64_t actions = 0;
  std::uint64_t disconnects = 0;  // times that no connection was left, not closed by us
  std::uint64_t reconnects = 0;
  std::uint64_t resumed = 0;
  std::uint64_t refused = 0;      // connections and joins that the server refused or that never came about
  std::uint32_t links = 0;        // open now
  std::uint64_t twin_opened = 0;  // a connection came to carry the session beside another
  std::uint64_t twin_lost = 0;    // one of two was lost, and the other carried the session on
  std::uint64_t raced = 0;        // a new connection took the place of one that had gone silent
  std::array<std::uint64_t, 2> first_copies{};  // snapshots that came first over each link
};

/// What the network does to the match that one is in, as far as the client can tell.
struct NetworkInfo {
  engine::Duration rtt{};         // of the newest action that the server told of, its own waiting left out
  engine::Duration rtt_smooth{};  // of the last ones, as TCP smooths it (RFC 6298)
  engine::Duration jitter{};      // how much that varies
  engine::Duration slack{};       // so long before its tick the newest action came; negative: late
  double slew = 0;                // how fast our clock runs against the server's: 0.01 is 1 % faster
  std::uint32_t clock_jumps = 0;
};

/// The sockets and timers of any number of clients of one thread: polling it, or any of them, works for all.
class ClientLoop {
 public:
  ClientLoop();
  ClientLoop(const ClientLoop&) = delete;
  ClientLoop& operator=(const ClientLoop&) = delete;
  ~ClientLoop();

  void poll();
  /// Returns as soon as something happened to a client, after `time` at the latest.
  void wait(std::chrono::nanoseconds time);

 private:
  friend class ClientCore;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// A client without the game's types. Games use Client<Rules>.
class ClientCore {
 public:
  struct Game {
    BytesView schema;
    std::string world_table;
    std::string version;
  };
  /// Throw std::invalid_argument, naming the field, where the config or the game's schema cannot be worked with.
  ClientCore(ClientConfig config, const Game& game);
  /// One of many on `loop`, which must outlive it.
  ClientCore(ClientConfig config, const Game& game, ClientLoop& loop);
  /// Over another transport and clock: the in-memory link of netcode's tests.
  ClientCore(ClientConfig config, const Game& game, ConnectorPtr connector);
  ~ClientCore();
  ClientCore(ClientCore&&) noexcept;

  // --- where we are
  /// To the lobby. What was asked for before is given up. A first connection that fails is not tried again.
  void connect();
  /// Out of the match that one is in once the new one takes us; if it refuses, we stay where we are, and on_state says
  /// why. One that ends just as we come leaves us in the lobby, with the same word of it.
  void join(std::string_view match, JoinOptions options = {});
  /// The best open match of this kind, made if there is none.
  void quick_join(std::string_view kind, JoinOptions options = {});
  /// Out of the match, still connected.
  void leave();
  /// For good; the seat is given up at once.
  void close(std::string_view reason = "");
  /// As a cut cable would: to test that a game survives it. Noticed in the next poll.
  void drop_connection();

  ClientState state() const;
  /// Why the last connection, join or session ended, for a person. Empty if nothing did.
  const std::string& reason() const;
  /// While in a match: also while reconnecting to it.
  const std::optional<JoinedMatch>& match() const;
  PlayerId player() const;
  SessionId session() const;
  const std::string& name() const;

  /// Of this kind, or of all; private ones are left out. It comes in pages, which are asked for one after the other.
  void list(std::string_view kind, std::function<void(const engine::Result<std::vector<MatchInfo>>&)> done);
  void create(const MatchRequest& request, std::function<void(const engine::Result<MatchInfo>&)> done);
  /// Into another namespace; then `of(space)` events pass.
  void enter(std::string_view space, std::function<void(const engine::Result<void>&)> done = nullptr);
  /// The same, showing this to the namespace's middleware: a table of the game's schema, of at most kAuthBytesMax.
  void enter(std::string_view space, const Auth& auth, std::function<void(const engine::Result<void>&)> done = nullptr);

  /// Out of a namespace other than "/"; what is sent there afterwards is refused.
  void leave(std::string_view space, std::function<void(const engine::Result<void>&)> done = nullptr);

  // --- work
  /// Reads and writes what there is, runs the handlers and returns at once. Over a connector of one's own this does
  /// nothing: its loop runs the handlers.
  void poll();
  /// The same, waiting up to `time` for something to happen.
  void wait(std::chrono::nanoseconds time);

  std::optional<SnapshotInfo> snapshot() const;
  /// The newest World's bytes, aligned; empty before the first. After the match it stays until the next one is joined.
  BytesView world_bytes() const;
  /// The compiled map of the match, or of the one before while in none; empty if it has none.
  BytesView map() const;
  const ClientStats& stats() const;

  // Several handlers of one thing are called in the order of their registration; an empty one removes them all.
  /// Also called, with the state unchanged, when a join failed and we are where we were.
  void on_state(std::function<void(ClientState, std::string_view reason)> handler);
  /// The match, its map and our seat are there. Also after a resume, with `resumed` set.
  void on_joined(std::function<void(const JoinedMatch&)> handler);
  /// The match is over: its result. If it goes on in another, that one is joined next, unless the handler asks for
  /// something else or ClientConfig::follow is off.
  void on_ended(std::function<void(std::string_view result)> handler);
  /// The server has taken us out of this namespace.
  void on_space_left(std::function<void(std::string_view space, std::string_view reason)> handler);
  /// Of every event, before its own handler.
  void on_any(std::function<void(const EventView&)> handler);

  /// True once per tick of the match: time for an action. Paced so far ahead of the server that actions come just in
  /// time for their ticks; at most 4 at once after a pause.
  bool action_due();
  /// The tick that the last action_due() was for, and how much of the time to the next one has gone by, 0 to 1. 0 while
  /// not in a match.
  Tick action_tick() const;
  float action_share() const;
  NetworkInfo network() const;

  /// Whether packed snapshots are measured field by field as they come: off at first, since it doubles the work of
  /// unpacking them.
  void measure_fields(bool on);
  /// What each field took in the last 32 packed snapshots of the match, on average; empty before there is one, while
  /// they come plain and while they are not measured.
  FieldCosts field_costs() const;

 protected:
  using Handler = std::function<void(BytesView body, Ack& ack)>;
  void on_table(std::string_view space, std::string_view table, Handler handler, bool takes_ack, bool once);
  void off_table(std::string_view space, std::string_view table);
  void on_snapshot_bytes(std::function<void(BytesView world, const SnapshotInfo&)> handler);
  enum class Delivery : std::uint8_t { kReliable, kVolatile };
  void emit_table(std::string_view space, std::string_view table, Bytes body, Delivery delivery, ReplyHandler reply,
                  std::chrono::milliseconds timeout);
  std::uint32_t act_bytes(std::optional<Tick> tick, Bytes action, ViewTime view);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// `Rules` names World, Action, BinarySchema and kVersion: the game's Rules class, or a small struct of the client's
/// own.
template <class Rules>
class Client : public ClientCore {
 public:
  using World = typename Rules::World;
  using Action = typename Rules::Action::NativeTableType;

  explicit Client(ClientConfig config) : ClientCore(std::move(config), game()) {}
  Client(ClientConfig config, ClientLoop& loop) : ClientCore(std::move(config), game(), loop) {}
  Client(ClientConfig config, ConnectorPtr connector) : ClientCore(std::move(config), game(), std::move(connector)) {}

  static ClientCore::Game game() {
    return {.schema = BytesView(Rules::BinarySchema::data(), Rules::BinarySchema::size()),
            .world_table = World::GetFullyQualifiedName(),
            .version = std::string(Rules::kVersion)};
  }

  /// `void(const T&)` or `void(const T&, Ack)`. Several handlers of one type and namespace are called in the order of
  /// their registration; the event is acknowledged after the last one, unless one of them takes an Ack. What a handler
  /// adds or removes counts from the next event on.
  template <Table T, class F>
  void on(F handler, std::string_view space = "/") {
    on_table(space, T::GetFullyQualifiedName(), wrap<T>(std::move(handler)), kTakesAck<T, F>, false);
  }
  template <Table T, class F>
  void once(F handler, std::string_view space = "/") {
    on_table(space, T::GetFullyQualifiedName(), wrap<T>(std::move(handler)), kTakesAck<T, F>, true);
  }
  /// All handlers of this type in this namespace.
  template <Table T>
  void off(std::string_view space = "/") {
    off_table(space, T::GetFullyQualifiedName());
  }

  /// Reliable: in order and exactly once, over reconnects too. What the server has not taken is kept, up to
  /// kOutboxBytesMax: an event beyond that ends the session, or fails if it wants a reply. Without a session to send it
  /// in, it is dropped.
  template <TableObject T>
  void emit(const T& event, std::string_view space = "/") {
    emit_table(space, T::TableType::GetFullyQualifiedName(), encode(event), Delivery::kReliable, nullptr, {});
  }
  template <TableObject T>
  void emit(const T& event, ReplyHandler reply, std::chrono::milliseconds timeout = limits::kAckTimeout,
            std::string_view space = "/") {
    emit_table(space, T::TableType::GetFullyQualifiedName(), encode(event), Delivery::kReliable, std::move(reply),
               timeout);
  }
  /// Dropped if it cannot leave now.
  template <TableObject T>
  void emit_volatile(const T& event, std::string_view space = "/") {
    emit_table(space, T::TableType::GetFullyQualifiedName(), encode(event), Delivery::kVolatile, nullptr, {});
  }

  /// What the player does at action_tick(), once after each action_due(); without one, as soon as possible. `view`: the
  /// moment of the others that the player was shown, where the rules judge by it. Returns its sequence, which comes
  /// back in a snapshot; 0, and nothing is sent, while there is no match to act in.
  std::uint32_t act(const Action& action, ViewTime view = {}) { return act_bytes(std::nullopt, encode(action), view); }
  /// The same for a tick of one's own choice; 0: as soon as possible.
  std::uint32_t act_at(Tick tick, const Action& action, ViewTime view = {}) {
    return act_bytes(tick, encode(action), view);
  }

  /// The newest World, or null before the first snapshot.
  const World* world() const {
    const BytesView bytes = world_bytes();
    return bytes.empty() ? nullptr : flatbuffers::GetRoot<World>(bytes.data());
  }
  void on_snapshot(std::function<void(const World&, const SnapshotInfo&)> handler) {
    if (!handler) return on_snapshot_bytes(nullptr);
    on_snapshot_bytes([handler = std::move(handler)](BytesView world, const SnapshotInfo& info) {
      handler(*flatbuffers::GetRoot<World>(world.data()), info);
    });
  }

 private:
  template <class T, class F>
  static constexpr bool kTakesAck = std::is_invocable_v<F&, const T&, Ack>;
  template <Table T, class F>
  static Handler wrap(F handler) {
    return [handler = std::move(handler)](BytesView body, [[maybe_unused]] Ack& ack) mutable {
      const T& event = *flatbuffers::GetRoot<T>(body.data());
      if constexpr (kTakesAck<T, F>) {
        handler(event, std::move(ack));
      } else {
        handler(event);
      }
    };
  }
};

}  // namespace netcode
