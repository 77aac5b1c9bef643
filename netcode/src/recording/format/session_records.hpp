// The sessions of a match, as a recording keeps them beside each keyframe: what a server that starts again needs to
// know its clients by. Nothing in it is secret: a token is kept as its SHA-256 alone. Pure; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/core/result.hpp"
#include "netcode/bytes.hpp"
#include "netcode/ids.hpp"

namespace netcode::recording {

using TokenHash = std::array<std::uint8_t, 32>;

/// SHA-256. A token is random and long: nobody finds it by trying, so it needs neither salt nor a slow hash.
TokenHash hash_token(std::string_view token);

struct SessionRecord {
  SessionId session{};
  TokenHash token_hash{};
  PlayerId player{};           // kNoPlayer: it watches
  std::uint32_t sent = 0;      // the newest reliable message to the client
  std::uint32_t received = 0;  // ... and the newest that was handled of the client's own
  std::uint32_t action = 0;    // the sequence of its newest action that was taken

  friend bool operator==(const SessionRecord&, const SessionRecord&) = default;
};

/// All sessions of a match at a tick.
struct SessionRecords {
  Tick tick = 0;
  std::vector<SessionRecord> sessions{};

  friend bool operator==(const SessionRecords&, const SessionRecords&) = default;
};

/// All seats of a match, and spectators up to some 4 MiB in all: those beyond it are not recorded.
inline constexpr std::size_t kSessionsRecordedMax = 64 * 1024;

/// The first kSessionsRecordedMax of them.
Bytes encode_sessions(Tick tick, std::span<const SessionRecord> sessions);
engine::Result<SessionRecords> decode_sessions(BytesView body);

}  // namespace netcode::recording
