// The identities that netcode hands out. A game keeps ids, never pointers to what netcode owns.
#pragma once

#include <cstdint>

#include "engine/core/ids.hpp"

namespace netcode {

/// One fixed step of a match's simulation; the first is 1. At 60 Hz it lasts 828 days.
using Tick = std::uint32_t;

/// A seat in a match, 1 to 65535. One that was left is another player's after a minute at the earliest.
using PlayerId = engine::Id<struct PlayerTag, std::uint32_t>;

/// One client's identity on a server; it outlives its connections. Not secret (the token is).
using SessionId = engine::Id<struct SessionTag, std::uint64_t>;

/// No player at all: in Rules::event and Input the server itself, in ctx.to nobody.
inline constexpr PlayerId kNoPlayer{0};

}  // namespace netcode
