// What a client asks of a server with the URL that it opens, as both ends see it: path and query. docs/protocol.md
// lists them.
//
// Pure functions and plain values, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/core/result.hpp"
#include "netcode/match_info.hpp"

namespace netcode::protocol {

/// With a token the connection carries that session on, else it begins a new one, under `name`.
struct ConnectRequest {
  enum class Goal : std::uint8_t { kLobby, kMatch, kQuick };
  Goal goal = Goal::kLobby;
  std::string match{};  // kMatch: its id
  std::string kind{};   // kQuick: of which kind

  std::string name{};                  // parsed: as engine::visible_name leaves it; empty: none was given
  std::string token{};                 // of the session to go on with; empty: a new one
  std::uint32_t received = 0;          // the newest of the server's reliable messages that was handled
  std::uint32_t epoch = 0;             // ... in this numbering; 0: not told
  bool resume = false;                 // only back to where the session is, wherever the path points
  std::optional<std::uint8_t> link{};  // one of the two connections of that session; absent: all of it
  bool spectate = false;
  std::string password{};                      // of the match; empty: none
  std::optional<std::uint64_t> schema_hash{};  // what the client was built with
  std::optional<std::uint64_t> unpacks{};      // the layout of the World that it can read
  std::optional<std::uint64_t> packs{};        // what it can unpack: LaneLayout::hash
  std::string converts{};                // the table of Worlds that it takes of any schema; empty: of its own alone
  std::optional<std::uint32_t> codec{};  // ... packed as this kPackedVersion; absent: plain
  std::optional<std::uint64_t> holds{};  // ... the hash of another build's schema that it holds
  std::optional<std::uint64_t> rules_hash{};  // of the rules that it predicts with
  std::optional<std::uint64_t> map_hash{};    // of the map that it holds

  friend bool operator==(const ConnectRequest&, const ConnectRequest&) = default;
};

/// "/match/m1?name=ada&schema=...", percent-encoded. Of a request with a token without the name; of one without it,
/// without what goes with a token.
std::string format(const ConnectRequest& request);

/// Of a path and query that are percent-decoded already. An error is for the client: a match id with a space in it, a
/// name of 10 kB. Parameters that nobody knows are left alone.
engine::Result<ConnectRequest> parse(std::string_view path, const Fields& query);

/// Is this a path that asks for something?
bool is_known_path(std::string_view path);

}  // namespace netcode::protocol
