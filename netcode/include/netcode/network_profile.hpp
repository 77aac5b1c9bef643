// Networks that are not there: what a link's delay, jitter, loss, bandwidth and stalls do to a game, as TCP shows them.
//
// For tests in virtual time (netcode/testing.hpp), and to feel by hand over real sockets (ClientConfig::simulate).
// Plain values; one seed reproduces a run.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.hpp"

namespace netcode {

struct NetworkProfile {
  /// Something that happens to the whole network, both ways and to all connections: at `at` after the network's start,
  /// for `lasts`, and again every `every` (0: once).
  struct Spell {
    std::chrono::milliseconds at{};
    std::chrono::milliseconds lasts{};
    std::chrono::milliseconds every{};
  };

  std::string name{};
  std::chrono::microseconds rtt{};
  /// A segment takes RTT/2 + |N(0, jitter/2)| one way, and never overtakes the one before it.
  std::chrono::microseconds jitter{};
  /// The share of segments that are lost, 0 to 1. What comes behind a lost one waits for its retransmission.
  double loss = 0;
  std::uint64_t bytes_per_s = 0;  // each way; 0: no limit
  /// What is sent meanwhile is held, and arrives when the stall is over.
  std::vector<Spell> stalls{};
  /// What is sent meanwhile is lost, and so is each retransmission.
  std::vector<Spell> outages{};
};

/// lan, good, fair, poor, spikes, outage.
const std::vector<NetworkProfile>& network_profiles();
/// An error names those that there are.
engine::Result<NetworkProfile> network_profile(std::string_view name);

}  // namespace netcode
