// What only the in-memory link can do: pause, latency, cuts, and an account of what it holds.
#include "simnet/memory_link.hpp"

#include <gtest/gtest.h>

#include "simnet/manual_loop.hpp"
#include "test_world.hpp"

namespace netcode::transport {
namespace {

class MemoryLink : public testing::Test {
 protected:
  void open(const MemoryOptions& options = {}) {
    network_ = std::make_unique<MemoryNetwork>(loop_, options);
    AcceptHandlers handlers;
    handlers.on_http = [](const HttpRequest& request) {
      return HttpResponse{200, "text/plain", "served " + request.path};
    };
    handlers.on_upgrade = [this](const HttpRequest&) { return Upgrade{&server_loop(), ""}; };
    handlers.on_connection = [this](const HttpRequest&, std::shared_ptr<Connection> connection) {
      server_ = std::move(connection);
      server_->start(server_heard_);
    };
    network_->listen(std::move(handlers));
    connector_ = network_->connector();
    connector_->connect("ws://memory/", "", [this](auto result) {
      ASSERT_TRUE(result);
      client_ = *result;
      client_->start(client_heard_);
    });
    ASSERT_TRUE(loop_.run_until([&] { return server_ && client_; }, 10s));
  }
  virtual Loop& server_loop() { return loop_; }

  ManualLoop loop_;
  std::unique_ptr<MemoryNetwork> network_;
  std::unique_ptr<Connector> connector_;
  Heard server_heard_;
  Heard client_heard_;
  std::shared_ptr<Connection> server_;
  std::shared_ptr<Connection> client_;
};

TEST_F(MemoryLink, a_paused_reader_fills_the_links_buffer_and_then_the_writer_waits) {
  MemoryOptions options;
  options.buffer_bytes = 20'000;
  open(options);
  MemoryNetwork::pause_reading(*client_, true);
  int written = 0;
  while (server_->writable() && written < 1000) {
    server_->write(one_frame(pattern(996)));  // 1000 bytes with its header
    ++written;
    loop_.run_ready();
  }
  EXPECT_EQ(written, 21) << "20 fit, the 21st is under way";
  EXPECT_EQ(server_heard_.writable_calls, 0);
  EXPECT_TRUE(client_heard_.messages.empty());

  MemoryNetwork::pause_reading(*client_, false);
  loop_.run_ready();
  EXPECT_EQ(client_heard_.messages.size(), 21U);
  EXPECT_TRUE(server_->writable());
  EXPECT_EQ(server_heard_.writable_calls, 1);
}

TEST_F(MemoryLink, a_reader_may_pause_itself_between_two_messages) {
  open();
  client_heard_.then_on_message = [&](const Heard::Message&) { MemoryNetwork::pause_reading(*client_, true); };
  server_->write({OutgoingMessage{.head = pattern(1)}, OutgoingMessage{.head = pattern(2)}});
  loop_.run_ready();
  EXPECT_EQ(client_heard_.messages.size(), 1U);
  MemoryNetwork::pause_reading(*client_, false);
  loop_.run_ready();
  EXPECT_EQ(client_heard_.messages.size(), 2U);
}

TEST_F(MemoryLink, a_close_to_a_paused_reader_times_out) {
  open();
  MemoryNetwork::pause_reading(*client_, true);
  server_->close(CloseCode::kTryAgainLater, "too slow");
  const auto begun = loop_.now();
  ASSERT_TRUE(loop_.run_until([&] { return server_heard_.closed.has_value(); }, 60s));
  EXPECT_EQ(loop_.now() - begun, 5s);
  loop_.run_ready();
  ASSERT_TRUE(client_heard_.closed.has_value());
  EXPECT_EQ(client_heard_.closed->code, CloseCode::kAbnormal);
}

TEST_F(MemoryLink, messages_take_the_latency_and_keep_their_order) {
  MemoryOptions options;
  options.latency = 40ms;
  open(options);
  const auto begun = loop_.now();
  engine::Duration first{};
  client_heard_.then_on_message = [&](const Heard::Message&) {
    if (first == engine::Duration{}) first = loop_.now() - begun;
  };
  for (std::size_t size = 1; size <= 5; ++size) {
    ASSERT_TRUE(loop_.run_until([&] { return server_->writable(); }, 1s));
    server_->write(one_frame(pattern(size)));
  }
  ASSERT_TRUE(loop_.run_until([&] { return client_heard_.messages.size() == 5; }, 1s));
  EXPECT_EQ(first, 40ms);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(client_heard_.messages[i].bytes.size(), i + 1);
}

TEST_F(MemoryLink, cutting_all_links_is_seen_by_both_ends_and_leaves_nothing_open) {
  open();
  EXPECT_EQ(network_->open_links(), 1U);
  network_->cut_all();
  loop_.run_ready();
  EXPECT_EQ(server_heard_.closed->code, CloseCode::kAbnormal);
  EXPECT_EQ(client_heard_.closed->code, CloseCode::kAbnormal);
  EXPECT_EQ(network_->open_links(), 0U);
}

TEST_F(MemoryLink, once_nobody_listens_connections_are_refused) {
  open();
  network_->stop_listening();
  std::string reason;
  connector_->connect("ws://memory:9000/", "", [&](auto result) { reason = result.error().reason; });
  loop_.run_ready();
  EXPECT_EQ(reason, "connection refused by memory:9000");
  EXPECT_EQ(network_->open_links(), 1U);
}

TEST_F(MemoryLink, plain_http_is_answered_too) {
  open();
  EXPECT_EQ(network_->http_get("/metrics?x=1").body, "served /metrics");
  EXPECT_EQ(network_->http_get("/%ff").status, 400U);
}

TEST_F(MemoryLink, an_end_that_was_dropped_without_a_word_stays_open_like_a_socket_in_the_kernel) {
  open();
  client_.reset();
  server_->write(one_frame(pattern(3)));
  loop_.run_ready();
  EXPECT_EQ(client_heard_.messages.size(), 1U);
}

class MemoryLinkOfTwoLoops : public MemoryLink {
 protected:
  Loop& server_loop() override { return shard_; }
  void run_both() {
    for (int i = 0; i < 10; ++i) {
      loop_.run_ready();
      shard_.run_ready();
    }
  }
  ManualLoop shard_;
};

TEST_F(MemoryLinkOfTwoLoops, each_end_hears_only_on_its_own_loop) {
  network_ = std::make_unique<MemoryNetwork>(loop_);
  AcceptHandlers handlers;
  handlers.on_http = [](const HttpRequest&) { return HttpResponse{}; };
  handlers.on_upgrade = [this](const HttpRequest&) { return Upgrade{&shard_, ""}; };
  handlers.on_connection = [this](const HttpRequest&, std::shared_ptr<Connection> connection) {
    server_ = std::move(connection);
  };
  network_->listen(std::move(handlers));
  connector_ = network_->connector();
  connector_->connect("ws://memory/", "", [this](auto result) { client_ = *result; });
  loop_.run_ready();
  EXPECT_TRUE(client_);
  EXPECT_FALSE(server_) << "the shard has not run yet";
  shard_.run_ready();
  ASSERT_TRUE(server_);
  server_->start(server_heard_);
  client_->start(client_heard_);
  client_->write(one_frame(pattern(7)));
  loop_.run_ready();
  EXPECT_TRUE(server_heard_.messages.empty());
  run_both();
  EXPECT_EQ(server_heard_.messages.size(), 1U);
  server_->close(CloseCode::kNormal, "");
  run_both();
  EXPECT_TRUE(server_heard_.closed && client_heard_.closed);
}

TEST_F(MemoryLink, with_a_network_takes_two_round_trips_to_open_and_half_of_one_for_a_message) {
  const engine::TimePoint start = loop_.now();
  MemoryOptions options;
  options.profile = NetworkProfile{.rtt = 40ms};
  open(options);
  EXPECT_EQ(loop_.now() - start, 80ms) << "TCP's handshake, then HTTP's";
  const engine::TimePoint sent = loop_.now();
  server_->write(one_frame(pattern(100)));
  ASSERT_TRUE(loop_.run_until([&] { return !client_heard_.messages.empty(); }, 1s));
  EXPECT_EQ(loop_.now() - sent, 20ms);
}

TEST_F(MemoryLink, with_a_network_that_is_away_connects_once_it_is_back) {
  MemoryOptions options;
  options.profile = NetworkProfile{.rtt = 40ms, .outages = {{.at = 0ms, .lasts = 2'500ms}}};
  const engine::TimePoint start = loop_.now();
  open(options);
  EXPECT_EQ(loop_.now() - start, 3'080ms) << "the third SYN, 3 s after the first, comes through";
}

}  // namespace
}  // namespace netcode::transport
