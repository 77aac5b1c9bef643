// WebSockets without sockets: clients and servers in one process, with the behaviour of real connections. A connection
// is bounded (a peer that stops reading makes writes wait), closes with a handshake, and can be cut.
//
// Threading: MemoryNetwork and each end belong to the thread of their loop. Ends talk by `Loop::post` alone, so the two
// of one link may live on different loops. Ownership: the network keeps open connections alive, as a kernel keeps
// sockets. Loops outlive the network.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "engine/core/clock.hpp"
#include "netcode/network_profile.hpp"
#include "transport/http/accept.hpp"
#include "transport/loop/loop.hpp"
#include "transport/websocket/connection.hpp"
#include "transport/websocket/connector.hpp"

namespace netcode::transport {

class NetworkConditions;

struct MemoryOptions {
  /// From a write to its arrival, for messages and handshakes alike.
  engine::Duration latency{};
  /// In place of latency: a network with jitter, loss and stalls. `seed` is its random numbers'.
  std::optional<NetworkProfile> profile{};
  std::uint64_t seed = 1;
  /// What a writer gets rid of while its peer does not read: the buffers of both kernels (NUMBERS: 20 kB on loopback).
  std::size_t buffer_bytes = 20'000;
  ConnectionOptions server;
  ConnectionOptions client = client_connection_options();
};

class MemoryNetwork {
 public:
  /// `loop` is the listener's: `on_upgrade` runs there.
  explicit MemoryNetwork(Loop& loop, const MemoryOptions& options = MemoryOptions());
  MemoryNetwork(const MemoryNetwork&) = delete;
  MemoryNetwork& operator=(const MemoryNetwork&) = delete;
  ~MemoryNetwork();

  void listen(AcceptHandlers handlers);
  /// From now on connections are refused, as by a server that is gone. Open ones stay.
  void stop_listening();

  std::unique_ptr<Connector> connector();
  std::unique_ptr<Connector> connector(Loop& loop);

  /// Null without a profile. Stalls and outages of a test's own begin here.
  NetworkConditions* conditions();

  /// What a listener answers to `GET target`, for tests of plain HTTP.
  HttpResponse http_get(const std::string& target);

  /// For tests, on the loop of `end`, which has to be one of ours: while reading is paused messages wait in the link's
  /// buffer and then at the writer.
  static void pause_reading(Connection& end, bool paused);
  /// For tests: ends every open connection without a close frame.
  void cut_all();
  /// Connections with at least one end open.
  std::size_t open_links() const;

  struct State;

 private:
  std::shared_ptr<State> state_;
};

}  // namespace netcode::transport
