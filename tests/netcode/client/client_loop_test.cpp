// Real sockets: many clients on one loop, and one with a loop of its own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <variant>
#include <vector>

#include "client_game.hpp"
#include "fake_server.hpp"
#include "transport/http/listener.hpp"
#include "transport/loop/io_loop.hpp"

namespace netcode {
namespace {

using namespace std::chrono_literals;

/// A server on a socket of 127.0.0.1, polled by the test.
class SocketServer {
 public:
  SocketServer() {
    transport::AcceptHandlers handlers;
    handlers.on_http = [](const auto&) { return transport::HttpResponse{}; };
    handlers.on_upgrade = [this](const auto&) -> std::variant<transport::Upgrade, transport::HttpResponse> {
      return transport::Upgrade{&loop, std::string(protocol::kSubprotocol)};
    };
    handlers.on_connection = [this](const transport::HttpRequest& request,
                                    std::shared_ptr<transport::Connection> connection) {
      peers.push_back(std::make_unique<Peer>(request, std::move(connection)));
      auto welcome = FakeServer::in_match();
      welcome.resumed = request.query.contains("token");
      peers.back()->send(protocol::encode(welcome));
    };
    auto opened = transport::Listener::open(loop, "127.0.0.1", 0, transport::ConnectionOptions(), std::move(handlers));
    if (opened) listener = std::move(*opened);
  }

  ClientConfig config() const { return {.url = "ws://" + listener->address(), .name = "ada"}; }

  transport::IoLoop loop;
  std::unique_ptr<transport::Listener> listener;
  std::vector<std::unique_ptr<Peer>> peers;
};

bool wait_for(const std::function<bool()>& condition, const std::function<void()>& work) {
  const auto until = std::chrono::steady_clock::now() + 10s;
  while (!condition() && std::chrono::steady_clock::now() < until) work();
  return condition();
}

TEST(ClientLoop, works_for_many_clients_at_once) {
  SocketServer server;
  ASSERT_TRUE(server.listener);
  ClientLoop loop;
  std::vector<std::unique_ptr<TestClient>> clients;
  std::size_t snapshots = 0;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(std::make_unique<TestClient>(server.config(), loop));
    clients.back()->on_snapshot([&](const clienttest::World&, const SnapshotInfo&) { ++snapshots; });
    clients.back()->join("m1");
  }
  const auto work = [&] {
    loop.wait(1ms);
    server.loop.poll();
  };
  const auto all_in = [&] {
    for (const auto& client : clients) {
      if (client->state() != ClientState::kInMatch) return false;
    }
    return true;
  };
  ASSERT_TRUE(wait_for(all_in, work));
  for (const auto& peer : server.peers) peer->send_snapshot({.tick = 101}, world(1));
  ASSERT_TRUE(wait_for([&] { return snapshots == clients.size(); }, work));

  for (const auto& client : clients) client->drop_connection();
  const auto all_back = [&] {
    for (const auto& client : clients) {
      if (client->stats().resumed != 1) return false;
    }
    return true;
  };
  ASSERT_TRUE(wait_for(all_back, work));
  for (const auto& client : clients) EXPECT_EQ(client->act(push(1)), 1U);
  const auto actions = [&] {
    std::size_t count = 0;
    for (const auto& peer : server.peers) count += peer->actions.size();
    return count;
  };
  EXPECT_TRUE(wait_for([&] { return actions() == clients.size(); }, work));
}

TEST(ClientLoop, a_wait_ends_when_something_happens) {
  SocketServer server;
  ASSERT_TRUE(server.listener);
  TestClient client(server.config());
  client.join("m1");
  ASSERT_TRUE(wait_for([&] { return client.state() == ClientState::kInMatch; },
                       [&] {
                         client.poll();
                         server.loop.poll();
                       }));
  server.peers[0]->send_snapshot({.tick = 101}, world(1));
  server.loop.poll();
  const auto before = std::chrono::steady_clock::now();
  client.wait(1min);
  EXPECT_NE(client.world(), nullptr);
  EXPECT_LT(std::chrono::steady_clock::now() - before, 30s);
}

TEST(ClientLoop, a_client_with_its_own_loop_says_goodbye_when_it_is_destroyed) {
  SocketServer server;
  ASSERT_TRUE(server.listener);
  auto client = std::make_unique<TestClient>(server.config());
  client->join("m1");
  ASSERT_TRUE(wait_for([&] { return client->state() == ClientState::kInMatch; },
                       [&] {
                         client->poll();
                         server.loop.poll();
                       }));
  client.reset();
  ASSERT_TRUE(wait_for([&] { return server.peers[0]->closed.has_value(); }, [&] { server.loop.run_for(1ms); }));
  EXPECT_EQ(server.peers[0]->closed->code, transport::CloseCode::kNormal);
}

TEST(ClientLoop, a_client_may_be_moved_and_destroyed_while_it_connects) {
  SocketServer server;
  ASSERT_TRUE(server.listener);
  for (int turns = 0; turns < 12; ++turns) {
    ClientLoop loop;
    TestClient first(server.config(), loop);
    first.join("m1");
    TestClient client(std::move(first));
    for (int i = 0; i < turns; ++i) {
      client.poll();
      server.loop.poll();
    }
  }
}

TEST(ClientLoop, a_handler_may_not_poll) {
  SocketServer server;
  ASSERT_TRUE(server.listener);
  TestClient client(server.config());
  client.on_state([&](ClientState, std::string_view) { client.poll(); });
  client.join("m1");
  EXPECT_DEATH(client.poll(), "a handler may not poll");
}

}  // namespace
}  // namespace netcode
