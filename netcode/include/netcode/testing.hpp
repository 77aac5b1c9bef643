// A server and its clients on one thread, in virtual time, over in-memory links: for tests of a game, and of netcode
// itself.
//
//   netcode::testing::TestBench bench;
//   bench.server().define<tag::Game>("tag");
//   bench.start();
//   auto ada = bench.client<tag::Game>("ada");
//   ada->quick_join("tag");
//   ASSERT_TRUE(bench.run_until([&] { return ada->world() != nullptr; }, 1s));
//
// The links behave as WebSockets do: bounded, closed with a handshake, cut at will; with BenchOptions::network also as
// TCP does over a network with latency, jitter, loss and stalls. Thirty seconds of play take as long as their work
// does.
//
// Threading: one thread; with BenchOptions::threads one more for each shard. These stand still while no run_for or
// run_until is under way, so that a test may look at what its handlers wrote; handlers of sessions on several shards
// run at once, as they do on a server. Ownership: clients go before their bench.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "engine/core/clock.hpp"
#include "netcode/client.hpp"
#include "netcode/network_profile.hpp"
#include "netcode/server.hpp"

namespace netcode::testing {

struct BenchOptions {
  std::chrono::milliseconds latency{0};     // one way
  std::optional<NetworkProfile> network{};  // in place of latency: *network_profile("fair")
  std::uint64_t seed = 1;                   // of network and reconnects; matches take ServerConfig::seed
  bool threads = false;  // each shard on a thread of its own: for a thread sanitizer; not with `network`
};

class TestBench {
 public:
  /// Nothing listens and no thread starts: of the config, `listen` and `duration` do not count.
  explicit TestBench(ServerConfig config = {}, const BenchOptions& options = {});
  ~TestBench();
  TestBench(const TestBench&) = delete;
  TestBench& operator=(const TestBench&) = delete;

  /// Define, use and on before start.
  Server& server();
  /// Throws std::runtime_error where the server cannot start.
  void start();
  /// As SIGTERM does: matches and sessions end, recordings are finished.
  void stop();

  engine::TimePoint now() const;
  void run_for(engine::Duration time);
  /// Returns whether the condition came true.
  bool run_until(const std::function<bool()>& condition, engine::Duration at_most);
  /// From rules or handlers: this work takes so long, as on a machine that is too slow for it.
  void spend(engine::Duration time);

  template <class Rules>
  std::unique_ptr<Client<Rules>> client(std::string name) {
    ClientConfig config;
    config.name = std::move(name);
    return client<Rules>(std::move(config));
  }
  template <class Rules>
  std::unique_ptr<Client<Rules>> client(ClientConfig config) {
    config.url = "ws://bench:1";
    if (config.jitter_seed == 0) config.jitter_seed = next_seed();
    return std::make_unique<Client<Rules>>(std::move(config), connector());
  }

  /// For clients of a test's own making.
  ConnectorPtr connector();
  /// Every connection ends as if its cable were cut.
  void cut_all();
  /// The same for one link of every session alone: 0, the only one where there is no second, or 1.
  void cut_link(std::uint8_t link);
  /// Those that are open now bring their clients nothing any more, as in a stall of TCP, until they are let go again.
  void pause_link(std::uint8_t link, bool paused);
  /// With a network: from now on it holds, or loses, all that is sent, for so long.
  void stall_network(engine::Duration lasts);
  void lose_network(engine::Duration lasts);
  /// New connections are refused, as by a server that is gone.
  void refuse_connections(bool refuse);

 private:
  std::uint64_t next_seed();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace netcode::testing
