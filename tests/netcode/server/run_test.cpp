// A whole server on real sockets and threads of its own, as a dedicated one runs.
// Tests also: server.cpp.
#include "run_fixture.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <latch>
#include <set>

#include "netcode/recording.hpp"

using namespace field;

namespace {

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
  server_->on<Chat>([](netcode::Session& session, const Chat& event, netcode::Ack ack) {
    session.match()->emit(chat(session.name() + ": " + event.text()->str()));
    ack();
  });
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

TEST(CallsBeforeRun, and_later_ones_for_matches_that_are_nowhere_or_just_being_opened_keep_to_each_one_s_thread) {
  netcode::ServerConfig config;
  config.listen = {"127.0.0.1:0"};
  config.threads = 3;
  config.quiet = true;
  netcode::Server server(config);
  server.define<Rules>("field");
  constexpr int kMatches = 20;
  std::latch called(kMatches);
  const auto never = [] { ADD_FAILURE() << "there is no such match"; };
  ASSERT_TRUE(server.open("field", "first"));
  for (int i = 0; i < kMatches; ++i) ASSERT_TRUE(server.match("nowhere" + std::to_string(i)).post(never));
  std::promise<void> listening;
  server.on_listening([&listening](const std::vector<std::uint16_t>&) { listening.set_value(); });
  std::thread thread([&server] { server.run(); });
  listening.get_future().wait();
  for (int i = 0; i < kMatches; ++i) {  // each one changes where the next would be made
    EXPECT_TRUE(server.open("field", "m" + std::to_string(i)));
    EXPECT_TRUE(server.match("gone" + std::to_string(i)).post(never));
    EXPECT_TRUE(server.match("m" + std::to_string(i)).post([&called] { called.count_down(); }));
  }
  called.wait();
  server.stop();
  thread.join();
}
