// What a simulated network does to the connections under it; what a connection does over one is in connection_test.
#include "simnet/simulated_connector.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "netcode/limits.hpp"
#include "simnet/manual_loop.hpp"
#include "simnet/memory_link.hpp"
#include "test_world.hpp"

namespace netcode::transport {
namespace {

/// 40 ms there, 40 ms back, and nothing else.
const NetworkProfile kPlain{.name = "plain", .rtt = 80ms};

class SimulatedNetwork : public testing::Test {
 protected:
  void listen(const MemoryOptions& options = {}) {
    network_ = std::make_unique<MemoryNetwork>(loop_, options);
    AcceptHandlers handlers;
    handlers.on_http = [](const HttpRequest&) { return HttpResponse{}; };
    handlers.on_upgrade = [this](const HttpRequest&) -> std::variant<Upgrade, HttpResponse> {
      if (refuses_) return HttpResponse{503, "text/plain", "the server is full"};
      return Upgrade{&loop_, ""};
    };
    handlers.on_connection = [this](const HttpRequest&, std::shared_ptr<Connection> connection) {
      server_ = std::move(connection);
      server_->start(server_heard_);
    };
    network_->listen(std::move(handlers));
  }
  void open(const NetworkProfile& profile, const MemoryOptions& options = {}) {
    listen(options);
    connector_ = std::make_unique<SimulatedConnector>(network_->connector(), profile, 1);
    client_ = connect(client_heard_);
  }
  std::shared_ptr<Connection> connect(Heard& heard) {
    std::shared_ptr<Connection> connection;
    connector_->connect("ws://memory/", "", [&](auto result) { connection = *result; });
    EXPECT_TRUE(loop_.run_until([&] { return connection != nullptr; }, 30s));
    connection->start(heard);
    return connection;
  }
  engine::Duration since(engine::TimePoint start) const { return loop_.now() - start; }

  ManualLoop loop_;
  bool refuses_ = false;
  std::unique_ptr<MemoryNetwork> network_;
  std::unique_ptr<SimulatedConnector> connector_;
  Heard server_heard_;
  Heard client_heard_;
  std::shared_ptr<Connection> server_;
  std::shared_ptr<Connection> client_;
};

TEST_F(SimulatedNetwork, a_connect_takes_a_round_trip_for_tcp_and_one_for_the_upgrade) {
  const auto start = loop_.now();
  open(kPlain);
  EXPECT_EQ(since(start), 160ms);
}

TEST_F(SimulatedNetwork, a_refusal_takes_as_long_and_keeps_its_words) {
  listen();
  refuses_ = true;
  connector_ = std::make_unique<SimulatedConnector>(network_->connector(), kPlain, 1);
  const auto start = loop_.now();
  std::string reason;
  connector_->connect("ws://memory/", "", [&](auto result) { reason = result.error().reason; });
  ASSERT_TRUE(loop_.run_until([&] { return !reason.empty(); }, 5s));
  EXPECT_EQ(reason, "503: the server is full");
  EXPECT_EQ(since(start), 160ms);
}

TEST_F(SimulatedNetwork, an_attempt_under_way_outlives_its_connector) {
  open(kPlain);
  bool is_open = false;
  connector_->connect("ws://memory/", "", [&](auto result) { is_open = result.has_value(); });
  connector_.reset();
  loop_.run_for(1s);
  EXPECT_TRUE(is_open);
}

TEST_F(SimulatedNetwork, a_message_takes_half_a_round_trip_each_way) {
  open(kPlain);
  const auto start = loop_.now();
  client_->write(one_frame(bytes_of("up")));
  server_->write(one_frame(bytes_of("down")));
  loop_.run_for(39ms);
  EXPECT_TRUE(server_heard_.messages.empty());
  EXPECT_TRUE(client_heard_.messages.empty());
  ASSERT_TRUE(loop_.run_until([&] { return server_heard_.messages.size() + client_heard_.messages.size() == 2; }, 1s));
  EXPECT_EQ(since(start), 40ms);
}

TEST_F(SimulatedNetwork, a_ping_takes_a_whole_one) {
  open(kPlain);
  const auto start = loop_.now();
  client_->ping(bytes_of("?"));
  ASSERT_TRUE(loop_.run_until([&] { return !client_heard_.pongs.empty(); }, 1s));
  EXPECT_EQ(since(start), 80ms);
}

TEST_F(SimulatedNetwork, messages_stay_in_order_through_jitter_and_loss) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    SCOPED_TRACE(seed);
    listen();
    server_heard_ = {};
    client_heard_ = {};
    connector_ = std::make_unique<SimulatedConnector>(
        network_->connector(), NetworkProfile{.name = "bad", .rtt = 60ms, .jitter = 50ms, .loss = 0.05}, seed);
    client_ = connect(client_heard_);
    for (std::size_t i = 0; i < 300; ++i) {
      if (client_->writable()) client_->write(one_frame(pattern(i)));
      if (server_->writable()) server_->write(one_frame(pattern(i)));
      loop_.run_for(16ms);
    }
    loop_.run_for(10s);
    ASSERT_GT(server_heard_.messages.size(), 250U);
    ASSERT_EQ(client_heard_.messages.size(), 300U);
    for (const Heard* heard : {&server_heard_, &client_heard_}) {
      EXPECT_TRUE(std::is_sorted(heard->messages.begin(), heard->messages.end(),
                                 [](const auto& a, const auto& b) { return a.bytes.size() < b.bytes.size(); }));
    }
    client_->detach();
    loop_.run_for(1s);
  }
}

TEST_F(SimulatedNetwork, a_stall_holds_every_connection_of_the_client) {
  open(kPlain);
  Heard other_heard;
  const auto first_server = server_;
  const auto other = connect(other_heard);
  connector_->conditions().stall(loop_.now(), 500ms);
  const auto start = loop_.now();
  first_server->write(one_frame(bytes_of("one")));
  server_->write(one_frame(bytes_of("two")));
  loop_.run_for(500ms);
  EXPECT_EQ(client_heard_.messages.size() + other_heard.messages.size(), 0U);
  ASSERT_TRUE(loop_.run_until([&] { return client_heard_.messages.size() + other_heard.messages.size() == 2; }, 1s));
  EXPECT_EQ(since(start), 540ms);
}

TEST_F(SimulatedNetwork, a_silent_link_counts_no_bytes_until_they_are_there) {
  open(kPlain);
  const auto before = client_->bytes_received();
  server_->write(one_frame(pattern(100)));
  loop_.run_for(39ms);
  EXPECT_EQ(client_->bytes_received(), before);
  loop_.run_for(2ms);
  EXPECT_EQ(client_->bytes_received(), before + 102);
}

TEST_F(SimulatedNetwork, a_close_is_heard_with_its_reason_after_what_was_sent_before_it) {
  open(kPlain);
  const auto start = loop_.now();
  server_->write(one_frame(bytes_of("last words")));
  server_->close(CloseCode::kKicked, "kicked by the host");
  ASSERT_TRUE(loop_.run_until([&] { return client_heard_.closed.has_value(); }, 1s));
  EXPECT_EQ(since(start), 40ms);
  EXPECT_EQ(client_heard_.messages.size(), 1U);
  EXPECT_EQ(client_heard_.closed->code, CloseCode::kKicked);
  EXPECT_EQ(client_heard_.closed->reason, "kicked by the host");
  EXPECT_TRUE(client_heard_.closed->by_peer);
}

TEST_F(SimulatedNetwork, a_close_of_ours_arrives_behind_what_was_written_and_ends_a_round_trip_later) {
  open(kPlain);
  const auto start = loop_.now();
  client_->write(one_frame(bytes_of("last words")));
  client_->close(CloseCode::kGoingAway, "bye");
  ASSERT_TRUE(loop_.run_until([&] { return server_heard_.closed.has_value(); }, 1s));
  EXPECT_EQ(since(start), 40ms);
  EXPECT_EQ(server_heard_.messages.size(), 1U);
  EXPECT_EQ(server_heard_.closed->reason, "bye");
  ASSERT_TRUE(loop_.run_until([&] { return client_heard_.closed.has_value(); }, 1s));
  EXPECT_EQ(since(start), 80ms);
  EXPECT_FALSE(client_heard_.closed->by_peer);
}

TEST_F(SimulatedNetwork, a_close_that_does_not_get_through_is_over_after_the_close_timeout) {
  open(kPlain);
  connector_->conditions().lose_all(loop_.now(), 60s);
  const auto start = loop_.now();
  client_->close(CloseCode::kGoingAway, "bye");
  ASSERT_TRUE(loop_.run_until([&] { return client_heard_.closed.has_value(); }, 30s));
  EXPECT_EQ(since(start), limits::kCloseTimeout);
  EXPECT_EQ(client_heard_.closed->code, CloseCode::kGoingAway);
}

TEST_F(SimulatedNetwork, an_abort_ends_at_once_and_drops_what_is_under_way) {
  open(kPlain);
  client_->write(one_frame(bytes_of("never")));
  server_->write(one_frame(bytes_of("never")));
  loop_.run_ready();
  client_->abort();
  EXPECT_EQ(client_heard_.closed_calls, 0) << "on_closed from inside abort()";
  loop_.run_for(1s);
  ASSERT_EQ(client_heard_.closed_calls, 1);
  EXPECT_EQ(client_heard_.closed->code, CloseCode::kAbnormal);
  EXPECT_EQ(server_heard_.closed_calls, 1);
  EXPECT_TRUE(client_heard_.messages.empty());
  EXPECT_TRUE(server_heard_.messages.empty());
}

TEST_F(SimulatedNetwork, a_connection_that_is_lost_under_it_is_told_as_lost) {
  open(kPlain);
  network_->cut_all();
  ASSERT_TRUE(loop_.run_until([&] { return client_heard_.closed.has_value(); }, 1s));
  EXPECT_EQ(client_heard_.closed->code, CloseCode::kAbnormal);
  EXPECT_FALSE(client_heard_.closed->reason.empty());
}

TEST_F(SimulatedNetwork, writes_wait_once_the_links_buffer_is_full) {
  open(kPlain);
  connector_->conditions().stall(loop_.now(), 2s);
  std::size_t written = 0;
  while (client_->writable() && written < 1'000) {
    client_->write(one_frame(pattern(1'000)));
    ++written;
    loop_.run_ready();
  }
  EXPECT_EQ(written, limits::kSimulatedBufferBytes / 1'008 + 1);
  const int calls = client_heard_.writable_calls;
  loop_.run_for(1s);
  EXPECT_EQ(client_heard_.writable_calls, calls);
  loop_.run_for(2s);
  EXPECT_EQ(server_heard_.messages.size(), written);
  EXPECT_TRUE(client_->writable());
  EXPECT_EQ(client_heard_.writable_calls, calls + 1);
}

TEST_F(SimulatedNetwork, writes_wait_for_a_peer_that_does_not_read) {
  open(kPlain);
  MemoryNetwork::pause_reading(*server_, true);
  std::size_t written = 0;
  for (int i = 0; i < 500; ++i) {
    if (client_->writable()) {
      client_->write(one_frame(pattern(1'000)));
      ++written;
    }
    loop_.run_for(10ms);
  }
  EXPECT_LT(written, 50U) << "as much as the network's buffer and the connection's under it";
  MemoryNetwork::pause_reading(*server_, false);
  loop_.run_for(1s);
  EXPECT_EQ(server_heard_.messages.size(), written);
}

TEST_F(SimulatedNetwork, a_server_that_sends_on_into_a_stall_ends_the_connection_rather_than_fill_memory) {
  MemoryOptions options;
  options.client.message_bytes_max = 4'000'000;
  open(kPlain, options);
  connector_->conditions().stall(loop_.now(), 60s);
  const auto body = std::make_shared<const Bytes>(pattern(1'000'000));
  int written = 0;
  for (int i = 0; i < 100 && !client_heard_.closed; ++i) {
    if (server_->writable()) {
      server_->write({OutgoingMessage{.body = body}});
      ++written;
    }
    loop_.run_for(10ms);
  }
  ASSERT_TRUE(client_heard_.closed);
  EXPECT_EQ(client_heard_.closed->code, CloseCode::kAbnormal);
  EXPECT_NE(client_heard_.closed->reason.find("4194304 bytes"), std::string::npos) << client_heard_.closed->reason;
  EXPECT_LE(written, 6);
  EXPECT_TRUE(client_heard_.messages.empty());
}

TEST_F(SimulatedNetwork, who_detaches_with_messages_under_way_hears_nothing_more) {
  open(kPlain);
  client_->write(one_frame(bytes_of("up")));
  server_->write(one_frame(bytes_of("down")));
  loop_.run_ready();
  client_->detach();
  client_.reset();
  loop_.run_for(1s);
  EXPECT_TRUE(client_heard_.messages.empty());
  EXPECT_EQ(client_heard_.closed_calls, 0);
  EXPECT_EQ(server_heard_.closed_calls, 1) << "as over any connection: it is aborted";
}

TEST_F(SimulatedNetwork, who_closes_and_lets_go_is_heard_out) {
  open(kPlain);
  client_->write(one_frame(bytes_of("last words")));
  client_->close(CloseCode::kNormal, "bye");
  client_->detach();
  client_.reset();
  loop_.run_ready();
  ASSERT_TRUE(server_heard_.closed) << "a program that ends does not wait";
  EXPECT_EQ(server_heard_.closed->code, CloseCode::kNormal);
  EXPECT_EQ(server_heard_.closed->reason, "bye");
  EXPECT_EQ(server_heard_.messages.size(), 1U);
}

TEST_F(SimulatedNetwork, a_handler_may_let_go_of_its_connection_in_the_middle_of_what_arrives) {
  open(kPlain);
  client_heard_.then_on_message = [this](const Heard::Message&) {
    client_->detach();
    client_.reset();
  };
  server_->write({OutgoingMessage{.head = bytes_of("one")}, OutgoingMessage{.head = bytes_of("two")}});
  loop_.run_for(1s);
  EXPECT_EQ(client_heard_.messages.size(), 1U);
}

}  // namespace
}  // namespace netcode::transport
