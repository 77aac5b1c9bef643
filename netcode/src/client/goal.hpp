// Where a client wants to be, and the URL that takes it there.
//
// Pure functions and plain values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/core/result.hpp"
#include "protocol/connect_request.hpp"

namespace netcode::client {

struct Goal {
  enum class Kind : std::uint8_t { kLobby, kMatch, kQuick };
  Kind kind = Kind::kLobby;
  std::string name{};  // a match's id, or a kind of matches
  std::string password{};
  bool spectate = false;
};

/// Whoever asks fills in the rest: itself, and what it holds.
protocol::ConnectRequest request_for(const Goal& goal);

/// `server` is ws://host:port, or host:port, or host, where the port is 8787. A path is kept before ours, for a proxy
/// that serves more than this; a query is kept behind ours.
engine::Result<std::string> url_of(std::string_view server, const protocol::ConnectRequest& request);

}  // namespace netcode::client
