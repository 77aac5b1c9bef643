// How a Connection ends, over sockets, over the in-memory link and as if over a network alike.
// Tests also: close_reason.cpp, memory_connection.cpp, simulated_connection.cpp.
#include <gtest/gtest.h>

#include "connection_fixture.hpp"
#include "netcode/limits.hpp"

namespace netcode::transport {
namespace {

class ConnectionCloseTest : public ConnectionTest {};
INSTANTIATE_TEST_SUITE_P(Over, ConnectionCloseTest, all_kinds(), name_of_kind);

TEST_P(ConnectionCloseTest, a_close_carries_code_and_reason_from_the_server_to_the_client) {
  Pair& pair = connect();
  pair.server->close(CloseCode::kKicked, "kicked by the host");
  EXPECT_EQ(pair.server_heard.closed_calls, 0) << "on_closed from inside close()";
  ASSERT_TRUE(run_until([&] { return pair.server_heard.closed && pair.client_heard.closed; }));
  EXPECT_EQ(pair.server_heard.closed->code, CloseCode::kKicked);
  EXPECT_FALSE(pair.server_heard.closed->by_peer);
  EXPECT_EQ(pair.client_heard.closed->code, CloseCode::kKicked);
  EXPECT_EQ(pair.client_heard.closed->reason, "kicked by the host");
  EXPECT_TRUE(pair.client_heard.closed->by_peer);
}

TEST_P(ConnectionCloseTest, a_close_carries_code_and_reason_from_the_client_to_the_server) {
  Pair& pair = connect();
  pair.client->close(CloseCode::kGoingAway, "bye");
  ASSERT_TRUE(run_until([&] { return pair.server_heard.closed && pair.client_heard.closed; }));
  EXPECT_EQ(pair.server_heard.closed->code, CloseCode::kGoingAway);
  EXPECT_EQ(pair.server_heard.closed->reason, "bye");
  EXPECT_TRUE(pair.server_heard.closed->by_peer);
  EXPECT_EQ(pair.client_heard.closed->code, CloseCode::kGoingAway);
  EXPECT_FALSE(pair.client_heard.closed->by_peer);
}

TEST_P(ConnectionCloseTest, a_reason_too_long_for_a_close_frame_is_cut_between_letters) {
  Pair& pair = connect();
  std::string reason(122, 'x');
  reason += "öö";
  pair.server->close(CloseCode::kNormal, reason);
  ASSERT_TRUE(run_until([&] { return pair.client_heard.closed.has_value(); }));
  EXPECT_EQ(pair.client_heard.closed->reason, std::string(122, 'x'));
}

TEST_P(ConnectionCloseTest, a_reason_that_is_no_text_is_made_fit_for_a_close_frame) {
  Pair& pair = connect();
  pair.server->close(CloseCode::kKicked, "gr\xFC\xDF" + std::string(200, '\xFF'));
  ASSERT_TRUE(run_until([&] { return pair.client_heard.closed.has_value(); }));
  EXPECT_EQ(pair.client_heard.closed->code, CloseCode::kKicked);
  EXPECT_TRUE(pair.client_heard.closed->reason.starts_with("gr\uFFFD\uFFFD")) << pair.client_heard.closed->reason;
  EXPECT_LE(pair.client_heard.closed->reason.size(), limits::kCloseReasonBytesMax);
}

TEST_P(ConnectionCloseTest, a_close_without_a_code_is_heard_as_a_normal_one) {
  Pair& pair = connect();
  pair.server->close(CloseCode::kNoStatus, "not sent");
  ASSERT_TRUE(run_until([&] { return pair.server_heard.closed && pair.client_heard.closed; }));
  EXPECT_EQ(pair.server_heard.closed->code, CloseCode::kNoStatus);
  EXPECT_EQ(pair.client_heard.closed->code, CloseCode::kNormal);
  EXPECT_TRUE(pair.client_heard.closed->by_peer);
}

TEST_P(ConnectionCloseTest, closing_waits_for_the_write_under_way) {
  Pair& pair = connect();
  pair.server->write(one_frame(pattern(1'000'000)));
  pair.server->close(CloseCode::kMatchEnded, "over");
  ASSERT_TRUE(run_until([&] { return pair.client_heard.closed && pair.server_heard.closed; }));
  ASSERT_EQ(pair.client_heard.messages.size(), 1U);
  EXPECT_EQ(pair.client_heard.messages[0].bytes, pattern(1'000'000));
  EXPECT_EQ(pair.client_heard.closed->code, CloseCode::kMatchEnded);
}

TEST_P(ConnectionCloseTest, both_ends_closing_at_once_each_end_with_their_own_code) {
  Pair& pair = connect();
  pair.server->close(CloseCode::kGoingAway, "server");
  pair.client->close(CloseCode::kNormal, "client");
  ASSERT_TRUE(run_until([&] { return pair.server_heard.closed && pair.client_heard.closed; }));
  EXPECT_EQ(pair.server_heard.closed->code, CloseCode::kGoingAway);
  EXPECT_EQ(pair.client_heard.closed->code, CloseCode::kNormal);
}

TEST_P(ConnectionCloseTest, nothing_is_heard_of_messages_once_closing) {
  Pair& pair = connect();
  pair.server->close(CloseCode::kNormal, "");
  pair.client->write(one_frame(pattern(9)));
  ASSERT_TRUE(run_until([&] { return pair.server_heard.closed.has_value(); }));
  EXPECT_TRUE(pair.server_heard.messages.empty());
}

TEST_P(ConnectionCloseTest, a_peer_that_never_answers_the_close_is_given_up_after_the_close_timeout) {
  options_.server.close_timeout = 50ms;
  Pair& pair = connect(false);
  pair.server->start(pair.server_heard);
  pair.server->close(CloseCode::kTryAgainLater, "too slow");
  ASSERT_TRUE(run_until([&] { return pair.server_heard.closed.has_value(); }));
  EXPECT_EQ(pair.server_heard.closed->code, CloseCode::kTryAgainLater);
  EXPECT_FALSE(pair.server_heard.closed->by_peer);
}

TEST_P(ConnectionCloseTest, a_write_that_a_peer_never_takes_does_not_hold_up_closing) {
  options_.server.close_timeout = 50ms;
  Pair& pair = connect(false);
  pair.server->start(pair.server_heard);
  pair.server->write(one_frame(pattern(20'000'000)));
  pair.server->close(CloseCode::kTryAgainLater, "too slow");
  ASSERT_TRUE(run_until([&] { return pair.server_heard.closed.has_value(); }));
  EXPECT_EQ(pair.server_heard.closed->code, CloseCode::kTryAgainLater);
}

TEST_P(ConnectionCloseTest, an_abort_is_1006_on_both_ends) {
  Pair& pair = connect();
  pair.server->abort();
  EXPECT_EQ(pair.server_heard.closed_calls, 0) << "on_closed from inside abort()";
  EXPECT_FALSE(pair.server->writable());
  ASSERT_TRUE(run_until([&] { return pair.server_heard.closed && pair.client_heard.closed; }));
  EXPECT_EQ(pair.server_heard.closed->code, CloseCode::kAbnormal);
  EXPECT_FALSE(pair.server_heard.closed->by_peer);
  EXPECT_EQ(pair.client_heard.closed->code, CloseCode::kAbnormal);
  EXPECT_TRUE(pair.client_heard.closed->by_peer);
}

TEST_P(ConnectionCloseTest, an_abort_cuts_a_close_short) {
  Pair& pair = connect(false);
  pair.server->start(pair.server_heard);
  pair.server->close(CloseCode::kNormal, "");
  pair.server->abort();
  ASSERT_TRUE(run_until([&] { return pair.server_heard.closed.has_value(); }));
  EXPECT_EQ(pair.server_heard.closed->code, CloseCode::kAbnormal);
}

TEST_P(ConnectionCloseTest, the_end_is_told_once_whatever_is_called_after_it) {
  Pair& pair = connect();
  pair.server->close(CloseCode::kNormal, "");
  pair.server->close(CloseCode::kKicked, "again");
  pair.client->close(CloseCode::kNormal, "");
  ASSERT_TRUE(run_until([&] { return pair.server_heard.closed && pair.client_heard.closed; }));
  pair.server->abort();
  pair.server->close(CloseCode::kNormal, "");
  pair.server->ping({});
  world_->run_for(10ms);
  EXPECT_EQ(pair.server_heard.closed_calls, 1);
  EXPECT_EQ(pair.client_heard.closed_calls, 1);
  EXPECT_EQ(pair.server_heard.closed->code, CloseCode::kNormal);
}

TEST_P(ConnectionCloseTest, a_handler_may_close_abort_or_detach_from_any_call) {
  for (const int way : {0, 1, 2}) {
    Pair& pair = connect();
    pair.server_heard.then_on_message = [&, way](const Heard::Message&) {
      if (way == 0) pair.server->close(CloseCode::kKicked, "");
      if (way == 1) pair.server->abort();
      if (way == 2) pair.server->detach();
    };
    pair.client->write({OutgoingMessage{.head = bytes_of("one")}, OutgoingMessage{.head = bytes_of("two")}});
    ASSERT_TRUE(run_until([&] { return pair.client_heard.closed.has_value(); })) << way;
    EXPECT_EQ(pair.server_heard.messages.size(), 1U) << way;
    EXPECT_EQ(pair.client_heard.closed->code, way == 0 ? CloseCode::kKicked : CloseCode::kAbnormal);
    TearDown();
  }
}

TEST_P(ConnectionCloseTest, after_detach_no_call_comes_and_the_peer_sees_the_end) {
  Pair& pair = connect();
  pair.client->write(one_frame(pattern(10)));
  pair.server->detach();
  ASSERT_TRUE(run_until([&] { return pair.client_heard.closed.has_value(); }));
  EXPECT_EQ(pair.client_heard.closed->code, CloseCode::kAbnormal);
  EXPECT_TRUE(pair.server_heard.messages.empty());
  EXPECT_FALSE(pair.server_heard.closed.has_value());
}

TEST_P(ConnectionCloseTest, detaching_from_a_closing_connection_lets_the_close_go_through) {
  Pair& pair = connect();
  pair.server->close(CloseCode::kMatchEnded, "gg");
  pair.server->detach();
  ASSERT_TRUE(run_until([&] { return pair.client_heard.closed.has_value(); }));
  EXPECT_EQ(pair.client_heard.closed->code, CloseCode::kMatchEnded);
  EXPECT_FALSE(pair.server_heard.closed.has_value());
}

TEST_P(ConnectionCloseTest, a_connection_can_be_refused_before_it_is_started) {
  Pair& pair = connect(false);
  pair.client->start(pair.client_heard);
  pair.server->close(CloseCode::kRefused, "the server is full");
  ASSERT_TRUE(run_until([&] { return pair.client_heard.closed.has_value(); }));
  EXPECT_EQ(pair.client_heard.closed->code, CloseCode::kRefused);
  EXPECT_EQ(pair.client_heard.closed->reason, "the server is full");
}

TEST_P(ConnectionCloseTest, a_connection_that_ended_before_it_was_started_tells_so_when_it_is) {
  Pair& pair = connect(false);
  pair.server->abort();
  world_->run_for(10ms);
  pair.server->start(pair.server_heard);
  pair.client->start(pair.client_heard);
  ASSERT_TRUE(run_until([&] { return pair.server_heard.closed && pair.client_heard.closed; }));
  EXPECT_EQ(pair.server_heard.closed->code, CloseCode::kAbnormal);
  EXPECT_EQ(pair.client_heard.closed->code, CloseCode::kAbnormal);
}

}  // namespace
}  // namespace netcode::transport
