#include "socketio/engine_session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine_ends.hpp"
#include "simnet/manual_loop.hpp"

// Tests also: engine_error.cpp.

namespace netcode::socketio {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

class EngineSessionTest : public ::testing::Test, public EngineSession::Owner {
 protected:
  using WaitingPtr = std::shared_ptr<Waiting>;
  using SocketPtr = std::shared_ptr<TestSocket>;

  EngineSessionTest() {
    timing.ping_interval = 300ms;
    timing.ping_timeout = 200ms;
  }
  void on_message(std::string_view data, bool is_binary) override {
    heard.push_back((is_binary ? "bytes " : "") + std::string(data));
  }
  void on_writable() override { ++told_writable; }
  void on_ended(EngineEnd why) override { ended = why; }

  void make() {
    session = std::make_unique<EngineSession>(loop, "sid-1", timing, static_cast<EngineSession::Owner&>(*this));
  }
  WaitingPtr open_polling() {
    make();
    auto waiting = std::make_shared<Waiting>();
    session->open(transport::Answerer(waiting));
    return waiting;
  }
  SocketPtr open_socket() {
    make();
    auto socket = std::make_shared<TestSocket>();
    session->open(socket);
    return socket;
  }
  WaitingPtr get() {
    auto waiting = std::make_shared<Waiting>();
    session->get(transport::Answerer(waiting));
    return waiting;
  }
  std::string post(std::string_view body, std::string content_type = "text/plain") {
    auto waiting = std::make_shared<Waiting>();
    session->post({.method = "POST",
                   .path = "/",
                   .query = {},
                   .subprotocols = {},
                   .origin = {},
                   .remote_address = {},
                   .headers = {{"Content-Type", std::move(content_type)}},
                   .body = Bytes(body.begin(), body.end())},
                  transport::Answerer(waiting));
    return waiting->heard();
  }
  SocketPtr probe() {
    auto socket = std::make_shared<TestSocket>();
    session->upgrade(socket);
    return socket;
  }
  std::optional<EngineEnd> end_by_now() {
    loop.run_ready();
    return ended;
  }
  void send(std::string_view text) { session->send(MadePacket::text(text)); }

  static constexpr std::string_view kBad = R"(400 {"code":3,"message":"Bad request"})";
  static constexpr std::string_view kUnknown = R"(400 {"code":1,"message":"Session ID unknown"})";

  transport::ManualLoop loop;
  EngineTiming timing;
  std::vector<std::string> heard;
  int told_writable = 0;
  std::optional<EngineEnd> ended;
  std::unique_ptr<EngineSession> session;
};

}  // namespace

TEST_F(EngineSessionTest, tells_its_five_facts_as_it_opens) {
  const WaitingPtr first = open_polling();
  EXPECT_EQ(
      first->heard(),
      R"(200 0{"sid":"sid-1","upgrades":["websocket"],"pingInterval":300,"pingTimeout":200,"maxPayload":1000000})");
  EXPECT_EQ(first->response().content_type, "text/plain; charset=UTF-8");
  EXPECT_THAT(
      open_socket()->sent,
      ElementsAre(R"(0{"sid":"sid-1","upgrades":[],"pingInterval":300,"pingTimeout":200,"maxPayload":1000000})"));
}

TEST_F(EngineSessionTest, polls) {
  open_polling();
  const WaitingPtr waits = get();
  EXPECT_EQ(waits->heard(), "");
  send("hello");
  EXPECT_EQ(waits->heard(), "200 4hello");
  send("one");
  session->send(MadePacket::binary(std::string("\x01\x02\x03\x04")));
  EXPECT_EQ(get()->heard(),
            "200 4one\x1e"
            "bAQIDBA==")
      << "one GET takes all";
  EXPECT_EQ(post("4a\x1e"
                 "bAQIDBA==\x1e"
                 "4b"),
            "200 ok");
  EXPECT_THAT(heard, ElementsAre("a", "bytes \x01\x02\x03\x04", "b"));
}

TEST_F(EngineSessionTest, speaks_over_a_websocket) {
  const SocketPtr socket = open_socket();
  socket->sent.clear();
  send("hello");
  session->send(MadePacket::binary("raw"));
  EXPECT_THAT(socket->sent, ElementsAre("4hello", "bytes raw"));
  socket->say("4text");
  socket->say("raw", MessageKind::kBinary);
  EXPECT_THAT(heard, ElementsAre("text", "bytes raw"));
  EXPECT_EQ(get()->heard(), kBad) << "a poll of a session that does not poll";
  EXPECT_EQ(post("4a"), kBad);
}

TEST_F(EngineSessionTest, pings_and_lives_as_long_as_it_is_answered) {
  const SocketPtr socket = open_socket();
  socket->sent.clear();
  for (int i = 0; i < 3; ++i) {
    loop.run_for(299ms);
    EXPECT_THAT(socket->sent, IsEmpty());
    loop.run_for(1ms);
    EXPECT_THAT(socket->sent, ElementsAre("2"));
    socket->sent.clear();
    loop.run_for(150ms);
    socket->say("3");
  }
  loop.run_for(300ms + 199ms);
  EXPECT_FALSE(ended);
  loop.run_for(1ms);
  EXPECT_EQ(ended, EngineEnd::kPingTimeout);
  EXPECT_TRUE(socket->is_closed);
}

TEST_F(EngineSessionTest, puts_the_end_off_once_for_another_packet_while_it_awaits_a_pong) {
  const SocketPtr socket = open_socket();
  loop.run_for(300ms + 100ms);
  socket->say("4here");
  loop.run_for(150ms);
  EXPECT_FALSE(ended);
  socket->say("4still");
  loop.run_for(50ms);
  EXPECT_EQ(ended, EngineEnd::kPingTimeout);
}

TEST_F(EngineSessionTest, queues_the_ping_of_who_does_not_poll_and_ends_it_in_time) {
  open_polling();
  loop.run_for(301ms);
  EXPECT_EQ(get()->heard(), "200 2");
  const WaitingPtr waits = get();
  loop.run_for(199ms);
  EXPECT_EQ(ended, EngineEnd::kPingTimeout);
  EXPECT_EQ(waits->heard(), "200 1");
  EXPECT_EQ(get()->heard(), kUnknown);
}

TEST_F(EngineSessionTest, ends_for_two_gets_at_once) {
  open_polling();
  const WaitingPtr first = get();
  EXPECT_EQ(get()->heard(), "400 ");
  EXPECT_EQ(first->heard(), "200 1");
  EXPECT_EQ(end_by_now(), EngineEnd::kTransportError);
}

TEST_F(EngineSessionTest, ends_when_its_client_says_so) {
  open_polling();
  const WaitingPtr waits = get();
  EXPECT_EQ(post("1"), "200 ok");
  EXPECT_EQ(waits->heard(), "200 6");
  EXPECT_EQ(get()->heard(), kUnknown);
  EXPECT_EQ(end_by_now(), EngineEnd::kTransportClose);

  ended.reset();
  const SocketPtr socket = open_socket();
  socket->say("1");
  EXPECT_TRUE(socket->is_closed);
  EXPECT_EQ(socket->code, transport::CloseCode::kNoStatus);
  EXPECT_EQ(end_by_now(), EngineEnd::kTransportClose);

  ended.reset();
  open_socket()->leave();
  EXPECT_EQ(end_by_now(), EngineEnd::kTransportClose);

  ended.reset();
  open_socket()->leave(false);
  EXPECT_EQ(end_by_now(), EngineEnd::kTransportError) << "it broke the WebSocket protocol";
}

TEST_F(EngineSessionTest, ends_when_the_server_says_so) {
  open_polling();
  const WaitingPtr waits = get();
  session->end();
  EXPECT_EQ(waits->heard(), "200 1");
  EXPECT_EQ(end_by_now(), EngineEnd::kForcedClose);
}

TEST_F(EngineSessionTest, ends_for_a_poll_that_is_aborted) {
  open_polling();
  get()->leave();
  EXPECT_EQ(end_by_now(), EngineEnd::kTransportError);

  ended.reset();
  open_polling();
  const WaitingPtr answered = get();
  send("a");
  answered->leave();
  get();
  EXPECT_FALSE(end_by_now()) << "that one was answered";
}

TEST_F(EngineSessionTest, ends_for_a_body_that_is_none_after_the_packets_before) {
  for (const std::string_view body : {"", "abc", "4\xff"}) {
    open_polling();
    const WaitingPtr waits = get();
    EXPECT_TRUE(post(body).starts_with("400 {\"code\":3")) << body;
    EXPECT_EQ(waits->heard(), "200 1") << body;
    EXPECT_EQ(get()->heard(), kUnknown) << body;
    EXPECT_EQ(end_by_now(), EngineEnd::kParseError) << body;
  }
  open_polling();
  EXPECT_EQ(post("4one\x1e"
                 "abc\x1e"
                 "4two"),
            R"(400 {"code":3,"message":"Bad request"})");
  EXPECT_THAT(heard, ElementsAre("one"));

  open_polling();
  EXPECT_EQ(post("4a", "application/octet-stream"), "400 ");
  EXPECT_EQ(end_by_now(), EngineEnd::kTransportError);

  open_polling();
  EXPECT_EQ(post(std::string(1'000'001, '4')), "413 ");
  EXPECT_EQ(end_by_now(), EngineEnd::kTransportError);

  open_socket()->say("abc");
  EXPECT_EQ(end_by_now(), EngineEnd::kParseError);
  open_socket()->say("2");
  EXPECT_EQ(end_by_now(), EngineEnd::kTransportError) << "a ping is the server's to send";
}

TEST_F(EngineSessionTest, ignores_what_is_out_of_place) {
  const SocketPtr socket = open_socket();
  for (const std::string_view text : {"0", "5", "6"}) socket->say(text);
  EXPECT_FALSE(end_by_now());
  EXPECT_THAT(heard, IsEmpty());
}

TEST_F(EngineSessionTest, goes_over_to_a_websocket_with_what_waits_in_order) {
  open_polling();
  const WaitingPtr parked = get();
  const SocketPtr socket = probe();
  EXPECT_EQ(parked->heard(), "");
  socket->say("2probe");
  EXPECT_THAT(socket->sent, ElementsAre("3probe"));
  EXPECT_EQ(parked->heard(), "200 6");
  EXPECT_EQ(get()->heard(), "200 6") << "those still to come too";
  send("one");
  EXPECT_EQ(get()->heard(), "200 4one") << "until it is taken over, polls take what there is";
  send("two");
  send("three");
  socket->say("5");
  EXPECT_THAT(socket->sent, ElementsAre("3probe", "4two", "4three"));
  EXPECT_FALSE(session->is_polling());
  EXPECT_EQ(get()->heard(), kBad);
  EXPECT_EQ(post("4a"), kBad);
  EXPECT_FALSE(end_by_now());
}

TEST_F(EngineSessionTest, stays_where_it_is_when_a_probe_goes_wrong) {
  open_polling();
  for (const std::string_view text : {"2", "2other", "4message", "", "3probe"}) {
    const SocketPtr socket = probe();
    socket->say(text);
    EXPECT_TRUE(socket->is_closed) << text;
    loop.run_ready();
  }
  const SocketPtr bytes = probe();
  bytes->say("2probe", MessageKind::kBinary);
  EXPECT_TRUE(bytes->is_closed);
  const SocketPtr late = probe();
  late->say("2probe");
  const WaitingPtr polled = get();
  loop.run_for(290ms);  // before the ping is due
  EXPECT_FALSE(late->is_closed);
  late->leave();
  loop.run_ready();
  EXPECT_FALSE(ended);
  EXPECT_TRUE(session->is_polling());
  send("a");
  EXPECT_EQ(get()->heard(), "200 4a");
}

TEST_F(EngineSessionTest, takes_an_upgrade_without_a_probe_and_a_probe_twice) {
  open_polling();
  const SocketPtr at_once = probe();
  at_once->say("5");
  at_once->say("4hello");
  EXPECT_THAT(heard, ElementsAre("hello"));
  open_polling();
  const SocketPtr twice = probe();
  for (const std::string_view text : {"2probe", "2probe", "5", "4again"}) twice->say(text);
  EXPECT_THAT(twice->sent, ElementsAre("3probe", "3probe"));
  EXPECT_THAT(heard, ElementsAre("hello", "again"));
}

TEST_F(EngineSessionTest, gives_a_probe_ten_seconds) {
  timing.ping_interval = 60s;
  open_polling();
  const SocketPtr socket = probe();
  socket->say("2probe");
  loop.run_for(9'999ms);
  EXPECT_FALSE(socket->is_closed);
  loop.run_for(1ms);
  EXPECT_TRUE(socket->is_closed);
  EXPECT_FALSE(end_by_now());
}

TEST_F(EngineSessionTest, closes_a_second_websocket_and_goes_on_with_the_first) {
  open_polling();
  const SocketPtr first = probe();
  const SocketPtr second = probe();
  EXPECT_TRUE(second->is_closed);
  first->say("2probe");
  first->say("5");
  EXPECT_TRUE(probe()->is_closed);
  first->say("4hello");
  EXPECT_THAT(heard, ElementsAre("hello"));
  EXPECT_FALSE(end_by_now());
}

TEST_F(EngineSessionTest, ends_who_does_not_take_what_is_sent) {
  timing.queue_bytes_max = 1000;
  open_polling();
  for (int i = 0; i < 20; ++i) {
    EXPECT_LE(session->queued_bytes(), 1000U);
    send(std::string(100, 'x'));
  }
  EXPECT_EQ(end_by_now(), EngineEnd::kTransportError);
  EXPECT_EQ(session->queued_bytes(), 0U);
}

TEST_F(EngineSessionTest, may_go_while_it_has_sockets_and_timers) {
  open_polling();
  const WaitingPtr parked = get();
  const SocketPtr socket = probe();
  socket->say("4wrong");
  session.reset();
  socket->leave();
  loop.run_for(60s);
  EXPECT_FALSE(ended);
}

// --- how the server ends it

TEST_F(EngineSessionTest, hands_over_what_waits_before_it_tells_that_it_has_ended) {
  open_polling();
  session->send(MadePacket::text("last"));
  session->end();
  loop.run_ready();
  EXPECT_EQ(ended, EngineEnd::kForcedClose);
  EXPECT_FALSE(session->is_over());
  EXPECT_EQ(post("4late"), "200 ok");
  EXPECT_THAT(heard, IsEmpty()) << "it comes too late";
  EXPECT_EQ(get()->heard(), "200 4last");
  EXPECT_FALSE(session->is_over());
  EXPECT_EQ(get()->heard(),
            "200 6\x1e"
            "1");
  EXPECT_TRUE(session->is_over());
  EXPECT_EQ(get()->heard().substr(0, 3), "400");
}

TEST_F(EngineSessionTest, tells_a_get_that_waits_that_it_has_ended) {
  open_polling();
  const WaitingPtr waiting = get();
  session->end();
  EXPECT_EQ(waiting->heard(), "200 1");
  EXPECT_TRUE(session->is_over());
}

TEST_F(EngineSessionTest, waits_no_longer_than_so_for_its_client_to_hear_of_the_end) {
  open_polling();
  session->end();
  loop.run_for(29'999ms);
  EXPECT_FALSE(session->is_over());
  loop.run_for(2ms);
  EXPECT_TRUE(session->is_over());
}

TEST_F(EngineSessionTest, writes_what_waits_before_it_closes_its_socket) {
  const SocketPtr socket = open_socket();
  socket->is_stuck = true;
  session->send(MadePacket::text("last"));
  session->end();
  EXPECT_FALSE(socket->is_closed);
  socket->drain();
  EXPECT_EQ(socket->sent.back(), "4last");
  EXPECT_TRUE(socket->is_closed);
  EXPECT_FALSE(session->is_over());
  socket->leave();
  EXPECT_TRUE(session->is_over());
}

// --- when more may be sent

TEST_F(EngineSessionTest, says_when_more_would_leave_at_once) {
  const SocketPtr socket = open_socket();
  EXPECT_TRUE(session->is_writable());
  socket->is_stuck = true;
  session->send(MadePacket::text("waits"));
  EXPECT_FALSE(session->is_writable());
  socket->drain();
  EXPECT_TRUE(session->is_writable());
  EXPECT_EQ(told_writable, 0) << "never from inside a call";
  loop.run_ready();
  EXPECT_EQ(told_writable, 1);
}

TEST_F(EngineSessionTest, is_writable_over_polling_while_a_get_waits) {
  open_polling();
  EXPECT_FALSE(session->is_writable());
  const WaitingPtr waiting = get();
  loop.run_ready();
  EXPECT_EQ(told_writable, 1);
  EXPECT_TRUE(session->is_writable());
  session->send(MadePacket::text("x"));
  EXPECT_FALSE(session->is_writable());
}

TEST_F(EngineSessionTest, takes_one_message_larger_than_its_queue) {
  const SocketPtr socket = open_socket();
  socket->is_stuck = true;
  session->send(MadePacket::text(std::string(100'000, 'x')));
  EXPECT_FALSE(session->has_ended());
  session->send(MadePacket::text("y"));
  EXPECT_TRUE(session->has_ended()) << "a second one";
}

}  // namespace netcode::socketio
