// Tests also: pending_answer.cpp.
#include "transport/http/exchange.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/fmt/fmt.h>

#include <atomic>
#include <thread>

#include "listener_fixture.hpp"
#include "netcode/limits.hpp"
#include "transport/loop/io_faults.hpp"

namespace netcode::transport {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string get(std::string_view path, std::string_view more_headers = "") {
  return fmt::format("GET {} HTTP/1.1\r\nHost: x\r\n{}\r\n", path, more_headers);
}

/// Requests to /later... are kept, all others are answered at once.
class ExchangeTest : public ListenerTest {
 protected:
  ExchangeTest() {
    handlers_.on_http = [this](HttpRequest request, Answerer answerer) {
      http_requests_.push_back(request);
      if (!request.path.starts_with("/later")) {
        return answerer.answer({.status = 200, .body = "served " + request.path});
      }
      answerer.on_gone([this] { ++gone_; });
      kept_.push_back(std::move(answerer));
    };
  }

  void answer(std::size_t which) { kept_[which].answer({.status = 200, .body = http_requests_[which].path}); }

  std::vector<Answerer> kept_;
  int gone_ = 0;
};

// --- Answers that come later -----------------------------------------------------------------------------------------

TEST_F(ExchangeTest, an_answer_may_come_later_from_another_thread) {
  open();
  RawClient client(loop_, port());
  client.send(get("/later"));
  ASSERT_TRUE(client.read_until([&] { return kept_.size() == 1; }));
  EXPECT_EQ(client.received, "");
  std::thread([answerer = std::move(kept_[0])]() mutable {
    answerer.answer({.status = 201, .body = "from another thread", .headers = {{"X-Shard", "3"}}});
    EXPECT_FALSE(answerer);
  }).join();
  ASSERT_TRUE(client.read_answers(1));
  EXPECT_THAT(client.received, StartsWith("HTTP/1.1 201 Created\r\n"));
  EXPECT_THAT(client.received, HasSubstr("X-Shard: 3\r\n"));
  EXPECT_THAT(client.received, HasSubstr("\r\n\r\nfrom another thread"));
  EXPECT_EQ(gone_, 0);
}

TEST_F(ExchangeTest, many_answers_from_other_threads_each_reach_their_own_client) {
  open();
  std::deque<RawClient> clients;
  for (int i = 0; i < 20; ++i) {
    clients.emplace_back(loop_, port()).send(get(fmt::format("/later{}", i)));
    ASSERT_TRUE(clients.back().read_until([&] { return kept_.size() == clients.size(); }));
  }
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < 20; ++i) threads.emplace_back([this, i] { answer(i); });
  for (std::size_t i = 0; i < 20; ++i) {
    ASSERT_TRUE(clients[i].read_answers(1));
    EXPECT_TRUE(clients[i].received.ends_with(fmt::format("/later{}", i))) << clients[i].received;
  }
  for (auto& thread : threads) thread.join();
}

TEST_F(ExchangeTest, a_request_that_is_dropped_unanswered_is_told_500) {
  open();
  RawClient client(loop_, port());
  client.send(get("/later"));
  ASSERT_TRUE(client.read_until([&] { return kept_.size() == 1; }));
  kept_.clear();
  ASSERT_TRUE(client.read_answers(1));
  EXPECT_THAT(client.received, StartsWith("HTTP/1.1 500 "));
  EXPECT_THAT(client.received, HasSubstr("dropped this request unanswered"));
}

TEST_F(ExchangeTest, an_answer_that_does_not_come_in_time_is_503_and_the_handler_is_told) {
  options_.answer_timeout = 20ms;
  open();
  RawClient client(loop_, port());
  client.send(get("/later"));
  ASSERT_TRUE(client.read_to_end());
  EXPECT_THAT(client.received, StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(client.received, HasSubstr("no answer"));
  EXPECT_EQ(gone_, 1);
  EXPECT_TRUE(kept_[0].is_gone());
  answer(0);  // into the void
}

TEST_F(ExchangeTest, an_answer_with_a_line_break_in_a_header_is_not_sent) {
  handlers_.on_http = [](const HttpRequest&) {
    return HttpResponse{.status = 200, .body = "", .headers = {{"X", "a\r\nSet-Cookie: stolen"}}};
  };
  open();
  const auto answer = answer_to(get("/"));
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 500 "));
  EXPECT_THAT(answer, Not(HasSubstr("stolen")));
}

TEST_F(ExchangeTest, an_answer_of_204_has_no_body_and_the_next_request_is_served) {
  handlers_.on_http = [](const HttpRequest& request) {
    return request.path == "/none" ? HttpResponse{.status = 204, .body = "dropped"} : HttpResponse{.status = 200};
  };
  open();
  RawClient client(loop_, port());
  client.send(get("/none") + get("/next"));
  ASSERT_TRUE(client.read_until(
      [&] { return client.received.ends_with("Content-Length: 0\r\nCache-Control: no-store\r\n\r\n"); }));
  EXPECT_THAT(client.received, StartsWith("HTTP/1.1 204 No Content\r\nCache-Control: no-store\r\n\r\nHTTP/1.1 200 "));
}

TEST_F(ExchangeTest, an_answer_is_kept_by_nobody_unless_it_says_so) {
  handlers_.on_http = [](const HttpRequest&) {
    return HttpResponse{.status = 200, .headers = {{"Cache-Control", "no-cache"}}};
  };
  open();
  const auto answer = answer_to(get("/"));
  EXPECT_THAT(answer, HasSubstr("Cache-Control: no-cache\r\n"));
  EXPECT_THAT(answer, Not(HasSubstr("no-store")));
}

TEST_F(ExchangeTest, more_requests_than_may_wait_for_their_answers_are_refused_with_503) {
  options_.answers_awaited_max = 2;
  open();
  std::deque<RawClient> clients;
  for (std::size_t i = 0; i < 2; ++i) {
    clients.emplace_back(loop_, port()).send(get("/later"));
    ASSERT_TRUE(clients.back().read_until([&] { return kept_.size() == i + 1; }));
  }
  EXPECT_THAT(answer_to(get("/later")), StartsWith("HTTP/1.1 503 "));
  clients[0].reset();
  ASSERT_TRUE(clients[1].read_until([&] { return gone_ == 1; }));
  EXPECT_THAT(answer_to(get("/now")), StartsWith("HTTP/1.1 200 ")) << "there is a place again";
}

TEST_F(ExchangeTest, connections_whose_answers_are_awaited_make_no_room_for_others) {
  options_.visitors_max = 2;
  open();
  RawClient waits(loop_, port());
  waits.send(get("/later"));
  ASSERT_TRUE(waits.read_until([&] { return kept_.size() == 1; }));
  std::deque<RawClient> silent;
  for (int i = 0; i < 6; ++i) {
    silent.emplace_back(loop_, port());
    EXPECT_THAT(answer_to(get("/")), StartsWith("HTTP/1.1 200 "));
  }
  answer(0);
  EXPECT_TRUE(waits.read_answers(1));
}

// --- Clients that leave ----------------------------------------------------------------------------------------------

TEST_F(ExchangeTest, a_client_that_leaves_while_its_answer_is_awaited_is_noticed_and_the_answer_dropped) {
  open();
  for (const bool resets : {false, true}) {
    auto client = std::make_unique<RawClient>(loop_, port());
    const auto so_far = kept_.size();
    client->send(get("/later"));
    ASSERT_TRUE(client->read_until([&] { return kept_.size() > so_far; }));
    EXPECT_FALSE(kept_.back().is_gone());
    const int gone_before = gone_;
    if (resets) client->reset();
    client.reset();
    const auto end = loop_.now() + 10s;
    while (gone_ == gone_before && loop_.now() < end) loop_.run_for(1ms);
    EXPECT_EQ(gone_, gone_before + 1);
    EXPECT_TRUE(kept_.back().is_gone());
    bool told_at_once = false;
    kept_.back().on_gone([&] { told_at_once = true; });
    EXPECT_TRUE(told_at_once);
    kept_.back().answer({.status = 200, .body = "nobody reads this"});
  }
}

TEST_F(ExchangeTest, a_client_that_leaves_behind_more_than_the_buffer_holds_is_noticed_too) {
  open();
  auto client = std::make_unique<RawClient>(loop_, port());
  client->send(get("/later"));
  ASSERT_TRUE(client->read_until([&] { return kept_.size() == 1; }));
  client->send(std::string(4 * limits::kHttpHeadBytesMax, 'x'));
  loop_.run_for(5ms);
  EXPECT_EQ(gone_, 0);
  client.reset();
  const auto end = loop_.now() + 10s;
  while (gone_ == 0 && loop_.now() < end) loop_.run_for(1ms);
  EXPECT_EQ(gone_, 1);
}

TEST_F(ExchangeTest, a_client_that_has_sent_its_last_request_is_answered_if_it_can_be_at_once) {
  open();
  RawClient client(loop_, port());
  client.send(get("/now"));
  client.shut();
  ASSERT_TRUE(client.read_to_end());
  EXPECT_THAT(client.received, HasSubstr("served /now"));
}

TEST(Exchange, an_answerer_may_outlive_its_connection_its_listener_and_their_loop) {
  Answerer kept;
  bool told = false;
  {
    IoLoop loop;
    AcceptHandlers handlers;
    handlers.on_http = [&](HttpRequest, Answerer answerer) {
      kept = std::move(answerer);
      kept.on_gone([&] { told = true; });
    };
    handlers.on_upgrade = [&](const HttpRequest&) { return Upgrade{&loop, ""}; };
    handlers.on_connection = [](const HttpRequest&, const std::shared_ptr<Connection>&) {};
    auto listener = Listener::open(loop, "127.0.0.1", 0, ConnectionOptions(), handlers);
    ASSERT_TRUE(listener);
    RawClient client(loop, (*listener)->port());
    client.send(get("/"));
    ASSERT_TRUE(client.read_until([&] { return static_cast<bool>(kept); }));
  }
  EXPECT_FALSE(told) << "the loop ended, not the client";
  EXPECT_TRUE(kept.is_gone());
  kept.answer({.status = 200, .body = ""});
}

// --- Many requests of one connection ---------------------------------------------------------------------------------

TEST_F(ExchangeTest, a_connection_is_kept_alive_until_the_client_says_close) {
  open();
  RawClient client(loop_, port());
  for (int i = 1; i <= 3; ++i) {
    client.send(get(fmt::format("/{}", i)));
    ASSERT_TRUE(client.read_answers(i));
  }
  EXPECT_THAT(client.received, Not(HasSubstr("Connection: close")));
  client.send(get("/last", "Connection: close\r\n"));
  ASSERT_TRUE(client.read_to_end());
  EXPECT_EQ(client.answers(), 4);
  EXPECT_THAT(client.received, HasSubstr("Connection: close\r\n"));
}

TEST_F(ExchangeTest, a_client_of_http_1_0_gets_its_answer_and_the_end) {
  open();
  RawClient client(loop_, port());
  client.send("GET /old HTTP/1.0\r\n\r\n");
  ASSERT_TRUE(client.read_to_end());
  EXPECT_THAT(client.received, HasSubstr("served /old"));
}

TEST_F(ExchangeTest, pipelined_requests_are_answered_in_order_even_if_the_first_takes_longest) {
  open();
  RawClient client(loop_, port());
  client.send(get("/later/1") + get("/2") + get("/later/3") + get("/4"));
  ASSERT_TRUE(client.read_until([&] { return kept_.size() == 1; }));
  loop_.run_for(5ms);
  EXPECT_EQ(http_requests_.size(), 1U) << "one at a time";
  kept_[0].answer({.status = 200, .body = "served /later/1"});
  ASSERT_TRUE(client.read_until([&] { return kept_.size() == 2; }));
  kept_[1].answer({.status = 200, .body = "served /later/3"});
  ASSERT_TRUE(client.read_answers(4));
  const auto& all = client.received;
  EXPECT_LT(all.find("/later/1"), all.find("/2"));
  EXPECT_LT(all.find("served /2"), all.find("/later/3"));
  EXPECT_LT(all.find("/later/3"), all.find("served /4"));
}

TEST_F(ExchangeTest, the_last_request_that_a_connection_may_make_is_answered_with_close) {
  options_.requests_per_connection_max = 3;
  open();
  RawClient client(loop_, port());
  for (int i = 0; i < 5; ++i) client.send(get(fmt::format("/{}", i)));
  ASSERT_TRUE(client.read_to_end());
  EXPECT_EQ(client.answers(), 3);
  EXPECT_EQ(http_requests_.size(), 3U);
  EXPECT_THAT(client.received, HasSubstr("Connection: close\r\n\r\nserved /2"));
}

TEST_F(ExchangeTest, a_connection_that_is_idle_between_two_requests_is_closed_without_a_word) {
  options_.idle_timeout = 20ms;
  options_.handshake_timeout = 60s;
  open();
  RawClient client(loop_, port());
  client.send(get("/"));
  ASSERT_TRUE(client.read_to_end());
  EXPECT_EQ(client.answers(), 1);
  EXPECT_TRUE(client.received.ends_with("served /"));
}

TEST_F(ExchangeTest, a_later_request_has_as_long_as_the_first_to_arrive) {
  options_.handshake_timeout = 30ms;
  options_.idle_timeout = 60s;
  open();
  RawClient client(loop_, port());
  client.send(get("/"));
  ASSERT_TRUE(client.read_answers(1));
  client.send("GET /slow");
  ASSERT_TRUE(client.read_to_end());
  EXPECT_THAT(client.received, HasSubstr("HTTP/1.1 408 "));
}

TEST_F(ExchangeTest, a_websocket_may_follow_requests_on_one_connection) {
  open();
  RawClient client(loop_, port());
  client.send(get("/first") + RawClient::upgrade_request() + RawClient::frame(0x82, "early"));
  ASSERT_TRUE(client.read_until([&] { return !heard_.empty() && !heard_[0].messages.empty(); }));
  EXPECT_THAT(client.received, HasSubstr("served /first"));
  EXPECT_THAT(client.received, HasSubstr("HTTP/1.1 101 "));
  EXPECT_EQ(heard_[0].messages[0].bytes, bytes_of("early"));
}

// --- Bodies and large answers ----------------------------------------------------------------------------------------

TEST_F(ExchangeTest, a_body_reaches_the_handler_whole_with_its_length_or_in_chunks) {
  open();
  answer_to("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
  answer_to("POST /b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n");
  ASSERT_EQ(http_requests_.size(), 2U);
  EXPECT_EQ(text_of(http_requests_[0].body), "hello");
  EXPECT_EQ(text_of(http_requests_[1].body), "hello");
}

TEST_F(ExchangeTest, a_body_of_the_largest_size_is_taken_and_one_byte_more_is_413) {
  options_.request_body_bytes_max = 100'000;
  open();
  const auto post = [](std::size_t bytes) {
    return fmt::format("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{}", bytes, std::string(bytes, 'b'));
  };
  EXPECT_THAT(answer_to(post(100'000)), StartsWith("HTTP/1.1 200 "));
  EXPECT_EQ(http_requests_[0].body.size(), 100'000U);
  EXPECT_THAT(answer_to(post(100'001)), StartsWith("HTTP/1.1 413 "));
  EXPECT_EQ(http_requests_.size(), 1U);
}

TEST_F(ExchangeTest, a_client_that_asks_whether_it_may_send_its_body_is_told_to_go_on) {
  open();
  RawClient client(loop_, port());
  client.send("POST /up HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  ASSERT_TRUE(client.read_until([&] { return client.received == "HTTP/1.1 100 Continue\r\n\r\n"; }));
  client.received.clear();
  client.send("body");
  ASSERT_TRUE(client.read_answers(1));
  EXPECT_EQ(text_of(http_requests_.at(0).body), "body");
}

TEST_F(ExchangeTest, a_large_answer_to_a_slow_reader_arrives_whole) {
  const std::string large = text_of(pattern(3'000'000));
  handlers_.on_http = [&](const HttpRequest&) { return HttpResponse{.status = 200, .body = large}; };
  open();
  RawClient client(loop_, port(), true);
  client.send(get("/"));
  loop_.run_for(20ms);
  ASSERT_TRUE(client.read_answers(1));
  EXPECT_TRUE(client.received.ends_with(large));
}

TEST_F(ExchangeTest, one_that_never_takes_its_answer_is_cut) {
  options_.close_timeout = 20ms;
  handlers_.on_http = [&](const HttpRequest&) {
    return HttpResponse{.status = 200, .body = std::string(limits::kHttpAnswerBytesPerSecondMin - 1, 'x')};
  };
  open();
  RawClient client(loop_, port(), true);
  for (int i = 0; i < 500; ++i) client.send(get("/"));
  const auto end = loop_.now() + 10s;
  bool reset = false;
  while (!reset && loop_.now() < end) {
    loop_.run_for(5ms);
    reset = client.is_reset_by_sending("x");
  }
  EXPECT_TRUE(reset);
}

// --- Faults ----------------------------------------------------------------------------------------------------------

TEST_F(ExchangeTest, whichever_read_or_write_fails_the_connection_ends_and_the_next_is_served) {
  open();
  for (std::uint64_t operations = 0; operations < 12; ++operations) {
    SCOPED_TRACE(operations);
    {
      RawClient client(loop_, port());
      loop_.faults().fail_after(operations);
      for (const char* path : {"/1", "/2", "/later"}) client.send(get(path));
      const auto so_far = kept_.size();
      client.read_until([&] { return client.ended || kept_.size() > so_far; });
      if (kept_.size() > so_far) kept_.back().answer({.status = 200, .body = "late"});
      client.read_until([&] { return client.ended || client.answers() == 3; });
      loop_.faults().fail_after(UINT64_MAX);
    }
    EXPECT_THAT(answer_to(get("/alive")), HasSubstr("served /alive"));
  }
}

}  // namespace
}  // namespace netcode::transport
