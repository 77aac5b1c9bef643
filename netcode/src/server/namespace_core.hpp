// The handlers of one namespace: middleware, events, connects and disconnects.
//
// Threading: any. Shards call handlers while others may register them, so a call takes an immutable table, holds it and
// works on that: what a handler adds is called from the next event on, what it removes to the end of this one. What a
// handler throws is caught here (guarded.hpp).
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "netcode/server.hpp"
#include "server/session_spaces.hpp"
#include "transport/loop/loop.hpp"

namespace netcode {

class SessionCore;

class NamespaceCore {
 public:
  using Handler = std::function<void(Session&, BytesView body, Ack& ack)>;

  struct Entry {
    std::uint64_t id = 0;
    std::shared_ptr<Handler> handler;
    bool takes_ack = false;
    std::shared_ptr<std::atomic<bool>> once{};  // null: it stays; true: of all shards, one has run it
  };
  using Entries = std::vector<Entry>;  // in order of registration
  struct Table {
    std::vector<Middleware> middleware;
    std::map<std::string, Entries, std::less<>> events;  // by the table's full name
    std::vector<Namespace::JsonMiddleware> json_middleware;
    std::map<std::string, std::vector<Namespace::JsonHandler>, std::less<>> json;  // by the event's name
    std::vector<std::function<void(Session&, const EventView&)>> on_any;
    std::vector<std::function<void(Session&)>> on_connect;
    std::vector<std::function<void(Session&, std::string_view)>> on_lost;
    std::vector<std::function<void(Session&)>> on_resumed;
    std::vector<std::function<void(Session&, std::string_view)>> on_disconnect;
  };

  NamespaceCore(ServerCore& server, std::string name) : server_(server), name_(std::move(name)), api_(*this) {}

  ServerCore& server() const { return server_; }
  const std::string& name() const { return name_; }
  Namespace& api() { return api_; }

  // --- registering
  void change(const std::function<void(Table&)>& change);
  void add(std::string_view table, Handler handler, bool takes_ack, bool once);
  /// All that is registered there.
  void take_over(const NamespaceCore& parent);

  // --- calling
  /// One middleware after the other, on the thread of `loop`; the first that refuses has the word, so has one that
  /// throws, or that has not answered after kHandshakeAnswerMax. `decided` is called once, on that thread: at once if
  /// nobody answers later.
  using Decided = std::function<void(HandshakeDecision)>;
  void ask(transport::Loop& loop, Handshake handshake, Decided decided) const;
  /// A session whose handler throws is ended.
  void connected(SessionCore& session) const;
  void lost(SessionCore& session, std::string_view why) const;
  void resumed(SessionCore& session) const;
  /// `data`: what the session kept here.
  void disconnected(SessionCore& session, SessionSpaces::Data data, std::string_view reason) const;
  /// False: one of them has ended the session, put it out of here, or thrown, and the ask is answered.
  bool tell_any(SessionCore& session, const EventView& event, Ack& ack) const;
  /// In order of registration, to the one that puts the session out of here; acknowledged after the last one, unless
  /// one of them answers itself. False: nobody handles this event.
  bool handle(SessionCore& session, const EventView& event, Ack ack);
  bool handles_json(std::string_view name) const { return table()->json.contains(name); }
  bool handle_json(SessionCore& session, std::string_view name, const JsonArguments& arguments, Ack ack);

 private:
  std::shared_ptr<const Table> table() const;
  /// The session as the handlers here are given it.
  Session face_of(SessionCore& session) const;
  /// Of those that are to run once, this call has won the one it holds.
  static bool may_run(const Entry& entry) { return !entry.once || !entry.once->exchange(true); }
  void erase(std::string_view table, std::uint64_t id);
  struct Asking;
  static void go_on(const std::shared_ptr<Asking>& asking);

  ServerCore& server_;
  std::string name_;
  Namespace api_;
  mutable std::mutex mutex_;  // guards table_ and next_id_
  std::shared_ptr<const Table> table_ = std::make_shared<const Table>();
  std::uint64_t next_id_ = 1;
};

}  // namespace netcode
