#include "transport/http/http_connection.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/fmt/fmt.h>
#include <sys/resource.h>
#include <unistd.h>

#include <variant>

#include "listener_fixture.hpp"
#include "netcode/limits.hpp"

namespace netcode::transport {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class HttpConnectionTest : public ListenerTest {};

TEST_F(HttpConnectionTest, a_request_is_served_with_all_that_its_head_says) {
  open();
  const auto answer = answer_to("GET /metrics?a=b%20c HTTP/1.1\r\nHost: x\r\nOrigin: https://game.example\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("\r\n\r\nserved /metrics"));
  ASSERT_EQ(http_requests_.size(), 1U);
  EXPECT_EQ(http_requests_[0].query.at("a"), "b c");
  EXPECT_EQ(http_requests_[0].origin, "https://game.example");
  EXPECT_THAT(http_requests_[0].remote_address, StartsWith("127.0.0.1:"));
  EXPECT_EQ(http_requests_[0].target, "/metrics?a=b%20c");
  EXPECT_EQ(http_requests_[0].header("hOST"), "x");
  EXPECT_EQ(http_requests_[0].header("Cookie"), "");
}

TEST_F(HttpConnectionTest, head_gets_no_body) {
  open();
  RawClient client(loop_, port());
  client.send("HEAD /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(client.read_to_end());
  const auto& answer = client.received;
  EXPECT_THAT(answer, HasSubstr("Content-Length: 9\r\n"));
  EXPECT_TRUE(answer.ends_with("\r\n\r\n")) << answer;
}

TEST_F(HttpConnectionTest, other_methods_are_for_the_handler_to_judge) {
  open();
  EXPECT_THAT(answer_to("DELETE /x HTTP/1.1\r\nHost: x\r\n\r\n"), StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(http_requests_.at(0).method, "DELETE");
}

TEST_F(HttpConnectionTest, what_is_not_http_is_refused_with_400) {
  open();
  EXPECT_THAT(answer_to("\x16\x03\x01 hello\r\n\r\n"), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(answer_to("GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n"), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(answer_to("GET /%ff HTTP/1.1\r\nHost: x\r\n\r\n"), HasSubstr("UTF-8"));
}

TEST_F(HttpConnectionTest, a_head_above_8_kib_is_refused_with_431) {
  open();
  const std::string head =
      fmt::format("GET / HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", std::string(limits::kHttpHeadBytesMax, 'x'));
  EXPECT_THAT(answer_to(head), StartsWith("HTTP/1.1 431"));
}

TEST_F(HttpConnectionTest, more_than_100_headers_are_refused_with_431) {
  open();
  const auto head_of = [](int headers) {
    std::string head = "GET / HTTP/1.1\r\nHost: x\r\n";
    for (int i = 1; i < headers; ++i) head += fmt::format("a{}:b\r\n", i);
    return head + "\r\n";
  };
  EXPECT_THAT(answer_to(head_of(100)), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(answer_to(head_of(101)), StartsWith("HTTP/1.1 431"));
  EXPECT_THAT(answer_to(head_of(2000)), StartsWith("HTTP/1.1 431"));
}

TEST_F(HttpConnectionTest, a_head_that_dribbles_is_answered_408_after_the_time_in_all_not_per_byte) {
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

TEST_F(HttpConnectionTest, a_connection_that_says_nothing_is_closed) {
  options_.handshake_timeout = 20ms;
  options_.close_timeout = 20ms;
  open();
  RawClient client(loop_, port());
  EXPECT_TRUE(client.read_to_end());
}

TEST_F(HttpConnectionTest, another_websocket_version_is_told_13_with_426) {
  open();
  const auto answer = answer_to(
      "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 8\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 426"));
  EXPECT_THAT(answer, HasSubstr("Sec-WebSocket-Version: 13\r\n"));
}

TEST_F(HttpConnectionTest, half_a_websocket_handshake_is_refused_with_400) {
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

TEST_F(HttpConnectionTest, a_subprotocol_header_of_nothing_but_spaces_and_commas_takes_linear_time) {
  std::vector<std::string> offered;
  handlers_.on_upgrade = [&](const HttpRequest& request) {
    offered = request.subprotocols;
    return HttpResponse{403, "text/plain", "no"};
  };
  open();
  const std::string header =
      fmt::format("Sec-WebSocket-Protocol: {}a{} b\r\n", std::string(3500, ' '), std::string(3500, ','));
  EXPECT_THAT(answer_to(RawClient::upgrade_request("/", header)), StartsWith("HTTP/1.1 403"));
  EXPECT_EQ(offered, (std::vector<std::string>{"a", "b"}));
}

TEST_F(HttpConnectionTest, a_handshake_is_answered_with_the_headers_that_its_upgrade_has) {
  std::string value = "*";
  handlers_.on_upgrade = [&](const HttpRequest&) { return Upgrade{.loop = &loop_, .headers = {{"X-Page", value}}}; };
  open();
  RawClient client(loop_, port());
  client.send(RawClient::upgrade_request());
  ASSERT_TRUE(client.read_until([&] { return client.received.find("\r\n\r\n") != std::string::npos; }));
  EXPECT_THAT(client.received, testing::AllOf(StartsWith("HTTP/1.1 101"), HasSubstr("\r\nX-Page: *\r\n")));
  value = "a\r\nX-More: b";
  EXPECT_THAT(answer_to(RawClient::upgrade_request()), StartsWith("HTTP/1.1 500"));
}

TEST_F(HttpConnectionTest, says_no_header_without_a_value_and_no_type_that_is_empty) {
  handlers_.on_http = [](const HttpRequest&) {
    return HttpResponse{.content_type = "", .body = "x", .headers = {{"Cache-Control", ""}}};
  };
  open();
  EXPECT_EQ(answer_to("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
}

TEST_F(HttpConnectionTest, one_that_does_not_take_its_answer_and_go_is_closed_after_the_close_timeout) {
  options_.close_timeout = 30ms;
  options_.handshake_timeout = 60s;
  open();
  RawClient client(loop_, port());
  client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  ASSERT_TRUE(client.read_to_end());  // our end; theirs stays open
  const auto end = loop_.now() + 10s;
  bool reset = false;
  while (!reset && loop_.now() < end) {
    loop_.run_for(5ms);
    reset = client.is_reset_by_sending("x");
  }
  EXPECT_TRUE(reset) << "the descriptor is still held";
}

/// With so few descriptors left that WebSockets may have none of them, and plain HTTP still may.
class ReservedDescriptorsTest : public HttpConnectionTest {
 protected:
  ReservedDescriptorsTest() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    handlers_.on_upgrade = [this](const HttpRequest&) -> std::variant<Upgrade, HttpResponse> {
      if (!is_wanted_) return HttpResponse{403, "text/plain", "no"};
      return Upgrade{.loop = &loop_, .on_lost = [this] { ++lost_; }};
    };
    open();
  }
  ~ReservedDescriptorsTest() override { ::setrlimit(RLIMIT_NOFILE, &before_); }
  void leave_few() const {
    const int next_free = ::open("/dev/null", O_RDONLY);
    ::close(next_free);
    rlimit few = before_;
    few.rlim_cur = static_cast<rlim_t>(next_free) + 10;
    ::setrlimit(RLIMIT_NOFILE, &few);
  }

  bool is_wanted_ = true;
  int lost_ = 0;

 private:
  rlimit before_{};
};

TEST_F(ReservedDescriptorsTest, a_connection_that_closes_makes_room_for_an_upgrade_only_if_that_is_wanted) {
  RawClient told(loop_, port());  // that it is to go, and stays
  told.send(RawClient::upgrade_request());
  ASSERT_TRUE(told.read_until([&] { return !connections_.empty(); }));
  connections_.front()->close(CloseCode::kKicked, "go");
  leave_few();
  is_wanted_ = false;
  EXPECT_THAT(answer_to(RawClient::upgrade_request()), StartsWith("HTTP/1.1 403"));
  loop_.run_for(20ms);
  EXPECT_FALSE(heard_.front().closed);
  is_wanted_ = true;
  RawClient upgrades(loop_, port());
  upgrades.send(RawClient::upgrade_request());
  EXPECT_TRUE(upgrades.read_until([&] { return upgrades.received.find("\r\n\r\n") != std::string::npos; }));
  EXPECT_THAT(upgrades.received, StartsWith("HTTP/1.1 101"));
  EXPECT_TRUE(told.read_to_end());
  EXPECT_TRUE(heard_.front().closed);
  EXPECT_EQ(lost_, 0);
}

TEST_F(ReservedDescriptorsTest, an_upgrade_that_finds_no_room_is_lost_to_who_wanted_it) {
  leave_few();
  EXPECT_THAT(answer_to(RawClient::upgrade_request()), StartsWith("HTTP/1.1 503"));
  EXPECT_EQ(lost_, 1);
  EXPECT_TRUE(connections_.empty());
}

TEST_F(HttpConnectionTest, a_handler_hears_of_a_request_that_is_refused_before_it_is_whole) {
  std::vector<std::string> refused;
  handlers_.on_refused = [&](const HttpRequest& request, HttpResponse refusal) {
    refused.push_back(request.target);
    if (refusal.status == 413) refusal.body = "so much";
    return refusal;
  };
  options_.request_body_bytes_max = 100;
  open();
  EXPECT_THAT(answer_to("POST /x?sid=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 101\r\n\r\n"),
              testing::AllOf(StartsWith("HTTP/1.1 413"), testing::EndsWith("so much")));
  EXPECT_THAT(answer_to("POST /y HTTP/1.1\r\nHost: x\r\n\r\n"), StartsWith("HTTP/1.1 411"));
  EXPECT_THAT(refused, testing::ElementsAre("/x?sid=1", "/y"));
}

}  // namespace
}  // namespace netcode::transport
