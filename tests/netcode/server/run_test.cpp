// A whole server on real sockets and threads of its own, as a dedicated one runs.
// Tests also: server.cpp.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <filesystem>
#include <future>
#include <latch>
#include <set>
#include <thread>

#include "field.hpp"
#include "netcode/client.hpp"
#include "netcode/recording.hpp"
#include "netcode/server.hpp"

using namespace std::chrono_literals;
using namespace field;
using FieldClient = netcode::Client<Rules>;

namespace {

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
    server_->on<Chat>([](netcode::Session& session, const Chat& event, netcode::Ack ack) {
      session.match()->emit(chat(session.name() + ": " + event.text()->str()));
      ack();
    });
    std::promise<std::uint16_t> port;
    server_->on_listening([&port](const std::vector<std::uint16_t>& ports) { port.set_value(ports.at(0)); });
    thread_ = std::thread([this] { exit_code_ = server_->run(); });
    url_ = "ws://127.0.0.1:" + std::to_string(port.get_future().get());
  }
  ~RunTest() override {
    if (thread_.joinable()) stop();
    std::filesystem::remove_all(record_dir_);
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
INSTANTIATE_TEST_SUITE_P(Shards, RunTest, ::testing::Values(1U, 3U),
                         [](const auto& shards) { return std::to_string(shards.param); });

}  // namespace

TEST_P(RunTest, a_client_over_two_connections_hears_everything_once) {
  auto ada = client("ada", netcode::Links::kTwo);
  std::vector<std::uint32_t> numbers;
  ada->on<Numbered>([&](const Numbered& event) { numbers.push_back(event.number()); });
  ada->join("m0");
  ASSERT_TRUE(until([&] { return ada->stats().links == 2 && dot_of(ada->world(), ada->player()); }));
  MoveT move;
  move.dx = 1;
  for (int i = 0; i < 20; ++i) {
    ada->act(move);
    const auto seen = ada->stats().snapshots;
    ASSERT_TRUE(until([&] { return ada->stats().snapshots > seen; }));
  }
  ASSERT_TRUE(until([&] { return dot_of(ada->world(), ada->player())->x() == 20; }));
  EXPECT_GT(ada->stats().duplicates, 0U);
  ada->drop_connection();
  ASSERT_TRUE(until([&] { return ada->stats().resumed == 1 && ada->state() == netcode::ClientState::kInMatch; }));
  for (std::size_t i = 1; i < numbers.size(); ++i) ASSERT_EQ(numbers[i], numbers[i - 1] + 1);
  EXPECT_EQ(dot_of(ada->world(), ada->player())->actions(), 20U);
}

TEST_P(RunTest, clients_of_several_matches_play_chat_are_cut_and_their_recordings_verify) {
  std::vector<std::unique_ptr<FieldClient>> clients;
  std::vector<std::vector<std::uint32_t>> numbers(12);
  std::vector<int> chats(12);
  for (std::size_t i = 0; i < 12; ++i) {
    clients.push_back(client("c" + std::to_string(i)));
    clients[i]->on<Numbered>([&numbers, i](const Numbered& event) { numbers[i].push_back(event.number()); });
    clients[i]->on<Chat>([&chats, i](const Chat&) { ++chats[i]; });
    clients[i]->join("m" + std::to_string(i % 4));
  }
  ASSERT_TRUE(until([&] {
    return std::all_of(clients.begin(), clients.end(), [](const auto& c) { return dot_of(c->world(), c->player()); });
  }));
  MoveT move;
  move.dx = 1;
  for (const auto& one : clients) one->act(move);
  for (const auto& one : clients) one->emit(chat("hello"));
  for (int cut = 0; cut < 3; ++cut) {
    const auto resumed = static_cast<std::uint64_t>(cut + 1);
    for (const auto& one : clients) one->drop_connection();
    ASSERT_TRUE(until([&] {
      return std::all_of(clients.begin(), clients.end(), [&](const auto& c) { return c->stats().resumed == resumed; });
    })) << "cut "
        << cut;
  }
  ASSERT_TRUE(until([&] { return std::all_of(chats.begin(), chats.end(), [](int n) { return n >= 3; }); }));
  for (const auto& one : numbers)
    for (std::size_t n = 1; n < one.size(); ++n) ASSERT_EQ(one[n], one[n - 1] + 1);
  for (const int count : chats) EXPECT_EQ(count, 3) << "three players a match, each heard once";

  stop();
  EXPECT_EQ(exit_code_, 0);
  ASSERT_TRUE(until([&] { return clients[0]->state() == netcode::ClientState::kClosed; }))
      << to_string(clients[0]->state()) << ": " << clients[0]->reason();
  EXPECT_EQ(clients[0]->reason(), "the server is shutting down");
  const auto recordings = server_->stats().recordings;
  ASSERT_EQ(recordings.size(), 4U);
  for (const std::string& path : recordings) {
    const auto report = netcode::verify_recording(path, {{"field", netcode::rules_type<Rules>()}});
    EXPECT_TRUE(report.ok) << path << ": " << report.reason << " " << report.difference;
    EXPECT_FALSE(report.truncated);
    EXPECT_GT(report.ticks, 10U);
  }
}

TEST(RunStart, raises_the_soft_limit_of_descriptors_for_as_many_sessions_as_are_promised) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  if (before.rlim_max < 1'000) GTEST_SKIP() << "this machine's hard limit is low";
  rlimit low = before;
  low.rlim_cur = 256;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &low), 0);
  netcode::ServerConfig config;
  config.listen = {"127.0.0.1:0"};
  config.sessions_max = 4096;
  config.quiet = true;
  netcode::Server server(config);
  server.define<Rules>("field");
  std::promise<void> listening;
  server.on_listening([&listening](const std::vector<std::uint16_t>&) { listening.set_value(); });
  std::thread thread([&server] { server.run(); });
  listening.get_future().wait();
  rlimit raised{};
  EXPECT_EQ(::getrlimit(RLIMIT_NOFILE, &raised), 0);
  server.stop();
  thread.join();
  ::setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_GE(raised.rlim_cur, std::min<rlim_t>(before.rlim_max, 4096));
}

TEST_P(RunTest, a_port_in_use_is_one_line_and_exit_code_two) {
  netcode::ServerConfig config;
  config.listen = {url_.substr(5)};
  config.quiet = true;
  netcode::Server second(config);
  second.define<Rules>("field");
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(second.run(), 2);
  const std::string said = ::testing::internal::GetCapturedStderr();
  EXPECT_NE(said.find(url_.substr(5)), std::string::npos) << said;
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1) << said;
}

TEST(CallsBeforeRun, reach_each_match_on_the_thread_where_it_lives) {
  netcode::ServerConfig config;
  config.listen = {"127.0.0.1:0"};
  config.threads = 3;
  config.quiet = true;
  netcode::Server server(config);
  server.define<Rules>("field");
  constexpr int kMatches = 6;
  std::array<std::thread::id, kMatches> early;
  std::array<std::thread::id, kMatches> late;
  std::latch called(2 * kMatches);
  const auto post = [&](int i, std::thread::id& thread) {
    const auto posted = server.match("m" + std::to_string(i)).post([&] {
      thread = std::this_thread::get_id();
      called.count_down();
    });
    ASSERT_TRUE(posted) << posted.error().reason;
  };
  for (int i = 0; i < kMatches; ++i) {
    ASSERT_TRUE(server.open("field", "m" + std::to_string(i)));
    post(i, early[static_cast<std::size_t>(i)]);
  }
  std::promise<void> listening;
  server.on_listening([&listening](const std::vector<std::uint16_t>&) { listening.set_value(); });
  std::thread thread([&server] { server.run(); });
  listening.get_future().wait();
  for (int i = 0; i < kMatches; ++i) post(i, late[static_cast<std::size_t>(i)]);
  called.wait();
  server.stop();
  thread.join();
  EXPECT_EQ(early, late);
  EXPECT_GT(std::set(late.begin(), late.end()).size(), 1U) << "or it shows nothing";
}
