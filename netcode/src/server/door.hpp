// A client that comes: what the server makes of its HTTP head. What the URL itself asks is protocol::ConnectRequest.
//
// Pure.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/core/result.hpp"
#include "netcode/auth.hpp"
#include "netcode/match_info.hpp"
#include "protocol/connect_request.hpp"
#include "transport/http/accept.hpp"

namespace netcode {

/// A WebSocket's HTTP head, understood. `match` of a quick join is filled in when one was picked.
struct Visit : protocol::ConnectRequest {
  std::uint64_t hold = 0;        // what the directory holds for it: a seat, or the place of a match to come; 0: nothing
  std::string remote_address{};  // as limits count it: see address_of
  Fields query{};                // as it came, for middleware
  std::optional<Auth> auth{};    // of who begins a session, for middleware too; not verified
  boost::json::value json_auth{};  // ... over Socket.IO; null: it shows nothing
  std::string space = "/";         // the namespace in which it begins
};

/// An error is for the client.
engine::Result<Visit> understand(const transport::HttpRequest& request);
/// Whom "1.2.3.4:5678" or "[2001:db8::1]:5678" counts as in limits per address: without the port, and of an IPv6
/// address the /64, since that is what one household or host is given.
std::string address_of(std::string_view remote);
/// What stands below `prefix` ("/games"; empty: everything) in a URL's path: of "/games/match/m" that is "/match/m",
/// and of "/games" itself "/". Nothing: the path is not below it.
std::optional<std::string> path_below(std::string_view prefix, std::string_view path);

}  // namespace netcode
