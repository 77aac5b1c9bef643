#include "transport/http/listener.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <ctime>
#include <deque>
#include <thread>

#include "netcode/limits.hpp"
#include "raw_client.hpp"
#include "test_world.hpp"

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

class ListenerTest : public testing::Test {
 protected:
  ListenerTest() {
    handlers_.on_http = [this](const HttpRequest& request) {
      http_requests_.push_back(request);
      return HttpResponse{200, "text/plain", "served " + request.path};
    };
    handlers_.on_upgrade = [this](const HttpRequest&) { return Upgrade{&loop_, ""}; };
    handlers_.on_connection = [this](const HttpRequest&, std::shared_ptr<Connection> connection) {
      connections_.push_back(std::move(connection));
      connections_.back()->start(heard_.emplace_back());
    };
  }
  ~ListenerTest() override {
    for (const auto& connection : connections_) connection->detach();
  }

  void open() {
    auto listener = Listener::open(loop_, "127.0.0.1", 0, options_, handlers_);
    ASSERT_TRUE(listener) << listener.error().reason;
    listener_ = std::move(*listener);
  }
  std::uint16_t port() const { return listener_->port(); }

  /// What comes back for these bytes, up to the end of the connection.
  std::string answer_to(std::string_view bytes) {
    RawClient client(loop_, port());
    client.send(bytes);
    EXPECT_TRUE(client.read_to_end()) << "the connection was not closed";
    return client.received;
  }

  IoLoop loop_;
  ConnectionOptions options_;
  AcceptHandlers handlers_;
  std::vector<HttpRequest> http_requests_;
  std::vector<std::shared_ptr<Connection>> connections_;
  std::deque<Heard> heard_;
  std::unique_ptr<Listener> listener_;
};

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

TEST_F(ListenerTest, plain_http_is_served_and_the_connection_closed) {
  open();
  const auto answer = answer_to("GET /metrics?a=b%20c HTTP/1.1\r\nHost: x\r\nOrigin: https://game.example\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("\r\n\r\nserved /metrics"));
  ASSERT_EQ(http_requests_.size(), 1U);
  EXPECT_EQ(http_requests_[0].query.at("a"), "b c");
  EXPECT_EQ(http_requests_[0].origin, "https://game.example");
  EXPECT_THAT(http_requests_[0].remote_address, StartsWith("127.0.0.1:"));
}

TEST_F(ListenerTest, head_gets_no_body) {
  open();
  const auto answer = answer_to("HEAD /x HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(answer, HasSubstr("Content-Length: 9\r\n"));
  EXPECT_TRUE(answer.ends_with("\r\n\r\n")) << answer;
}

TEST_F(ListenerTest, other_methods_are_for_the_handler_to_judge) {
  open();
  EXPECT_THAT(answer_to("DELETE /x HTTP/1.1\r\nHost: x\r\n\r\n"), StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(http_requests_.at(0).method, "DELETE");
}

TEST_F(ListenerTest, a_request_body_is_refused_with_413) {
  open();
  EXPECT_THAT(answer_to("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"), StartsWith("HTTP/1.1 413"));
  EXPECT_THAT(answer_to("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"),
              StartsWith("HTTP/1.1 413"));
  EXPECT_TRUE(http_requests_.empty());
}

TEST_F(ListenerTest, what_is_not_http_is_refused_with_400) {
  open();
  EXPECT_THAT(answer_to("\x16\x03\x01 hello\r\n\r\n"), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(answer_to("GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n"), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(answer_to("GET /%ff HTTP/1.1\r\nHost: x\r\n\r\n"), HasSubstr("UTF-8"));
}

TEST_F(ListenerTest, a_head_above_8_kib_is_refused_with_431) {
  open();
  const std::string head =
      "GET / HTTP/1.1\r\nHost: x\r\nX: " + std::string(limits::kHttpHeadBytesMax, 'x') + "\r\n\r\n";
  EXPECT_THAT(answer_to(head), StartsWith("HTTP/1.1 431"));
}

TEST_F(ListenerTest, more_than_100_headers_are_refused_with_431) {
  open();
  const auto head_of = [](int headers) {
    std::string head = "GET / HTTP/1.1\r\n";
    for (int i = 0; i < headers; ++i) head += "a" + std::to_string(i) + ":b\r\n";
    return head + "\r\n";
  };
  EXPECT_THAT(answer_to(head_of(100)), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(answer_to(head_of(101)), StartsWith("HTTP/1.1 431"));
  EXPECT_THAT(answer_to(head_of(2000)), StartsWith("HTTP/1.1 431"));
}

TEST_F(ListenerTest, a_head_that_dribbles_is_answered_408_after_the_time_in_all_not_per_byte) {
  options_.handshake_timeout = 60ms;
  open();
  RawClient client(loop_, port());
  const auto begun = loop_.now();
  while (!client.ended && loop_.now() < begun + 5s) {
    client.send("G");
    client.read_until([&, until = loop_.now() + 5ms] { return client.ended || loop_.now() > until; });
  }
  EXPECT_THAT(client.received, StartsWith("HTTP/1.1 408"));
  EXPECT_LT(loop_.now() - begun, 3s);
}

TEST_F(ListenerTest, a_connection_that_says_nothing_is_closed) {
  options_.handshake_timeout = 20ms;
  options_.close_timeout = 20ms;
  open();
  RawClient client(loop_, port());
  EXPECT_TRUE(client.read_to_end());
}

TEST_F(ListenerTest, another_websocket_version_is_told_13_with_426) {
  open();
  const auto answer = answer_to(
      "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 8\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 426"));
  EXPECT_THAT(answer, HasSubstr("Sec-WebSocket-Version: 13\r\n"));
}

TEST_F(ListenerTest, half_a_websocket_handshake_is_refused_with_400) {
  open();
  EXPECT_THAT(answer_to("GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        "Sec-WebSocket-Version: 13\r\n\r\n"),
              StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(answer_to("POST / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"),
              StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(answer_to("GET / HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n"),
              StartsWith("HTTP/1.1 400"));
}

TEST_F(ListenerTest, a_subprotocol_header_of_nothing_but_spaces_and_commas_takes_linear_time) {
  std::vector<std::string> offered;
  handlers_.on_upgrade = [&](const HttpRequest& request) {
    offered = request.subprotocols;
    return HttpResponse{403, "text/plain", "no"};
  };
  open();
  const std::string header =
      "Sec-WebSocket-Protocol: " + std::string(3500, ' ') + "a" + std::string(3500, ',') + " b\r\n";
  EXPECT_THAT(answer_to(RawClient::upgrade_request("/", header)), StartsWith("HTTP/1.1 403"));
  EXPECT_EQ(offered, (std::vector<std::string>{"a", "b"}));
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

TEST_F(ListenerTest, broken_frames_close_with_the_code_that_names_what_is_wrong) {
  struct Case {
    const char* what;
    std::string bytes;
    int code;
  };
  const std::vector<Case> cases = {
      {"unmasked", RawClient::frame(0x82, "x", false), 1002},
      {"reserved bit", RawClient::frame(0xC2, "x"), 1002},
      {"reserved opcode", RawClient::frame(0x83, "x"), 1002},
      {"reserved control opcode", RawClient::frame(0x8B, "x"), 1002},
      {"orphan continuation", RawClient::frame(0x80, "x"), 1002},
      {"fragmented ping", RawClient::frame(0x09, "x"), 1002},
      {"long ping", RawClient::frame(0x89, std::string(126, 'x')), 1002},
      {"message in a message", RawClient::frame(0x02, "x") + RawClient::frame(0x82, "x"), 1002},
      {"bad close code", RawClient::frame(0x88, std::string("\x03\xED", 2)), 1002},
      {"not UTF-8", RawClient::frame(0x81, "\xff"), 1007},
      {"declared length above the limit", std::string("\x82\xFF\0\0\0\0\x7f\0\0\0\0\0\0\0", 14), 1009},
      {"absurd declared length", std::string("\x82\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\0\0\0\0", 14), 1009},
      {"fragments that add up to more than the limit",
       RawClient::frame(0x02, std::string(60'000, 'x')) + RawClient::frame(0x80, std::string(6000, 'x')), 1009},
  };
  open();
  for (const Case& one : cases) {
    SCOPED_TRACE(one.what);
    RawClient client(loop_, port());
    client.send(RawClient::upgrade_request() + one.bytes);
    EXPECT_TRUE(client.read_until([&] { return client.close_code() != 0; }));
    EXPECT_EQ(client.close_code(), one.code);
    client.reset();
    ASSERT_TRUE(client.read_until([&] { return heard_.back().closed.has_value(); }));
    EXPECT_EQ(static_cast<int>(heard_.back().closed->code), one.code);
    EXPECT_FALSE(heard_.back().closed->by_peer);
    EXPECT_FALSE(heard_.back().closed->reason.empty());
    EXPECT_TRUE(heard_.back().messages.empty());
  }
}

TEST_F(ListenerTest, a_flood_of_empty_fragments_closes_with_1008) {
  open();
  RawClient client(loop_, port());
  client.send(RawClient::upgrade_request() + RawClient::frame(0x02, ""));
  std::string flood;
  for (int i = 0; i < 1000; ++i) flood += RawClient::frame(0x00, "");
  client.send(flood);
  EXPECT_TRUE(client.read_until([&] { return client.close_code() != 0; }));
  EXPECT_EQ(client.close_code(), 1008);
}

TEST_F(ListenerTest, a_message_in_as_many_fragments_as_allowed_arrives) {
  open();
  RawClient client(loop_, port());
  std::string message = RawClient::upgrade_request() + RawClient::frame(0x02, "a");
  for (std::size_t i = 0; i < limits::kMessageFragmentsMax - 2; ++i) message += RawClient::frame(0x00, "b");
  client.send(message + RawClient::frame(0x80, "c"));
  ASSERT_TRUE(client.read_until([&] { return !heard_.empty() && !heard_[0].messages.empty(); }));
  EXPECT_EQ(heard_[0].messages[0].bytes.size(), limits::kMessageFragmentsMax);
}

TEST_F(ListenerTest, a_message_that_never_ends_closes_with_1008) {
  options_.message_assembly_timeout = 30ms;
  open();
  for (const auto& begun : {RawClient::frame(0x02, "begun"), RawClient::frame(0x82, "cut off").substr(0, 8)}) {
    RawClient client(loop_, port());
    client.send(RawClient::upgrade_request() + begun);
    EXPECT_TRUE(client.read_until([&] { return client.close_code() != 0; }));
    EXPECT_EQ(client.close_code(), 1008);
  }
}

TEST_F(ListenerTest, a_ping_flood_from_a_peer_that_reads_no_pongs_stays_bounded) {
  open();
  RawClient client(loop_, port(), true);
  client.send(RawClient::upgrade_request());
  ASSERT_TRUE(client.read_until([&] { return !connections_.empty(); }));
  std::string pings;
  for (int i = 0; i < 1000; ++i) pings += RawClient::frame(0x89, std::string(125, 'p'));
  client.flood(pings);
  // With one pong in flight our end stops reading once the peer does; what was sent beyond that waits in the kernel.
  EXPECT_LT(connections_[0]->bytes_received(), 1'000'000U);
  EXPECT_FALSE(heard_[0].closed.has_value());
}

TEST_F(ListenerTest, a_ping_behind_a_stuck_write_holds_up_no_messages_and_a_flood_of_them_stays_bounded) {
  open();
  RawClient client(loop_, port(), true);
  client.send(RawClient::upgrade_request());
  ASSERT_TRUE(client.read_until([&] { return !connections_.empty(); }));
  connections_[0]->write(one_frame(pattern(2'000'000)));
  loop_.run_for(20ms);
  ASSERT_FALSE(connections_[0]->writable());

  const auto ping = RawClient::frame(0x89, "are you there?");
  client.send(ping + RawClient::frame(0x82, "an action"));
  const auto end = loop_.now() + 10s;
  while (heard_[0].messages.empty() && loop_.now() < end) loop_.run_for(1ms);
  ASSERT_EQ(heard_[0].messages.size(), 1U);
  std::string pings;
  for (int i = 0; i < 1000; ++i) pings += RawClient::frame(0x89, std::string(125, 'p'));
  client.flood(pings);
  EXPECT_LT(connections_[0]->bytes_received(), 1'000'000U);

  ASSERT_TRUE(client.read_until([&] { return client.received.find("are you there?") != std::string::npos; }));
  EXPECT_TRUE(connections_[0]->writable()) << "the pong came inside the message";
}

TEST_F(ListenerTest, an_end_that_came_together_with_the_last_bytes_is_seen) {
  open();
  RawClient client(loop_, port());
  client.send(RawClient::upgrade_request());
  ASSERT_TRUE(client.read_until([&] { return !connections_.empty(); }));
  loop_.run_for(5ms);
  client.send(RawClient::frame(0x82, "bye"));
  client.shut();  // both before the loop looks again
  const auto end = loop_.now() + 10s;
  while (!heard_[0].closed && loop_.now() < end) loop_.run_for(1ms);
  ASSERT_TRUE(heard_[0].closed.has_value());
  EXPECT_EQ(heard_[0].closed->code, CloseCode::kAbnormal);
  EXPECT_TRUE(heard_[0].closed->by_peer);
  EXPECT_EQ(heard_[0].messages.size(), 1U);
}

TEST_F(ListenerTest, a_pong_that_cannot_be_sent_does_not_hide_why_the_peer_closed) {
  open();
  RawClient client(loop_, port());
  client.send(RawClient::upgrade_request());
  ASSERT_TRUE(client.read_until([&] { return !connections_.empty(); }));
  loop_.run_for(5ms);
  client.send(RawClient::frame(0x89, "ping") + RawClient::frame(0x88,
                                                                "\x03\xe9"
                                                                "so long"));
  client.reset();  // before the loop looks again: nobody takes the pong
  const auto end = loop_.now() + 10s;
  while (!heard_[0].closed && loop_.now() < end) loop_.run_for(1ms);
  ASSERT_TRUE(heard_[0].closed.has_value());
  EXPECT_EQ(heard_[0].closed->code, CloseCode::kGoingAway);
  EXPECT_EQ(heard_[0].closed->reason, "so long");
}

TEST_F(ListenerTest, a_handler_may_let_go_of_connections_that_have_news_in_the_same_turn) {
  // The first to arrive is started and drops all others, whose own messages came in the same turn of the loop.
  handlers_.on_connection = [this](const HttpRequest&, std::shared_ptr<Connection> connection) {
    connections_.push_back(std::move(connection));
  };
  open();
  std::deque<RawClient> clients;
  for (int i = 0; i < 20; ++i) {
    clients.emplace_back(loop_, port()).send(RawClient::upgrade_request());
    clients.back().read_until([&] { return connections_.size() == clients.size(); });
  }
  Heard& heard = heard_.emplace_back();
  heard.then_on_message = [&](const Heard::Message&) { connections_.resize(1); };
  connections_[0]->start(heard);
  loop_.run_for(5ms);
  for (auto client = clients.rbegin(); client != clients.rend(); ++client) client->send(RawClient::frame(0x82, "news"));
  for (auto& client : clients) {
    if (&client == &clients.front()) continue;
    EXPECT_TRUE(client.read_to_end());
  }
  EXPECT_EQ(heard.messages.size(), 1U);
  EXPECT_FALSE(heard.closed.has_value());
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
  EXPECT_TRUE(client.read_to_end());
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

TEST_F(ListenerTest, one_that_does_not_take_its_answer_and_go_is_closed_after_the_close_timeout) {
  options_.close_timeout = 30ms;
  options_.handshake_timeout = 60s;
  open();
  RawClient client(loop_, port());
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(client.read_to_end());  // our end; theirs stays open
  const auto end = loop_.now() + 10s;
  bool reset = false;
  while (!reset && loop_.now() < end) {
    loop_.run_for(5ms);
    reset = client.is_reset_by_sending("x");
  }
  EXPECT_TRUE(reset) << "the descriptor is still held";
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
  EXPECT_TRUE(asks.read_to_end());
  EXPECT_TRUE(upgrades.read_to_end());
  ::setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_THAT(asks.received, HasSubstr("served /healthz"));
  EXPECT_THAT(upgrades.received, StartsWith("HTTP/1.1 503")) << "the last descriptors are for HTTP and for files";
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

TEST_F(ListenerTest, a_flood_of_pings_is_told_to_slow_down_and_is_not_answered_on) {
  open();
  RawClient client(loop_, port());
  client.send(RawClient::upgrade_request());
  ASSERT_TRUE(client.read_until([&] { return !connections_.empty(); }));
  std::string pings;
  for (int i = 0; i < 1000; ++i) pings += RawClient::frame(0x89, "");
  for (int i = 0; i < 20; ++i) client.send(pings);
  EXPECT_TRUE(client.read_until([&] { return client.close_code() != 0; }));
  EXPECT_EQ(client.close_code(), 1008);
  EXPECT_THAT(client.received, HasSubstr("pings and pongs a second: slow down"));
  EXPECT_TRUE(client.read_to_end()) << "our end comes with the close frame";
  const auto pongs = static_cast<std::size_t>(std::ranges::count(client.received, '\x8A'));
  EXPECT_LE(pongs, limits::kControlFramesBurstMax + 1000) << "what was read before the flood was seen, and no more";
  client.shut();
  EXPECT_TRUE(client.read_until([&] { return heard_[0].closed.has_value(); }));
  EXPECT_EQ(heard_[0].closed->code, CloseCode::kPolicy);
}

TEST_F(ListenerTest, bytes_are_metered_and_a_burst_is_no_offence) {
  open();
  RawClient client(loop_, port());
  client.send(RawClient::upgrade_request());
  ASSERT_TRUE(client.read_until([&] { return !connections_.empty(); }));
  const auto message = RawClient::frame(0x82, std::string(60'000, 'x'));
  const std::size_t within = limits::kClientBytesBurstMax / message.size();
  for (std::size_t i = 0; i < within; ++i) client.send(message);
  ASSERT_TRUE(client.read_until([&] { return heard_[0].messages.size() == within; }));
  EXPECT_EQ(client.close_code(), 0);
  for (std::size_t i = 0; i < within; ++i) client.send(message);
  EXPECT_TRUE(client.read_until([&] { return client.close_code() != 0; }));
  EXPECT_EQ(client.close_code(), 1008);
  EXPECT_THAT(client.received, HasSubstr("bytes a second: slow down"));
}

/// The bytes of one of the frames that flood: more than is thrown away in a turn of the loop, or less.
class FloodTest : public ListenerTest, public ::testing::WithParamInterface<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(Frames, FloodTest, ::testing::Values(20'000, 60'000));

TEST_P(FloodTest, who_floods_on_after_the_close_is_cut_and_not_parsed) {
  options_.close_timeout = 60s;
  open();
  RawClient client(loop_, port());
  client.send(RawClient::upgrade_request());
  ASSERT_TRUE(client.read_until([&] { return !connections_.empty(); }));
  connections_[0]->close(CloseCode::kKicked, "out");
  const auto flood = RawClient::frame(0x82, std::string(GetParam(), 'x'));
  client.flood(flood);
  const auto end = loop_.now() + 10s;
  while (!heard_[0].closed && loop_.now() < end) loop_.run_for(1ms);
  ASSERT_TRUE(heard_[0].closed.has_value());
  EXPECT_EQ(heard_[0].closed->code, CloseCode::kKicked);
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

}  // namespace
}  // namespace netcode::transport
