// A scene over real sockets: its server in one process, its clients in another, and this one, which asks the kernel
// what went over the connections and what the server's process took.
#pragma once

#include <cstdint>

#include "engine/core/result.hpp"
#include "rules.hpp"

namespace scenes {

struct MeasureOptions {
  std::uint32_t clients = 100;
  std::uint32_t seconds = 20;
};

struct Figures {
  Scene scene = Scene::kStill;
  std::uint32_t clients = 0;
  double seconds = 0;
  double snapshots_per_client_s = 0;  // received
  double objects_per_snapshot = 0;
  double payload_bytes_per_snapshot = 0;  // of WebSocket messages
  // From the server to one client: TCP payload, and with the IPv4 and TCP headers of its segments, as Ethernet would
  // carry them (loopback's are larger, and so fewer).
  double tcp_bytes_per_s = 0;
  double wire_bytes_per_s = 0;
  double segments_per_s = 0;
  std::uint32_t header_bytes = 0;  // of a segment: 40, or 52 with TCP's timestamps
  double up_bytes_per_s = 0;       // TCP payload from the client
  double server_cpu_us = 0;        // user and system, of the whole process, per client and snapshot

  /// Of what is on the wire.
  double bytes_per_object_and_update() const;
};

/// Starts both, waits until all clients play, and lets 2 s pass before it begins. To be called while this process has
/// one thread. An error says which of them failed; what they said themselves is on stderr.
engine::Result<Figures> measure(Scene scene, const MeasureOptions& options);

}  // namespace scenes
