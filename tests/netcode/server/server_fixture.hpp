// A server of dots and its clients, in virtual time, on as many shards as the test's parameter says, all on one thread
// or on a thread each. What several handlers write on threads is guarded by the test, or is lines of a NotingTest; what
// it reads between two calls of until() or run_for() needs no guard, since the threads stand still then.
#pragma once

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "field.hpp"
#include "netcode/testing.hpp"

namespace field {

using namespace std::chrono_literals;
using FieldClient = netcode::Client<Rules>;

struct Shards {
  std::uint32_t count = 1;
  bool threads = false;

  std::string name() const { return std::to_string(count) + (threads ? "_threads" : ""); }
  // As the test is called: ctest takes its names from what is printed.
  friend void PrintTo(const Shards& shards, std::ostream* out) { *out << shards.name(); }
};
inline const Shards kOneShard{1, false}, kThreeShards{3, false}, kThreeThreads{3, true};

class ServerTest : public ::testing::TestWithParam<Shards> {
 protected:
  ServerTest() { spdlog::set_level(spdlog::level::warn); }
  /// While the members of the test are there, which its handlers may refer to.
  void TearDown() override {
    if (bench_) bench_->stop();
  }

  static netcode::ServerConfig config() {
    netcode::ServerConfig out;
    out.threads = GetParam().count;
    out.seed = 7;
    return out;
  }

  static netcode::testing::BenchOptions bench_options() { return {.threads = GetParam().threads}; }

  /// Call first: what a test wants otherwise, and then starts.
  void make(netcode::ServerConfig server_config = config(), netcode::MatchOptions options = {}) {
    bench_ = std::make_unique<netcode::testing::TestBench>(
        std::move(server_config), netcode::testing::BenchOptions{.threads = GetParam().threads});
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

/// A ServerTest whose handlers write lines down, from any thread.
class NotingTest : public ServerTest {
 protected:
  void note(std::string line) {
    const std::lock_guard lock(mutex_);
    lines_.push_back(std::move(line));
  }
  std::vector<std::string> lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
  }

 private:
  mutable std::mutex mutex_;  // guards lines_
  std::vector<std::string> lines_;
};

}  // namespace field

#define INSTANTIATE_ON(Suite, ...)                                        \
  INSTANTIATE_TEST_SUITE_P(Shards, Suite, ::testing::Values(__VA_ARGS__), \
                           [](const auto& shards) { return shards.param.name(); })
/// .ci/run selects "threads" for the thread sanitizer.
#define INSTANTIATE_ON_SHARDS(Suite) INSTANTIATE_ON(Suite, field::kOneShard, field::kThreeShards, field::kThreeThreads)
