// For suites at the level of the protocol: a ServerCore whose shards share one loop in virtual time, and connections to
// it, such as a Visitor's.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/server_core.hpp"
#include "simnet/manual_loop.hpp"
#include "simnet/memory_link.hpp"

namespace netcode {

class CoreTest : public ::testing::Test {
 protected:
  explicit CoreTest(std::uint32_t shards = 1, std::size_t sessions_max = ServerConfig().sessions_max,
                    std::uint32_t snapshot_bytes_per_second = 0)
      : CoreTest(config_of(shards, sessions_max, snapshot_bytes_per_second)) {}
  explicit CoreTest(ServerConfig config) : core_(std::move(config)) {}

  /// Once the kinds of matches are defined.
  void start() {
    core_.start(std::vector<transport::Loop*>(core_.config().threads, &loop_));
    network_.listen(core_.accept_handlers());
    connector_ = network_.connector();
  }
  /// Not in a destructor: what a suite's handlers use is still there.
  void TearDown() override {
    core_.stop("test", [] {});
    loop_.run_for(std::chrono::seconds(10));
    core_.tear_down();
  }

  /// `client` is a ConnectionHandler with a member `connection`. Open once the loop has run.
  template <class Client>
  void connect(Client& client, const std::string& target) {
    connector_->connect("ws://bench:1" + target, "scrim.v1", [&client](auto result) {
      ASSERT_TRUE(result) << result.error().reason;
      client.connection = *result;
      client.connection->start(client);
    });
  }

  static ServerConfig config_of(std::uint32_t shards, std::size_t sessions_max = ServerConfig().sessions_max,
                                std::uint32_t snapshot_bytes_per_second = 0) {
    ServerConfig out;
    out.threads = shards;
    out.seed = 3;
    out.sessions_max = sessions_max;
    out.snapshot_bytes_per_second = snapshot_bytes_per_second;
    return out;
  }

  transport::ManualLoop loop_;
  transport::MemoryNetwork network_{loop_};
  ServerCore core_;
  std::unique_ptr<transport::Connector> connector_;
};

/// The same on so many shards: INSTANTIATE_TEST_SUITE_P names the numbers.
class ShardedCoreTest : public CoreTest, public ::testing::WithParamInterface<std::uint32_t> {
 protected:
  ShardedCoreTest() : CoreTest(GetParam()) {}
};

}  // namespace netcode
