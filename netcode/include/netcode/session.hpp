// A client as the server's handlers see it.
//
// Threading: a Session& is handed to a handler on the thread of the session's shard and is valid during the handler
// only; keep its id() instead. It is the session as one namespace has it, the handler's own, which is "/" for handlers
// of no namespace (of matches, of what is posted); its data() is that namespace's. What it sends goes out in order with
// all else that is sent to that session.
#pragma once

#include <any>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "netcode/ack.hpp"
#include "netcode/event.hpp"
#include "netcode/ids.hpp"
#include "netcode/json.hpp"
#include "netcode/limits.hpp"
#include "netcode/match.hpp"

namespace netcode {

class SessionCore;

class Session {
 public:
  Session(SessionCore& core, std::string_view space, std::shared_ptr<std::any> data)
      : core_(&core), space_(space), data_(std::move(data)) {}
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  SessionId id() const;
  const std::string& name() const;
  const std::string& remote_address() const;
  /// False while the session waits for its client to come back.
  bool is_connected() const;
  /// The game's own, kept with the session: `s.data<Inventory>()`, made at the first call. Each namespace has one,
  /// until the session leaves it; in "/" it lives as long as the session.
  template <class T>
  T& data() {
    if (!data_->has_value()) data_->emplace<T>();
    return std::any_cast<T&>(*data_);
  }

  /// The namespace whose handler it was given to.
  const std::string& space() const { return space_; }
  bool is_in(std::string_view space) const;
  /// Out of a namespace other than "/": its rooms are given up, its on_disconnect is called, and the client is told.
  /// What it says there afterwards is refused, until it enters again. False: it is not in it, or it is "/", which ends
  /// with close().
  bool leave_space(std::string_view space, std::string_view reason = "the server has ended it");

  /// Kept back, and named in the log, if no client would take it: as Broadcast::emit.
  template <TableObject T>
  void emit(const T& event, std::string_view space = "/") {
    emit_table(T::TableType::GetFullyQualifiedName(), encode(event), space, false);
  }
  /// Dropped if it cannot leave now.
  template <TableObject T>
  void emit_volatile(const T& event, std::string_view space = "/") {
    emit_table(T::TableType::GetFullyQualifiedName(), encode(event), space, true);
  }
  /// `reply` is called once, on this session's thread, if the session is still there or not; with an error, and at
  /// once, for an event that is kept back.
  template <TableObject T>
  void emit(const T& event, ReplyHandler reply, std::chrono::milliseconds timeout = limits::kAckTimeout,
            std::string_view space = "/") {
    const std::string_view table = T::TableType::GetFullyQualifiedName();
    Bytes body = encode(event);
    emit_table_with_ack(table, std::move(body), space, std::move(reply), timeout);
  }

  /// What a client of Socket.IO has shown at the door of this namespace, as it came; null: nothing, or another client.
  const boost::json::value& auth_json() const;
  /// To a client of Socket.IO alone, of a name that no schema declares; to another one it goes nowhere.
  void emit_json(std::string_view name, const JsonArguments& arguments, std::string_view space = "/");
  void emit_json_volatile(std::string_view name, const JsonArguments& arguments, std::string_view space = "/");
  /// `reply` as for emit.
  void emit_json(std::string_view name, const JsonArguments& arguments, JsonReplyHandler reply,
                 std::chrono::milliseconds timeout = limits::kAckTimeout, std::string_view space = "/");

  /// At most kRoomsPerSessionMax, of at most kRoomNameBytesMax bytes; false past that, and in a namespace that it is
  /// not in.
  bool join(std::string_view room, std::string_view space = "/");
  void leave(std::string_view room, std::string_view space = "/");
  std::vector<std::string> rooms(std::string_view space = "/") const;
  /// Everyone in a room but this session.
  Broadcast to(std::string_view room, std::string_view space = "/") const;
  /// Everyone but this session.
  Broadcast broadcast(std::string_view space = "/") const;

  /// The match that it plays or watches, if any.
  std::optional<Match> match() const;
  /// kNoPlayer outside a match and for spectators.
  PlayerId player() const;

  /// Ends the session; its client is told why.
  void close(std::string_view reason);

 private:
  void emit_table(std::string_view table, Bytes body, std::string_view space, bool is_volatile);
  void emit_table_with_ack(std::string_view table, Bytes body, std::string_view space, ReplyHandler reply,
                           std::chrono::milliseconds timeout);
  SessionCore* core_;
  std::string space_;
  std::shared_ptr<std::any> data_;
};

/// A session by its id, wherever it is. Once it is over its calls do nothing.
///
/// Threading: a value, usable from any thread while the Server lives.
class SessionHandle {
 public:
  SessionHandle(ServerCore& server, SessionId id) : server_(&server), id_(id) {}

  SessionId id() const { return id_; }
  bool exists() const;
  template <TableObject T>
  void emit(const T& event, std::string_view space = "/") const {
    to(space).emit(event);
  }
  /// Dropped if it cannot leave now.
  template <TableObject T>
  void emit_volatile(const T& event, std::string_view space = "/") const {
    to(space).as_volatile().emit(event);
  }
  /// Ends it; its client is told why.
  void kick(std::string reason) const;
  /// Calls `work` on the session's thread: at once if this is it.
  void post(std::function<void(Session&)> work) const;
  /// The same, so much later.
  void after(std::chrono::milliseconds delay, std::function<void(Session&)> work) const;

 private:
  Broadcast to(std::string_view space) const;
  ServerCore* server_;
  SessionId id_;
};

}  // namespace netcode
