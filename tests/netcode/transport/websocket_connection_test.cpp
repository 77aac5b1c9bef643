// Tests also: flow_meter.cpp, frame_writer.cpp, poller.cpp.
#include "transport/websocket/websocket_connection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

#include "listener_fixture.hpp"
#include "netcode/limits.hpp"

namespace netcode::transport {
namespace {

using testing::HasSubstr;

class WebSocketConnectionTest : public ListenerTest {};

TEST_F(WebSocketConnectionTest, broken_frames_close_with_the_code_that_names_what_is_wrong) {
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

TEST_F(WebSocketConnectionTest, a_flood_of_empty_fragments_closes_with_1008) {
  open();
  RawClient client(loop_, port());
  client.send(RawClient::upgrade_request() + RawClient::frame(0x02, ""));
  std::string flood;
  for (int i = 0; i < 1000; ++i) flood += RawClient::frame(0x00, "");
  client.send(flood);
  EXPECT_TRUE(client.read_until([&] { return client.close_code() != 0; }));
  EXPECT_EQ(client.close_code(), 1008);
}

TEST_F(WebSocketConnectionTest, a_message_in_as_many_fragments_as_allowed_arrives) {
  open();
  RawClient client(loop_, port());
  std::string message = RawClient::upgrade_request() + RawClient::frame(0x02, "a");
  for (std::size_t i = 0; i < limits::kMessageFragmentsMax - 2; ++i) message += RawClient::frame(0x00, "b");
  client.send(message + RawClient::frame(0x80, "c"));
  ASSERT_TRUE(client.read_until([&] { return !heard_.empty() && !heard_[0].messages.empty(); }));
  EXPECT_EQ(heard_[0].messages[0].bytes.size(), limits::kMessageFragmentsMax);
}

TEST_F(WebSocketConnectionTest, a_message_that_never_ends_closes_with_1008) {
  options_.message_assembly_timeout = 30ms;
  open();
  for (const auto& begun : {RawClient::frame(0x02, "begun"), RawClient::frame(0x82, "cut off").substr(0, 8)}) {
    RawClient client(loop_, port());
    client.send(RawClient::upgrade_request() + begun);
    EXPECT_TRUE(client.read_until([&] { return client.close_code() != 0; }));
    EXPECT_EQ(client.close_code(), 1008);
  }
}

TEST_F(WebSocketConnectionTest, a_ping_flood_from_a_peer_that_reads_no_pongs_stays_bounded) {
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

TEST_F(WebSocketConnectionTest, a_ping_behind_a_stuck_write_holds_up_no_messages_and_a_flood_of_them_stays_bounded) {
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

TEST_F(WebSocketConnectionTest, what_comes_behind_pings_that_wait_is_read_in_order_once_their_pongs_are_through) {
  open();
  RawClient client(loop_, port(), true);
  client.send(RawClient::upgrade_request());
  ASSERT_TRUE(client.read_until([&] { return !connections_.empty(); }));
  connections_[0]->write(one_frame(pattern(2'000'000)));
  loop_.run_for(20ms);
  std::string bytes;
  for (int i = 0; i < 9; ++i) {
    const auto number = std::to_string(i);
    bytes += RawClient::frame(0x89, "ping " + number) + RawClient::frame(0x82, "action " + number);
  }
  client.send(bytes.substr(0, bytes.size() - 3));
  loop_.run_for(20ms);
  EXPECT_LT(heard_[0].messages.size(), 3U) << "more pongs than two wait";
  ASSERT_TRUE(client.read_until([&] { return client.received.find("ping 8") != std::string::npos; }));
  client.send(bytes.substr(bytes.size() - 3));
  ASSERT_TRUE(client.read_until([&] { return heard_[0].messages.size() == 9; }));
  for (std::size_t i = 0; i < 9; ++i) {
    EXPECT_EQ(heard_[0].messages[i].bytes, bytes_of("action " + std::to_string(i)));
    EXPECT_NE(client.received.find("ping " + std::to_string(i)), std::string::npos);
  }
}

TEST_F(WebSocketConnectionTest, a_peer_that_closes_behind_pings_that_wait_is_heard) {
  open();
  RawClient client(loop_, port(), true);
  client.send(RawClient::upgrade_request());
  ASSERT_TRUE(client.read_until([&] { return !connections_.empty(); }));
  connections_[0]->write(one_frame(pattern(2'000'000)));
  loop_.run_for(20ms);
  const auto ping = RawClient::frame(0x89, "ping");
  client.send(ping + ping + ping + RawClient::frame(0x88, "\x03\xe9 so long"));
  loop_.run_for(20ms);
  ASSERT_TRUE(client.read_to_end());
  client.shut();
  const auto end = loop_.now() + 10s;
  while (!heard_[0].closed && loop_.now() < end) loop_.run_for(1ms);
  ASSERT_TRUE(heard_[0].closed.has_value());
  EXPECT_EQ(heard_[0].closed->code, CloseCode::kGoingAway);
}

TEST_F(WebSocketConnectionTest, messages_of_many_that_come_in_pieces_do_not_mix) {
  open();
  std::deque<RawClient> clients;
  std::vector<std::string> frames;
  for (int i = 0; i < 10; ++i) {
    clients.emplace_back(loop_, port()).send(RawClient::upgrade_request());
    clients.back().read_until([&] { return connections_.size() == clients.size(); });
    frames.push_back(RawClient::frame(0x82, std::string(200, static_cast<char>('a' + i))));
  }
  for (std::size_t at = 0; at < frames[0].size(); at += 7) {
    for (std::size_t i = 0; i < clients.size(); ++i) clients[i].send(frames[i].substr(at, 7));
    loop_.run_for(1ms);
  }
  for (std::size_t i = 0; i < clients.size(); ++i) {
    ASSERT_TRUE(clients[i].read_until([&] { return !heard_[i].messages.empty(); }));
    EXPECT_EQ(heard_[i].messages[0].bytes, Bytes(200, static_cast<std::uint8_t>('a' + i)));
  }
}

TEST_F(WebSocketConnectionTest, an_end_that_came_together_with_the_last_bytes_is_seen) {
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

TEST_F(WebSocketConnectionTest, a_pong_that_cannot_be_sent_does_not_hide_why_the_peer_closed) {
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

TEST_F(WebSocketConnectionTest, a_handler_may_let_go_of_connections_that_have_news_in_the_same_turn) {
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

TEST_F(WebSocketConnectionTest, a_flood_of_pings_is_told_to_slow_down_and_is_not_answered_on) {
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

TEST_F(WebSocketConnectionTest, bytes_are_metered_and_a_burst_is_no_offence) {
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
class FloodTest : public WebSocketConnectionTest, public ::testing::WithParamInterface<std::size_t> {};
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

}  // namespace
}  // namespace netcode::transport
