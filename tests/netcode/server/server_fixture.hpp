// A server of dots and its clients, in virtual time, on as many shards as the test's parameter says.
#pragma once

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <memory>
#include <string>

#include "field.hpp"
#include "netcode/testing.hpp"

namespace field {

using namespace std::chrono_literals;
using FieldClient = netcode::Client<Rules>;

class ServerTest : public ::testing::TestWithParam<std::uint32_t> {
 protected:
  ServerTest() { spdlog::set_level(spdlog::level::warn); }

  static netcode::ServerConfig config() {
    netcode::ServerConfig out;
    out.threads = GetParam();
    out.seed = 7;
    return out;
  }

  /// Call first: what a test wants otherwise, and then starts.
  void make(netcode::ServerConfig server_config = config(), netcode::MatchOptions options = {}) {
    bench_ = std::make_unique<netcode::testing::TestBench>(std::move(server_config));
    bench_->server().define<Rules>("field", std::move(options));
  }
  void start() {
    if (!bench_) make();
    bench_->start();
  }
  netcode::Server& server() { return bench_->server(); }

  std::unique_ptr<FieldClient> client(const std::string& name) { return bench_->client<Rules>(name); }
  std::unique_ptr<FieldClient> joined(const std::string& name, const std::string& match = "m",
                                      netcode::JoinOptions options = {}) {
    auto out = client(name);
    out->join(match, std::move(options));
    EXPECT_TRUE(until([&] { return out->state() == netcode::ClientState::kInMatch; })) << name << ": " << out->reason();
    return out;
  }
  std::string refusal(const std::string& name, const std::string& match, netcode::JoinOptions options = {}) {
    auto out = client(name);
    out->join(match, std::move(options));
    EXPECT_TRUE(until([&] { return out->state() == netcode::ClientState::kClosed; })) << name << " was let in";
    return out->reason();
  }

  template <class Condition>
  bool until(Condition condition, engine::Duration at_most = 2s) {
    return bench_->run_until(condition, at_most);
  }

  std::unique_ptr<netcode::testing::TestBench> bench_;
};

}  // namespace field

#define INSTANTIATE_ON_SHARDS(Suite)                                 \
  INSTANTIATE_TEST_SUITE_P(Shards, Suite, ::testing::Values(1U, 3U), \
                           [](const auto& shards) { return std::to_string(shards.param); })
