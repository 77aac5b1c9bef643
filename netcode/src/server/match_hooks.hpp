// What the server's program wants to hear of matches, and whom it lets in: opened, entering, joined, left, ended.
//
// Threading: registered from any thread, called on those of the matches; entering on the session's.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.hpp"
#include "netcode/match.hpp"

namespace netcode {

class LiveMatch;
class ServerCore;
class SessionCore;

class MatchHooks {
 public:
  struct Table {
    std::vector<std::function<void(const Match&)>> opened;
    std::vector<std::function<engine::Result<void>(const Match&, Session&, bool)>> entering;
    std::vector<std::function<void(const Match&, Session&)>> joined;
    std::vector<std::function<void(const Match&, Session&, PlayerId)>> left;
    std::vector<std::function<void(const EndedMatch&)>> ended;
  };
  explicit MatchHooks(ServerCore& server) : server_(server) {}

  void change(const std::function<void(Table&)>& change);

  /// What handlers throw is logged.
  void opened(const LiveMatch& match) const;
  /// May it come in? An error is for its client; so is that a handler threw, or ended the session.
  engine::Result<void> entering(const std::string& match, SessionCore& session, bool spectates) const;
  void joined(SessionCore& session) const;
  /// Unless nobody was told that it had joined.
  void left(const LiveMatch& match, SessionCore& session, PlayerId player) const;
  bool wants_ended() const { return !table()->ended.empty(); }
  void ended(const LiveMatch& match, std::string_view result, BytesView last_world) const;

 private:
  std::shared_ptr<const Table> table() const;
  Match face_of(const LiveMatch& match) const;

  ServerCore& server_;
  mutable std::mutex mutex_;  // guards table_
  std::shared_ptr<const Table> table_ = std::make_shared<const Table>();
};

}  // namespace netcode
