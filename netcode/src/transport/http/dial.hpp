// A TCP connection to whichever of a name's addresses answers first (RFC 8305, "Happy Eyeballs"): a dead address costs
// a quarter of a second, not the whole time there is.
//
// Threading: the loop that is named.
#pragma once

#include <string>
#include <vector>

#include "engine/core/clock.hpp"
#include "engine/core/result.hpp"
#include "transport/loop/asio_types.hpp"
#include "transport/loop/io_loop.hpp"
#include "transport/loop/unique_fd.hpp"

namespace netcode::transport {

using Endpoints = std::vector<asio::ip::tcp::endpoint>;

/// Each address once, families in turn, beginning with the first one's; kAddressesPerNameMax at most.
Endpoints in_turn(const Endpoints& found);

/// `host` is a name or an address.
Awaitable<engine::Result<Endpoints>> look_up(IoLoop& loop, std::string host, std::uint16_t port, engine::TimePoint due);

/// `server` is what errors call it.
Awaitable<engine::Result<UniqueFd>> dial(IoLoop& loop, Endpoints endpoints, std::string server, engine::TimePoint due);

}  // namespace netcode::transport
