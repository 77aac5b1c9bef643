// Tests also: accept.cpp, websocket_handshake.cpp.
#include "transport/http/listener.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <ctime>
#include <deque>
#include <thread>

#include "listener_fixture.hpp"

namespace netcode::transport {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

#if defined(__has_feature)
constexpr bool kSanitized = __has_feature(address_sanitizer);
#elif defined(__SANITIZE_ADDRESS__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

TEST_F(ListenerTest, a_port_in_use_is_an_error_that_names_it) {
  open();
  const auto second = Listener::open(loop_, "127.0.0.1", port(), options_, handlers_);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().reason, HasSubstr("127.0.0.1:" + std::to_string(port())));
  EXPECT_THAT(second.error().reason, HasSubstr("in use"));
}

TEST_F(ListenerTest, an_address_that_is_not_ours_is_an_error_that_names_it) {
  const auto listener = Listener::open(loop_, "203.0.113.7", 9000, options_, handlers_);
  ASSERT_FALSE(listener);
  EXPECT_THAT(listener.error().reason, StartsWith("cannot listen on 203.0.113.7:9000: "));
}

TEST_F(ListenerTest, a_frame_that_came_with_the_http_head_is_not_lost) {
  open();
  RawClient client(loop_, port());
  client.send(RawClient::upgrade_request() + RawClient::frame(0x82, "early"));
  ASSERT_TRUE(client.read_until([&] { return !heard_.empty() && !heard_[0].messages.empty(); }));
  EXPECT_EQ(heard_[0].messages[0].bytes, bytes_of("early"));
  EXPECT_THAT(client.received, StartsWith("HTTP/1.1 101 "));
  EXPECT_THAT(client.received, HasSubstr("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
}

TEST_F(ListenerTest, a_connection_moves_with_its_early_bytes_to_the_loop_that_was_chosen) {
  IoLoop other;
  std::thread::id ran_on;
  handlers_.on_upgrade = [&](const HttpRequest&) { return Upgrade{&other, ""}; };
  Heard heard;
  std::shared_ptr<Connection> moved;
  handlers_.on_connection = [&](const HttpRequest&, std::shared_ptr<Connection> connection) {
    ran_on = std::this_thread::get_id();
    moved = std::move(connection);
    heard.then_on_message = [&](const Heard::Message& message) { moved->write(one_frame(message.bytes)); };
    moved->start(heard);
  };
  open();
  std::thread thread([&] { other.run(); });
  const auto thread_id = thread.get_id();
  {
    RawClient client(loop_, port());
    // More than fits Beast's own read buffer.
    const std::string big(3000, 'x');
    client.send(RawClient::upgrade_request() + RawClient::frame(0x82, big) + RawClient::frame(0x82, "and more"));
    EXPECT_TRUE(client.read_until([&] { return client.received.ends_with("and more"); }));
    EXPECT_THAT(client.received, HasSubstr(big));
  }
  other.post([&] {
    moved->detach();
    moved.reset();
    other.stop();
  });
  thread.join();
  EXPECT_EQ(ran_on, thread_id);
}

TEST_F(ListenerTest, a_reset_during_the_handshake_harms_nobody) {
  open();
  for (int i = 0; i < 10; ++i) {
    RawClient client(loop_, port());
    client.send(std::string_view(RawClient::upgrade_request()).substr(0, static_cast<std::size_t>(20 * i)));
    client.reset();
    loop_.run_for(1ms);
  }
  EXPECT_THAT(answer_to("GET /alive HTTP/1.1\r\nHost: x\r\n\r\n"), HasSubstr("served /alive"));
}

TEST_F(ListenerTest, without_file_descriptors_accepting_pauses_and_goes_on_when_there_are_some) {
  if (kSanitized) GTEST_SKIP() << "the sanitizer's own checks need file descriptors";
  open();
  // The clients' descriptors come from the same table: connect first, then take all that are left.
  RawClient client(loop_, port());
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  rlimit few = before;
  few.rlim_cur = 64;
  ::setrlimit(RLIMIT_NOFILE, &few);
  std::vector<int> taken;
  for (int fd = ::open("/dev/null", O_RDONLY); fd >= 0; fd = ::open("/dev/null", O_RDONLY)) taken.push_back(fd);
  client.send("GET /late HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto spun_from = ::clock();
  loop_.run_for(150ms);
  const auto spent = static_cast<double>(::clock() - spun_from) / CLOCKS_PER_SEC;
  for (const int fd : taken) ::close(fd);
  ::setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_LT(spent, 0.1) << "accept spins";
  EXPECT_TRUE(client.read_answers(1));
  EXPECT_THAT(client.received, HasSubstr("served /late"));
}

TEST_F(ListenerTest, of_too_many_connections_that_say_nothing_the_oldest_makes_room) {
  options_.visitors_max = 4;
  open();
  std::deque<RawClient> silent;
  for (int i = 0; i < 12; ++i) {
    silent.emplace_back(loop_, port());
    loop_.run_for(2ms);
  }
  EXPECT_THAT(answer_to("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"), HasSubstr("served /healthz"));
  for (std::size_t i = 0; i < 8; ++i) EXPECT_TRUE(silent[i].read_to_end()) << "four at most are borne";
  EXPECT_FALSE(silent.back().ended);
}

TEST_F(ListenerTest, silent_connections_make_room_for_a_request_when_descriptors_run_out) {
  if (kSanitized) GTEST_SKIP() << "the sanitizer's own checks need file descriptors";
  open();
  // The clients' descriptors come from the same table: they connect first, then the table is as good as full.
  std::deque<RawClient> silent;
  for (int i = 0; i < 40; ++i) silent.emplace_back(loop_, port());
  RawClient asks(loop_, port());
  RawClient upgrades(loop_, port());
  const int next_free = ::open("/dev/null", O_RDONLY);
  ::close(next_free);
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  rlimit few = before;
  few.rlim_cur = static_cast<rlim_t>(next_free) + 5;
  ::setrlimit(RLIMIT_NOFILE, &few);
  asks.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
  upgrades.send(RawClient::upgrade_request());
  EXPECT_TRUE(asks.read_answers(1));
  EXPECT_TRUE(upgrades.read_answers(1));
  ::setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_THAT(asks.received, HasSubstr("served /healthz"));
  EXPECT_THAT(upgrades.received, StartsWith("HTTP/1.1 503")) << "the last descriptors are for HTTP and for files";
}

TEST_F(ListenerTest, connections_that_wait_for_a_close_make_room_oldest_first_when_descriptors_run_out) {
  if (kSanitized) GTEST_SKIP() << "the sanitizer's own checks need file descriptors";
  open();
  std::deque<RawClient> told;  // that they are to go, and stay
  for (std::size_t i = 0; i < 20; ++i) {
    told.emplace_back(loop_, port());
    told.back().send(RawClient::upgrade_request());
    ASSERT_TRUE(told.back().read_until([&] { return connections_.size() > i; }));
    connections_.back()->close(CloseCode::kKicked, "go");
  }
  RawClient asks(loop_, port());
  RawClient upgrades(loop_, port());
  const int next_free = ::open("/dev/null", O_RDONLY);
  ::close(next_free);
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  rlimit none = before;
  none.rlim_cur = static_cast<rlim_t>(next_free);
  ::setrlimit(RLIMIT_NOFILE, &none);
  asks.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
  upgrades.send(RawClient::upgrade_request());
  const auto began = loop_.now();
  EXPECT_TRUE(asks.read_answers(1));
  EXPECT_TRUE(upgrades.read_until([&] { return upgrades.received.find("\r\n\r\n") != std::string::npos; }));
  const auto took = loop_.now() - began;
  ::setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_LT(took, options_.close_timeout / 2) << "nobody waits until they give up by themselves";
  EXPECT_THAT(asks.received, HasSubstr("served /healthz"));
  EXPECT_THAT(upgrades.received, StartsWith("HTTP/1.1 101")) << upgrades.received;
  EXPECT_TRUE(told.front().read_to_end());
  EXPECT_EQ(heard_.front().closed->code, CloseCode::kKicked) << "as if it had given up in time";
  EXPECT_FALSE(heard_[19].closed) << "no more than were needed";
}

TEST_F(ListenerTest, connections_that_are_open_make_no_room) {
  if (kSanitized) GTEST_SKIP() << "the sanitizer's own checks need file descriptors";
  open();
  std::deque<RawClient> playing;
  for (std::size_t i = 0; i < 20; ++i) {
    playing.emplace_back(loop_, port());
    playing.back().send(RawClient::upgrade_request());
    ASSERT_TRUE(playing.back().read_until([&] { return connections_.size() > i; }));
  }
  RawClient upgrades(loop_, port());
  const int next_free = ::open("/dev/null", O_RDONLY);
  ::close(next_free);
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  rlimit few = before;
  few.rlim_cur = static_cast<rlim_t>(next_free) + 5;
  ::setrlimit(RLIMIT_NOFILE, &few);
  upgrades.send(RawClient::upgrade_request());
  EXPECT_TRUE(upgrades.read_answers(1));
  ::setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_THAT(upgrades.received, StartsWith("HTTP/1.1 503"));
  for (const Heard& heard : heard_) EXPECT_FALSE(heard.closed);
}

bool has_ipv6() {
  IoLoop loop;
  AcceptHandlers handlers;
  handlers.on_http = [](const HttpRequest&) { return HttpResponse{}; };
  handlers.on_upgrade = [&loop](const HttpRequest&) { return Upgrade{&loop, ""}; };
  handlers.on_connection = [](const HttpRequest&, const std::shared_ptr<Connection>&) {};
  return static_cast<bool>(Listener::open(loop, "::1", 0, ConnectionOptions(), handlers));
}

TEST_F(ListenerTest, all_of_ipv4_and_all_of_ipv6_stand_side_by_side_on_one_port_in_either_order) {
  if (!has_ipv6()) GTEST_SKIP() << "this machine has no IPv6";
  for (const auto& [first, second] : {std::pair{"0.0.0.0", "::"}, std::pair{"::", "0.0.0.0"}}) {
    const auto one = Listener::open(loop_, first, 0, options_, handlers_);
    ASSERT_TRUE(one) << one.error().reason;
    const auto two = Listener::open(loop_, second, (*one)->port(), options_, handlers_);
    ASSERT_TRUE(two) << two.error().reason;
    EXPECT_FALSE(Listener::open(loop_, second, (*one)->port(), options_, handlers_)) << "in use is in use";
  }
}

TEST_F(ListenerTest, a_name_is_listened_on_at_all_its_addresses) {
  auto listener = Listener::open(loop_, "localhost", 0, options_, handlers_);
  ASSERT_TRUE(listener) << listener.error().reason;
  listener_ = std::move(*listener);
  EXPECT_EQ(listener_->address(), "localhost:" + std::to_string(port()));
  EXPECT_THAT(answer_to("GET /4 HTTP/1.1\r\nHost: x\r\n\r\n"), HasSubstr("served /4"));
  // As if a name had two: what is free for the first has to be free for the second.
  const auto taken = Listener::open(loop_, "localhost", port(), options_, handlers_);
  ASSERT_FALSE(taken);
  EXPECT_THAT(taken.error().reason, HasSubstr("in use"));
}

TEST_F(ListenerTest, a_client_that_is_gone_before_its_handshake_is_over_reaches_nobody_and_is_told_of) {
  int asked = 0, lost = 0;
  handlers_.on_upgrade = [&](const HttpRequest&) {
    ++asked;
    return Upgrade{.loop = &loop_, .on_lost = [&lost] { ++lost; }};
  };
  open();
  for (int i = 0; i < 40; ++i) {
    RawClient client(loop_, port());
    client.send(RawClient::upgrade_request());
    i % 2 == 0 ? client.shut() : client.reset();
    loop_.run_for(1ms);
  }
  RawClient(loop_, port()).read_until([&] { return lost == asked; });
  EXPECT_GE(asked, 20) << "a head that came before the end was read";
  EXPECT_EQ(lost, asked);
  EXPECT_TRUE(connections_.empty());
}

TEST_F(ListenerTest, after_close_no_handler_is_called_and_nobody_gets_in) {
  open();
  const auto was = port();
  RawClient waiting(loop_, was);
  loop_.run_for(5ms);
  listener_->close();
  waiting.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(waiting.read_to_end());
  EXPECT_TRUE(http_requests_.empty());
  EXPECT_THROW(RawClient(loop_, was), std::runtime_error);
}

TEST(ListenerEnd, a_connection_that_waits_may_be_the_last_that_knows_its_listener) {
  auto loop = std::make_unique<IoLoop>();
  auto listener = Listener::open(*loop, "127.0.0.1", 0, {},
                                 {.on_http = [](const HttpRequest&) { return HttpResponse(); },
                                  .on_upgrade = [](const HttpRequest&) { return Upgrade(); },
                                  .on_connection = [](const HttpRequest&, std::shared_ptr<Connection>) {}});
  ASSERT_TRUE(listener) << listener.error().reason;
  RawClient waiting(*loop, (*listener)->port());
  loop->run_for(20ms);
  listener->reset();
  loop->run_for(1ms);
  loop.reset();
}

}  // namespace
}  // namespace netcode::transport
