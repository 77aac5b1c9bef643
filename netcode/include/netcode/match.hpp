// Handles by which a server's code speaks to many sessions: a match, or the sessions of some rooms.
//
// Threading: values, usable from any thread while the Server lives: work travels to the shards where the sessions are.
// Before run() an event goes to nobody, and what is for a match is kept for the start; after run() both go nowhere.
#pragma once

#include <chrono>
#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/core/result.hpp"
#include "netcode/event.hpp"
#include "netcode/ids.hpp"

namespace netcode {

class ServerCore;
class Session;
class SessionCore;
class SharedEvent;
struct JsonArguments;

/// Whom an event goes to: the sessions of a namespace, narrowed to rooms, sessions or a player, and less some. Built
/// up, then emitted once. Each of all who are named gets it, and once: those of a match and of a room, say.
///
/// Emitted while a handler of a session runs, a reliable event is charged to that session: its size and
/// kEventOverheadBytes, for each receiver. A session that has caused more than kFanOutBytesPerSecondMax is refused its
/// next events. A receiver that is far behind misses such an event rather than being closed for it; what the rules or
/// other code emit is never missed by who is connected.
class Broadcast {
 public:
  Broadcast(ServerCore& server, std::string space) : server_(&server), space_(std::move(space)) {}

  Broadcast& to(std::string_view room);
  Broadcast& to(SessionId session);
  Broadcast& except(std::string_view room);
  Broadcast& except(SessionId session);
  Broadcast& except(const Session& session);
  /// Sessions that cannot take it now go without.
  Broadcast& as_volatile();

  /// What no client would take (text that is not UTF-8, a number that is none, more than kEventBytesMax) is kept back
  /// and named in the log.
  template <TableObject T>
  void emit(const T& event) const {
    emit_table(T::TableType::GetFullyQualifiedName(), encode(event));
  }

  /// To those of them who are clients of Socket.IO: an event of a name that no schema declares.
  void emit_json(std::string_view name, const JsonArguments& arguments) const;
  /// The same, to be answered by each: `replies` is called once with the answers that came in time, and how many did
  /// not, on the thread of any shard. Once the server is over it is not called.
  using JsonReplies = std::function<void(std::vector<JsonArguments> answers, std::size_t missing)>;
  void emit_json(std::string_view name, const JsonArguments& arguments, std::chrono::milliseconds timeout,
                 JsonReplies replies) const;
  /// Calls `work` for each of them who is in the namespace, on the thread of its shard, and `done`, which may be null,
  /// after the last, on any of these: to have them join a room, leave, or to make a list. One that is just moving to
  /// another shard may be left out.
  void for_each(std::function<void(Session&)> work, std::function<void()> done = nullptr) const;

 private:
  friend class Match;
  friend struct ParcelOf;
  void emit_table(std::string_view table, Bytes body) const;
  void send(std::shared_ptr<const SharedEvent> event) const;
  void visit(std::function<void(SessionCore&)> work, std::function<void()> done) const;

  ServerCore* server_;
  std::string space_;
  std::vector<std::string> rooms_;
  std::vector<SessionId> sessions_;
  std::string match_;            // its players and spectators, beside the others; none of all these: everyone
  PlayerId player_ = kNoPlayer;  // of the match, this one alone
  std::vector<std::string> except_rooms_;
  std::vector<SessionId> except_sessions_;
  bool is_volatile_ = false;
};

/// Somebody who has a seat in a match, and no bot.
struct MatchPlayer {
  PlayerId player = kNoPlayer;
  SessionId session{};
  std::string name;  // as the match has it, where it differs from that of another
};

/// Its calls give an error where what they are given cannot be, or the server does not run any more. That there is no
/// such match (any more) is seen when the work gets there, and logged.
class Match {
 public:
  Match(ServerCore& server, std::string id) : server_(&server), id_(std::move(id)) {}

  const std::string& id() const { return id_; }
  /// To players and spectators. Not recorded and not seen by the rules: what changes the game goes through post.
  template <TableObject T>
  void emit(const T& event) const {
    everyone().emit(event);
  }
  Broadcast except(const Session& session) const;
  Broadcast everyone() const;
  /// To one player; to a bot or an absent player it goes nowhere.
  Broadcast to(PlayerId player) const;
  /// Who has a seat in it now, bots aside, by their ids. Empty if there is no such match.
  std::vector<MatchPlayer> players() const;
  /// To the rules, as Rules::event from kNoPlayer, before the next tick and recorded: votes counted elsewhere, results
  /// of outside work. Its table must be marked (input) or (input:"client").
  template <TableObject T>
  engine::Result<void> post(const T& event) const {
    return post_table(T::TableType::GetFullyQualifiedName(), encode(event));
  }
  /// After the next tick, as ctx.end does. What is not UTF-8 in `result` becomes U+FFFD, and at most 1024
  /// bytes of it are kept.
  engine::Result<void> end(std::string result) const;
  /// A locked match takes nobody new; who is in it may come back.
  engine::Result<void> lock(bool locked = true) const;
  engine::Result<void> set_metadata(std::string key, std::string value) const;
  /// Calls `work` on the match's thread: at once if this is it. It may read what handlers there read; the rules change
  /// only through events that are posted. Not at all once the match is over.
  template <std::invocable F>
  engine::Result<void> post(F work) const {
    return call(std::move(work));
  }
  /// The same, so much later; what the match would have done by then, it has.
  engine::Result<void> after(std::chrono::milliseconds delay, std::function<void()> work) const;

 private:
  engine::Result<void> call(std::function<void()> work) const;
  engine::Result<void> post_table(std::string_view table, Bytes body) const;
  ServerCore* server_;
  std::string id_;
};

/// A match that has just ended.
struct EndedMatch {
  Match match;
  std::string_view result;
  BytesView last_world;  // a buffer of the game's World after the last tick; empty if the rules could make none

  template <Table World>
  const World* world() const {
    return last_world.empty() ? nullptr : flatbuffers::GetRoot<World>(last_world.data());
  }
};

}  // namespace netcode
