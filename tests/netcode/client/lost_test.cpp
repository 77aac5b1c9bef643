// Connections that never come about, are lost, or are closed: what a client tries again, what it takes for an end, and
// what it says.
// Tests also: connection_manager.cpp, link.cpp.
#include <stdexcept>

#include "client_fixture.hpp"
#include "netcode/limits.hpp"

namespace netcode {
namespace {

using transport::CloseCode;

class Lost : public ClientTest {};

TEST_F(Lost, a_server_that_is_not_there_closes_at_once_with_a_reason) {
  server.network.stop_listening();
  client.connect();
  run();
  EXPECT_THAT(states, ElementsAre("connecting", "closed: connection refused by server:1"));
  EXPECT_EQ(client.reason(), "connection refused by server:1");
  EXPECT_EQ(client.stats().refused, 1U);
  EXPECT_EQ(client.stats().disconnects, 0U);
}

TEST_F(Lost, what_http_answers_is_the_reason) {
  server.refuse = [](const auto&) { return transport::HttpResponse{503, "text/plain", "the server is full"}; };
  client.connect();
  run();
  EXPECT_EQ(client.state(), ClientState::kClosed);
  EXPECT_THAT(client.reason(), HasSubstr("the server is full"));
}

TEST_F(Lost, a_refusal_reaches_the_player) {
  server.on_peer = [](Peer& peer) { peer.close(CloseCode::kRefused, "match m1 is locked"); };
  client.join("m1");
  run();
  EXPECT_THAT(states, ElementsAre("connecting", "closed: match m1 is locked"));
  EXPECT_EQ(client.stats().refused, 1U);
}

TEST_F(Lost, a_server_that_says_nothing_is_given_up) {
  client.connect();
  loop.run_for(4999ms);
  EXPECT_EQ(client.state(), ClientState::kConnecting);
  loop.run_for(2ms);
  EXPECT_EQ(client.state(), ClientState::kClosed);
  EXPECT_EQ(client.reason(), "no answer within 5000 ms");
  run();
  EXPECT_TRUE(server.peer().closed);
}

TEST_F(Lost, a_first_connection_that_is_lost_before_the_welcome_is_not_tried_again) {
  server.on_peer = [](Peer& peer) { peer.cut(); };
  client.connect();
  loop.run_for(1min);
  EXPECT_EQ(client.state(), ClientState::kClosed);
  EXPECT_EQ(server.peers.size(), 1U);
}

TEST_F(Lost, a_move_whose_new_connection_dies_after_the_old_one_was_replaced_reconnects) {
  connect();
  server.on_peer = [this](Peer& peer) {
    server.peers[0]->close(CloseCode::kReplaced, "replaced");
    loop.call_at(loop.now() + 100ms, [&peer] { peer.cut(); });
  };
  client.join("m1");
  loop.run_for(110ms);
  EXPECT_EQ(client.state(), ClientState::kReconnecting);
  server.welcome_with(FakeServer::in_match());
  loop.run_for(1s);
  EXPECT_EQ(client.state(), ClientState::kInMatch);
  EXPECT_EQ(server.peer().request.path, "/match/m1");
  EXPECT_EQ(client.stats().disconnects, 1U);
}

TEST_F(Lost, a_move_under_way_when_the_old_connection_is_lost_goes_on) {
  connect();
  server.on_peer = [this](Peer& peer) {
    loop.call_at(loop.now() + 2s, [&peer] { peer.send(protocol::encode(FakeServer::in_match())); });
  };
  client.join("m1");
  run();
  server.peers[0]->cut();
  run();
  EXPECT_EQ(client.state(), ClientState::kReconnecting);
  loop.run_for(3s);
  EXPECT_EQ(client.state(), ClientState::kInMatch);
  EXPECT_EQ(server.peers.size(), 2U);
}

TEST_F(Lost, a_move_that_the_server_made_and_we_called_off_is_found_out) {
  connect();
  server.on_peer = nullptr;  // the new connection is there, its Welcome is not
  client.join("m1");
  run();
  client.connect();
  run();
  EXPECT_EQ(client.state(), ClientState::kConnected);
  server.welcome_with(FakeServer::lobby());
  server.peers[0]->close(CloseCode::kReplaced, "replaced");
  loop.run_for(1s);
  EXPECT_EQ(client.state(), ClientState::kConnected) << client.reason();
  EXPECT_EQ(client.stats().resumed, 1U);
}

TEST_F(Lost, a_new_session_begun_from_inside_the_end_of_the_old_one_is_begun_once) {
  join();
  client.leave();
  run();
  client.on_state([&](ClientState state, std::string_view) {
    if (state == ClientState::kClosed) client.join("m2");
  });
  server.on_peer = nullptr;
  server.peer().close(CloseCode::kKicked, "out");
  run();
  EXPECT_EQ(client.state(), ClientState::kConnecting);
  EXPECT_EQ(server.peers.size(), 2U);
}

TEST_F(Lost, close_says_goodbye_and_gives_the_seat_up) {
  join();
  client.close("going to bed");
  EXPECT_EQ(client.state(), ClientState::kClosed);
  run();
  EXPECT_THAT(states, ElementsAre("connecting", "in match", "closed: going to bed"));
  ASSERT_TRUE(server.peer().closed);
  EXPECT_EQ(server.peer().closed->code, CloseCode::kNormal);
  EXPECT_EQ(server.peer().closed->reason, "going to bed");
  loop.run_for(1min);
  EXPECT_EQ(server.peers.size(), 1U);
  EXPECT_EQ(client.stats().disconnects, 0U);
}

TEST_F(Lost, a_client_that_is_destroyed_says_goodbye) {
  auto second = std::make_unique<TestClient>(config_of_tests(), server.connector());
  server.welcome_with(FakeServer::lobby());
  second->connect();
  run();
  second.reset();
  run();
  ASSERT_TRUE(server.peer().closed);
  EXPECT_EQ(server.peer().closed->code, CloseCode::kNormal);
}

TEST_F(Lost, after_closed_a_join_begins_a_new_session) {
  join();
  client.close();
  run();
  client.join("m1");
  run();
  EXPECT_EQ(client.state(), ClientState::kInMatch);
  EXPECT_EQ(server.peer().query("token"), "(absent)");
  EXPECT_EQ(server.peer().query("name"), "ada");
}

TEST_F(Lost, a_lost_connection_is_resumed) {
  std::vector<bool> resumed;
  client.on_joined([&](const JoinedMatch& match) { resumed.push_back(match.resumed); });
  join();
  server.peer().cut();
  run();
  EXPECT_EQ(client.state(), ClientState::kReconnecting);
  EXPECT_TRUE(client.match()) << "the seat is still ours";
  loop.run_for(1s);
  EXPECT_THAT(states, ElementsAre("connecting", "in match", "reconnecting: the connection was lost", "in match"));
  EXPECT_THAT(resumed, ElementsAre(false, true));
  EXPECT_EQ(server.peer().query("token"), "secret");
  EXPECT_EQ(client.stats().disconnects, 1U);
  EXPECT_EQ(client.stats().reconnects, 1U);
  EXPECT_EQ(client.stats().resumed, 1U);
  EXPECT_EQ(client.reason(), "");
}

TEST_F(Lost, a_dropped_connection_is_one_that_was_lost) {
  join();
  client.drop_connection();
  EXPECT_EQ(client.state(), ClientState::kInMatch) << "noticed in the loop";
  loop.run_for(1s);
  EXPECT_EQ(client.state(), ClientState::kInMatch);
  EXPECT_EQ(client.stats().resumed, 1U);
  EXPECT_EQ(server.peers[0]->closed->code, CloseCode::kAbnormal);
}

TEST_F(Lost, a_first_attempt_that_is_dropped_fails) {
  client.connect();
  client.drop_connection();
  run();
  EXPECT_EQ(client.state(), ClientState::kClosed);
}

TEST_F(Lost, retries_back_off_and_end_when_the_seat_is_gone) {
  join();
  server.network.stop_listening();
  server.peer().cut();
  loop.run_for(25s);
  EXPECT_EQ(client.state(), ClientState::kReconnecting);
  loop.run_for(5s);
  EXPECT_EQ(client.state(), ClientState::kClosed);
  EXPECT_EQ(client.reason(), "gave up reconnecting: connection refused by server:1");
}

TEST_F(Lost, retries_go_on_until_the_server_is_back) {
  join();
  server.refuse = [](const auto&) { return transport::HttpResponse{503, "text/plain", "starting"}; };
  server.peer().cut();
  loop.run_for(20s);
  server.refuse = nullptr;
  loop.run_for(8s);
  EXPECT_EQ(client.state(), ClientState::kInMatch);
  EXPECT_EQ(client.stats().reconnects, 1U);
}

TEST_F(Lost, a_resume_that_is_refused_closes_with_the_reason) {
  join();
  server.on_peer = [](Peer& peer) { peer.close(CloseCode::kRefused, "the session is over"); };
  server.peer().cut();
  loop.run_for(1s);
  EXPECT_THAT(states, ElementsAre("connecting", "in match", "reconnecting: the connection was lost",
                                  "closed: the session is over"));
  EXPECT_EQ(client.session(), SessionId{});
}

TEST_F(Lost, a_resume_that_is_dropped_without_a_word_is_tried_again) {
  join();
  server.on_peer = [](Peer& peer) { peer.cut(); };
  server.peer().cut();
  ASSERT_TRUE(loop.run_until([&] { return server.peers.size() == 2; }, 1s));
  server.welcome_with(FakeServer::in_match());
  loop.run_for(1s);
  EXPECT_THAT(states, ElementsAre("connecting", "in match", "reconnecting: the connection was lost", "in match"));
  EXPECT_EQ(server.peers.size(), 3U);
  EXPECT_EQ(server.peer().query("resume"), "1");
  EXPECT_EQ(client.stats().resumed, 1U);
  EXPECT_EQ(client.stats().refused, 0U);
}

TEST_F(Lost, a_session_that_the_server_began_anew_is_not_a_resume) {
  join();
  server.on_peer = [](Peer& peer) {
    auto other = FakeServer::in_match("m1", 5);
    other.session = SessionId{43};
    other.token = "other";
    peer.send(protocol::encode(other));
  };
  std::vector<std::string> replies;
  client.emit(ping(1), [&](const auto& result) { replies.push_back(result ? "yes" : result.error().reason); });
  run();
  server.peer().cut();
  loop.run_for(1s);
  EXPECT_EQ(client.state(), ClientState::kInMatch);
  EXPECT_THAT(replies, ElementsAre("the server began a new session"));
  EXPECT_TRUE(server.peer().events.empty()) << "what was said in the old one stays there";
  EXPECT_EQ(client.session(), SessionId{43});
  EXPECT_FALSE(client.match()->resumed);
  EXPECT_EQ(client.stats().reconnects, 1U);
  EXPECT_EQ(client.stats().resumed, 0U);
}

TEST_F(Lost, a_server_that_goes_silent_is_left_for_a_new_connection) {
  join();
  transport::MemoryNetwork::pause_reading(*server.peer().connection, true);
  server.on_peer = nullptr;  // nor has it a word for new connections
  loop.run_for(limits::kSilenceMax - 1s);
  EXPECT_EQ(client.state(), ClientState::kInMatch);
  loop.run_for(3s);
  EXPECT_EQ(client.state(), ClientState::kReconnecting);
  server.welcome_with(FakeServer::in_match());
  loop.run_for(10s);
  EXPECT_EQ(client.state(), ClientState::kInMatch);
  EXPECT_EQ(client.stats().resumed, 1U);
}

TEST_F(Lost, a_quiet_server_that_answers_pings_is_not_silent) {
  join();
  loop.run_for(2min);
  EXPECT_EQ(server.peers.size(), 1U);
  EXPECT_EQ(client.stats().disconnects, 0U);
}

TEST_F(Lost, an_address_that_is_none_closes_with_a_reason) {
  auto config = config_of_tests();
  config.url = "http://server:1";
  TestClient lost(config, server.connector());
  watch(lost);
  lost.connect();
  run();
  EXPECT_EQ(lost.state(), ClientState::kClosed);
  EXPECT_NE(lost.reason(), "");
}

struct WithoutReconnect : ClientTest {
  WithoutReconnect()
      : ClientTest([] {
          auto config = config_of_tests();
          config.reconnect = false;
          return config;
        }()) {}
};

TEST_F(WithoutReconnect, a_lost_connection_is_the_end) {
  join();
  server.peer().cut();
  loop.run_for(1min);
  EXPECT_THAT(states, ElementsAre("connecting", "in match", "closed: the connection was lost"));
  EXPECT_EQ(server.peers.size(), 1U);
  EXPECT_EQ(client.stats().disconnects, 1U);
}

TEST(ClientConfig, is_refused_with_the_name_of_the_field) {
  transport::ManualLoop loop;
  FakeServer server(loop);
  const auto why = [&](auto change) -> std::string {
    ClientConfig config;
    change(config);
    try {
      TestClient client(config, server.connector());
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(why([](auto& config) { config.backoff_min = 0ms; }), HasSubstr("backoff_min"));
  EXPECT_THAT(why([](auto& config) { config.backoff_max = 1ms; }), HasSubstr("backoff_max"));
  EXPECT_THAT(why([](auto& config) { config.connect_timeout = 0ms; }), HasSubstr("connect_timeout"));
  EXPECT_EQ(why([](auto&) {}), "");
}

TEST(ClientConfig, a_schema_that_cannot_be_read_is_refused) {
  transport::ManualLoop loop;
  FakeServer server(loop);
  const Bytes rubbish(64, 1);
  EXPECT_THROW(ClientCore({}, {.schema = rubbish, .world_table = "x.World", .version = "1"}, server.connector()),
               std::invalid_argument);
}

class CloseCodes : public ClientTest, public ::testing::WithParamInterface<CloseCode> {};

TEST_P(CloseCodes, of_the_server_are_final_and_their_reason_is_told) {
  join();
  server.peer().close(GetParam(), "a word");
  loop.run_for(1s);
  EXPECT_EQ(client.state(), ClientState::kClosed);
  EXPECT_EQ(client.reason(), "a word");
  EXPECT_EQ(client.stats().disconnects, 1U);
  loop.run_for(1min);
  EXPECT_EQ(server.peers.size(), 1U) << "nothing of it is tried again";
}

INSTANTIATE_TEST_SUITE_P(Client, CloseCodes,
                         ::testing::Values(CloseCode::kNormal, CloseCode::kGoingAway, CloseCode::kProtocolError,
                                           CloseCode::kUnsupportedData, CloseCode::kBadPayload, CloseCode::kPolicy,
                                           CloseCode::kTooBig, CloseCode::kInternalError, CloseCode::kTryAgainLater,
                                           CloseCode::kRefused, CloseCode::kReplaced, CloseCode::kKicked,
                                           CloseCode::kMatchEnded));

}  // namespace
}  // namespace netcode
