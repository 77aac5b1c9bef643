// Where a client wants to be, and the URL that takes it there.
//
// Pure functions and plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/core/result.hpp"

namespace netcode::client {

struct Goal {
  enum class Kind : std::uint8_t { kLobby, kMatch, kQuick };
  Kind kind = Kind::kLobby;
  std::string name{};  // a match's id, or a kind of matches
  std::string password{};
  bool spectate = false;
};

/// What the query says of the client. With a token the connection carries that session on, else it begins a new one.
struct Credentials {
  std::string name{};
  std::string token{};
  std::uint32_t received = 0;          // the newest of the server's reliable messages that was handled
  std::uint32_t epoch = 0;             // ... in this numbering
  std::optional<std::uint8_t> link{};  // one of the session's two connections; absent: all of it
  bool resume = false;                 // only back to where the session is: a match that has ended is not made anew
  std::uint64_t schema_hash = 0;
  std::uint64_t unpacks = 0;  // Schema::layout_hash of its World
  std::uint64_t rules_hash = 0;
  std::optional<std::uint64_t> map_hash{};  // of the map that the client holds
};

/// "/match/m1?name=ada&schema=...", percent-encoded.
std::string target_of(const Goal& goal, const Credentials& credentials);

/// `server` is ws://host:port, or host:port, or host, where the port is 8787. A path is kept before ours, for a proxy
/// that serves more than this; a query is kept behind ours.
engine::Result<std::string> url_of(std::string_view server, const Goal& goal, const Credentials& credentials);

}  // namespace netcode::client
