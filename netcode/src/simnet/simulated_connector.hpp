// A client's way to a server as if over a worse network: another connector's connections, delayed
// (simulated_connection).
//
// All of its connections share one network's conditions: what stalls or loses all does so to each of them.
//
// Threading: its loop's thread. Ownership: goes before its loop; attempts under way go on without it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "netcode/network_profile.hpp"
#include "simnet/network_conditions.hpp"
#include "transport/websocket/connector.hpp"

namespace netcode::transport {

class SimulatedConnector final : public Connector {
 public:
  /// The network begins now. One seed gives one run.
  SimulatedConnector(std::unique_ptr<Connector> inner, NetworkProfile profile, std::uint64_t seed);

  void connect(const std::string& url, const std::string& subprotocols, Done done) override;
  Loop& loop() override { return inner_->loop(); }

  /// Stalls and outages of a test's own begin here.
  NetworkConditions& conditions() { return *conditions_; }

 private:
  std::shared_ptr<Connector> inner_;
  std::shared_ptr<NetworkConditions> conditions_;
};

}  // namespace netcode::transport
