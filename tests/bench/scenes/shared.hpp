// What the processes of a scene tell each other, in memory that they share.
#pragma once

#include <atomic>
#include <cstdint>

namespace scenes {

struct Shared {
  std::atomic<std::uint32_t> port = 0;           // of the server, once it listens
  std::atomic<std::uint32_t> playing = 0;        // clients that are in the match and have a snapshot
  std::atomic<std::uint64_t> snapshots = 0;      // received by all clients together
  std::atomic<std::uint64_t> payload_bytes = 0;  // WebSocket payload of these
  std::atomic<std::uint64_t> objects = 0;        // in these
  std::atomic<bool> stop = false;                // to the clients
};

// In two processes an atomic is one only if it needs no lock.
static_assert(std::atomic<std::uint64_t>::is_always_lock_free && std::atomic<std::uint32_t>::is_always_lock_free &&
              std::atomic<bool>::is_always_lock_free);

}  // namespace scenes
