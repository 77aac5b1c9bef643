// A client against a fake server, in virtual time.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "client_game.hpp"
#include "fake_server.hpp"

namespace netcode {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ClientTest : public ::testing::Test {
 protected:
  explicit ClientTest(ClientConfig config = config_of_tests(), engine::Duration latency = {})
      : server(loop, latency), client(std::move(config), server.connector()) {
    watch(client);
  }

  static ClientConfig config_of_tests() {
    ClientConfig config;
    config.url = "ws://server:1";
    config.name = "ada";
    config.jitter_seed = 7;
    return config;
  }

  void watch(TestClient& watched) {
    watched.on_state([this](ClientState state, std::string_view reason) {
      states.push_back(std::string(to_string(state)) + (reason.empty() ? "" : ": " + std::string(reason)));
    });
  }

  void run() { loop.run_ready(); }
  void connect() {
    server.welcome_with(FakeServer::lobby());
    client.connect();
    run();
    ASSERT_EQ(client.state(), ClientState::kConnected);
  }
  void join(const protocol::Welcome& welcome = FakeServer::in_match()) {
    server.welcome_with(welcome);
    client.join(welcome.match->id);
    run();
    ASSERT_EQ(client.state(), ClientState::kInMatch);
  }

  transport::ManualLoop loop;
  FakeServer server;
  TestClient client;
  std::vector<std::string> states;
};

}  // namespace netcode
