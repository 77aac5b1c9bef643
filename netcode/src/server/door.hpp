// What a URL asks of the server, and how it is told no. docs/protocol.md lists the paths and the query.
//
// Pure but for `turn_away`.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/core/result.hpp"
#include "netcode/auth.hpp"
#include "netcode/match_info.hpp"
#include "transport/http/accept.hpp"
#include "transport/websocket/connection.hpp"

namespace netcode {

/// A WebSocket's HTTP head, understood.
struct Visit {
  enum class Goal : std::uint8_t { kLobby, kMatch, kQuick };
  Goal goal = Goal::kLobby;
  std::string match;       // kMatch: the id; kQuick: filled in when one was picked
  std::string kind;        // kQuick
  std::uint64_t hold = 0;  // what the directory holds for it: a seat, or the place of a match to come; 0: nothing

  std::string name;   // printable; empty if none was given
  std::string token;  // of the session to go on with; empty: a new one
  std::uint32_t received = 0;
  std::uint32_t epoch = 0;  // of the messages that `received` counts; 0: not told
  bool resume = false;               // only back to where the session is, wherever the path points
  std::optional<std::uint8_t> link;  // one of the two connections of that session; absent: all of it
  bool spectate = false;
  std::string password;
  std::optional<std::uint64_t> schema_hash;  // what the client was built with
  std::optional<std::uint64_t> unpacks;      // the layout of the World that it can read
  std::optional<std::uint64_t> map_hash;
  std::string remote_address;  // as limits count it: see address_of
  Fields query;                // as it came, for middleware
  std::optional<Auth> auth;    // of who begins a session, for middleware too; not verified
};

/// An error is for the client: a match id with a space in it, a name of 10 kB.
engine::Result<Visit> understand(const transport::HttpRequest& request);
/// Whom "1.2.3.4:5678" or "[2001:db8::1]:5678" counts as in limits per address: without the port, and of an IPv6
/// address the /64, since that is what one household or host is given.
std::string address_of(std::string_view remote);
/// What stands below `prefix` ("/games"; empty: everything) in a URL's path: of "/games/match/m" that is "/match/m",
/// and of "/games" itself "/". Nothing: the path is not below it.
std::optional<std::string> path_below(std::string_view prefix, std::string_view path);
/// Is this a path at which WebSockets are welcome?
bool is_known_path(std::string_view path);

/// Tells a client no, in a way that every WebSocket library shows: open, then a close frame with the reason.
void turn_away(const std::shared_ptr<transport::Connection>& connection, transport::CloseCode code,
               std::string_view reason);

}  // namespace netcode
