// A whole server on real sockets and threads of its own, as a dedicated one runs, on as many shards as the parameter
// says; its clients are on the test's thread.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "field.hpp"
#include "netcode/client.hpp"
#include "netcode/server.hpp"

namespace field {

using namespace std::chrono_literals;
using FieldClient = netcode::Client<Rules>;

class RunTest : public ::testing::TestWithParam<std::uint32_t> {
 protected:
  RunTest() {
    record_dir_ = ::testing::TempDir() + "scrim_run_" + std::to_string(::getpid()) + "_" + std::to_string(GetParam());
    netcode::ServerConfig config;
    config.listen = {"127.0.0.1:0"};
    config.threads = GetParam();
    config.record_dir = record_dir_;
    config.quiet = true;
    server_ = std::make_unique<netcode::Server>(config);
    server_->define<Rules>("field", {.options = {{"numbered", "1"}}});
    std::promise<std::uint16_t> port;
    server_->on_listening([&port](const std::vector<std::uint16_t>& ports) { port.set_value(ports.at(0)); });
    thread_ = std::thread([this] { exit_code_ = server_->run(); });
    url_ = "ws://127.0.0.1:" + std::to_string(port.get_future().get());
  }
  ~RunTest() override { std::filesystem::remove_all(record_dir_); }
  /// While the members of the test are there, which its handlers may refer to.
  void TearDown() override {
    if (thread_.joinable()) stop();
  }
  void stop() {
    server_->stop();
    thread_.join();
  }
  std::unique_ptr<FieldClient> client(const std::string& name, netcode::Links links = netcode::Links::kAuto) {
    return std::make_unique<FieldClient>(netcode::ClientConfig{.url = url_, .name = name, .links = links}, loop_);
  }
  template <class Condition>
  bool until(Condition condition, std::chrono::seconds at_most = 20s) {
    const auto deadline = std::chrono::steady_clock::now() + at_most;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      loop_.wait(5ms);
    }
    return true;
  }

  std::string record_dir_;
  std::unique_ptr<netcode::Server> server_;
  std::thread thread_;
  std::atomic<int> exit_code_ = -1;
  std::string url_;
  netcode::ClientLoop loop_;
};

}  // namespace field
