// The program's connection to a server of its own, over real sockets.
// Tests also: local_server.cpp.
#include "game/apps/scrim/online.hpp"

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <string>
#include <string_view>
#include <thread>

#include "game/apps/scrim/flags.hpp"
#include "game/apps/scrim/local_server.hpp"

namespace game::apps {
namespace {

using namespace std::chrono_literals;

class OnlineTest : public testing::Test {
 protected:
  OnlineTest() {
    spdlog::set_level(spdlog::level::warn);
    auto started = LocalServer::start({.match = {.map = "foundry", .bots = 0, .players_max = 8}});
    if (!started) throw std::runtime_error(started.error().reason);
    server_ = std::move(*started);
    online_ = std::make_unique<Online>("Ada", std::nullopt, Online::Handlers{});
  }
  ~OnlineTest() override { online_.reset(); }

  template <class Condition>
  bool until(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      online_->poll();
      std::this_thread::yield();
    }
    return true;
  }

  std::unique_ptr<LocalServer> server_;
  std::unique_ptr<Online> online_;
};

TEST_F(OnlineTest, asks_for_the_list_once_it_is_in_the_lobby_and_whenever_it_is_told_to) {
  online_->connect(server_->url());
  ASSERT_TRUE(until([&] { return online_->view().ping_ms.has_value(); }));
  EXPECT_EQ(online_->view().matches.size(), 1U);
  const auto sent = online_->stats().sent_event_bytes;
  for (int frame = 0; frame < 1000; ++frame) online_->poll();
  EXPECT_EQ(online_->stats().sent_event_bytes, sent) << "not by itself";
  online_->refresh();
  EXPECT_TRUE(until([&] { return online_->stats().sent_event_bytes > sent; }));
}

TEST_F(OnlineTest, never_asks_for_the_list_in_a_match) {
  online_->join(server_->url(), std::string(LocalServer::kMatchId), {});
  ASSERT_TRUE(until([&] { return online_->snapshot().has_value(); }));
  online_->refresh();
  const auto snapshots = online_->stats().snapshots;
  ASSERT_TRUE(until([&] { return online_->stats().snapshots > snapshots + 15; }));
  EXPECT_EQ(online_->stats().sent_event_bytes, 0U);
}

TEST_F(OnlineTest, comes_into_a_match_by_the_address_on_a_command_line) {
  std::string address = server_->url().substr(std::string_view("ws://").size());
  std::string program = "scrim", flag = "--connect";
  char* arguments[] = {program.data(), flag.data(), address.data()};
  online_->quick_play(parse_flags(3, arguments)->connect, {});
  EXPECT_TRUE(until([&] { return online_->snapshot().has_value(); }));
}

TEST_F(OnlineTest, ends_its_own_server_without_waiting_for_it) {
  online_->join(server_->url(), std::string(LocalServer::kMatchId), {});
  ASSERT_TRUE(until([&] { return online_->snapshot().has_value(); }));
  EXPECT_FALSE(server_->is_over());
  online_->disconnect();
  server_->stop();
  EXPECT_FALSE(server_->is_over()) << "it was not waited for";
  EXPECT_TRUE(until([&] { return server_->is_over(); }));
}

}  // namespace
}  // namespace game::apps
