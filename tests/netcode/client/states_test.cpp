// Where a client is, and how it gets from one place to another: every transition of the table in docs/protocol.md.
#include <stdexcept>

#include "client_fixture.hpp"
#include "netcode/limits.hpp"
#include "protocol/requests.hpp"

namespace netcode {
namespace {

using transport::CloseCode;

class States : public ClientTest {};

TEST_F(States, a_client_is_idle_until_it_is_asked_for_something) {
  loop.run_for(1min);
  EXPECT_EQ(client.state(), ClientState::kIdle);
  EXPECT_TRUE(server.peers.empty());
  EXPECT_THAT(states, IsEmpty());
}

TEST_F(States, connect_leads_to_the_lobby) {
  server.welcome_with(FakeServer::lobby());
  client.connect();
  EXPECT_EQ(client.state(), ClientState::kConnecting);
  EXPECT_THAT(states, IsEmpty()) << "handlers run in the loop only";
  run();
  EXPECT_EQ(client.state(), ClientState::kConnected);
  EXPECT_THAT(states, ElementsAre("connecting", "connected"));
  EXPECT_EQ(client.session(), SessionId{42});
  EXPECT_EQ(client.name(), "ada");
  EXPECT_FALSE(client.match());
  EXPECT_EQ(client.reason(), "");
}

TEST_F(States, the_url_names_the_client_its_schema_and_its_rules) {
  connect();
  const auto& request = server.peer().request;
  EXPECT_EQ(request.path, "/");
  EXPECT_EQ(server.peer().query("name"), "ada");
  EXPECT_EQ(server.peer().query("schema"), fmt::format("{:016x}", load_test_schema().hash()));
  EXPECT_EQ(server.peer().query("rules"), "af63aa4c86019796");  // FNV-1a 64 of "7"
  EXPECT_EQ(server.peer().query("token"), "(absent)");
  EXPECT_EQ(server.peer().query("map"), "(absent)");
  EXPECT_THAT(request.subprotocols, ElementsAre("scrim.v1"));
}

TEST_F(States, join_leads_into_a_match) {
  std::vector<JoinedMatch> joined;
  client.on_joined([&](const JoinedMatch& match) { joined.push_back(match); });
  server.welcome_with(FakeServer::in_match("arena-1", 3));
  client.join("arena-1", {.password = "a b", .spectate = true});
  run();
  EXPECT_THAT(states, ElementsAre("connecting", "in match"));
  EXPECT_EQ(server.peer().request.path, "/match/arena-1");
  EXPECT_EQ(server.peer().query("password"), "a b");
  EXPECT_EQ(server.peer().query("spectate"), "1");
  ASSERT_EQ(joined.size(), 1U);
  EXPECT_EQ(joined[0].id, "arena-1");
  EXPECT_EQ(joined[0].kind, "dots");
  EXPECT_EQ(joined[0].tick_hz, 60U);
  EXPECT_EQ(joined[0].snapshot_hz, 30U);
  EXPECT_TRUE(joined[0].rules_differ);
  EXPECT_FALSE(joined[0].resumed);
  EXPECT_EQ(client.player(), PlayerId{3});
}

TEST_F(States, a_quick_join_comes_back_to_the_match_it_found) {
  server.welcome_with(FakeServer::in_match("found"));
  client.quick_join("dots");
  run();
  EXPECT_EQ(server.peer().request.path, "/quick/dots");
  EXPECT_EQ(client.match()->id, "found");
  server.peer().cut();
  loop.run_for(1s);
  ASSERT_EQ(server.peers.size(), 2U);
  EXPECT_EQ(server.peer().request.path, "/match/found");
}

TEST_F(States, a_server_that_is_not_there_closes_at_once_with_a_reason) {
  server.network.stop_listening();
  client.connect();
  run();
  EXPECT_THAT(states, ElementsAre("connecting", "closed: connection refused by server:1"));
  EXPECT_EQ(client.reason(), "connection refused by server:1");
  EXPECT_EQ(client.stats().refused, 1U);
  EXPECT_EQ(client.stats().disconnects, 0U);
}

TEST_F(States, what_http_answers_is_the_reason) {
  server.refuse = [](const auto&) { return transport::HttpResponse{503, "text/plain", "the server is full"}; };
  client.connect();
  run();
  EXPECT_EQ(client.state(), ClientState::kClosed);
  EXPECT_THAT(client.reason(), HasSubstr("the server is full"));
}

TEST_F(States, a_refusal_reaches_the_player) {
  server.on_peer = [](Peer& peer) { peer.close(CloseCode::kRefused, "match m1 is locked"); };
  client.join("m1");
  run();
  EXPECT_THAT(states, ElementsAre("connecting", "closed: match m1 is locked"));
  EXPECT_EQ(client.stats().refused, 1U);
}

TEST_F(States, a_server_that_says_nothing_is_given_up) {
  client.connect();
  loop.run_for(4999ms);
  EXPECT_EQ(client.state(), ClientState::kConnecting);
  loop.run_for(2ms);
  EXPECT_EQ(client.state(), ClientState::kClosed);
  EXPECT_EQ(client.reason(), "no answer within 5000 ms");
  run();
  EXPECT_TRUE(server.peer().closed);
}

TEST_F(States, a_first_connection_that_is_lost_before_the_welcome_is_not_tried_again) {
  server.on_peer = [](Peer& peer) { peer.cut(); };
  client.connect();
  loop.run_for(1min);
  EXPECT_EQ(client.state(), ClientState::kClosed);
  EXPECT_EQ(server.peers.size(), 1U);
}

TEST_F(States, a_join_from_the_lobby_carries_the_session_over) {
  connect();
  server.welcome_with(FakeServer::in_match());
  client.join("m1");
  run();
  EXPECT_THAT(states, ElementsAre("connecting", "connected", "in match"));
  EXPECT_EQ(server.peer().query("token"), "secret");
  EXPECT_EQ(server.peer().query("received"), "0");
  EXPECT_EQ(server.peer().query("name"), "(absent)");
  EXPECT_TRUE(server.peers[0]->closed) << "the old connection is let go of";
  EXPECT_FALSE(client.match()->resumed) << "a new match is no resume";
  EXPECT_EQ(client.stats().disconnects, 0U);
  EXPECT_EQ(client.stats().reconnects, 0U);
}

TEST_F(States, an_old_connection_that_the_server_closes_for_the_new_one_is_no_disconnect) {
  connect();
  server.on_peer = [this](Peer& peer) {
    server.peers[0]->close(CloseCode::kReplaced, "replaced");
    loop.call_at(loop.now() + 100ms, [&peer] { peer.send(protocol::encode(FakeServer::in_match())); });
  };
  client.join("m1");
  loop.run_for(50ms);
  EXPECT_EQ(client.state(), ClientState::kConnected);
  loop.run_for(100ms);
  EXPECT_EQ(client.state(), ClientState::kInMatch);
  EXPECT_EQ(client.stats().disconnects, 0U);
}

TEST_F(States, a_move_whose_new_connection_dies_after_the_old_one_was_replaced_reconnects) {
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

TEST_F(States, a_move_under_way_when_the_old_connection_is_lost_goes_on) {
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

TEST_F(States, a_join_that_is_refused_leaves_one_in_the_lobby) {
  connect();
  server.on_peer = [](Peer& peer) { peer.close(CloseCode::kRefused, "match m1 is full"); };
  client.join("m1");
  run();
  EXPECT_THAT(states, ElementsAre("connecting", "connected", "connected: match m1 is full"));
  EXPECT_EQ(client.reason(), "match m1 is full");
  server.welcome_with(FakeServer::lobby());
  server.peers[0]->cut();
  loop.run_for(1s);
  EXPECT_EQ(server.peer().request.path, "/");
}

TEST_F(States, a_join_that_is_refused_leaves_one_in_the_match_that_one_was_in) {
  join();
  server.on_peer = [](Peer& peer) { peer.close(CloseCode::kRefused, "wrong password"); };
  client.join("m2", {.password = "guess"});
  run();
  EXPECT_THAT(states, ElementsAre("connecting", "in match", "in match: wrong password"));
  EXPECT_EQ(client.match()->id, "m1");
  server.welcome_with(FakeServer::in_match());
  server.peers[0]->cut();
  loop.run_for(1s);
  EXPECT_EQ(server.peer().request.path, "/match/m1");
  EXPECT_EQ(server.peer().query("password"), "(absent)");
  EXPECT_EQ(client.state(), ClientState::kInMatch);
}

TEST_F(States, a_join_from_a_match_moves_to_the_other) {
  join();
  server.welcome_with(FakeServer::in_match("m2", 9));
  client.join("m2");
  run();
  EXPECT_EQ(client.match()->id, "m2");
  EXPECT_EQ(client.player(), PlayerId{9});
  EXPECT_FALSE(client.match()->resumed);
  EXPECT_EQ(client.stats().disconnects, 0U);
}

TEST_F(States, leave_tells_the_server_and_stays_connected) {
  join();
  client.leave();
  EXPECT_EQ(client.state(), ClientState::kConnected);
  EXPECT_FALSE(client.match());
  EXPECT_EQ(client.player(), kNoPlayer);
  run();
  EXPECT_THAT(states, ElementsAre("connecting", "in match", "connected"));
  ASSERT_EQ(server.peer().events.size(), 1U);
  EXPECT_EQ(server.peer().events[0].name, "scrim:leave");
  EXPECT_NE(server.peer().events[0].ack, 0U);
  EXPECT_FALSE(server.peer().closed);
}

TEST_F(States, connect_from_a_match_leaves_it) {
  join();
  client.connect();
  run();
  EXPECT_EQ(client.state(), ClientState::kConnected);
  ASSERT_EQ(server.peer().events.size(), 1U);
  EXPECT_EQ(server.peer().events[0].name, "scrim:leave");
  EXPECT_EQ(server.peers.size(), 1U);
}

TEST_F(States, a_join_after_leave_waits_until_the_server_has_let_us_go) {
  join();
  Peer& first = server.peer();
  client.leave();
  client.join("m2");
  run();
  EXPECT_EQ(server.peers.size(), 1U) << "or the leave could be taken for one of m2";
  server.welcome_with(FakeServer::in_match("m2"));
  first.send(protocol::encode(
      protocol::AckMessage{.sequence = 1, .id = first.events[0].ack, .error = {}, .table = {}, .body = {}}));
  run();
  EXPECT_EQ(client.state(), ClientState::kInMatch);
  EXPECT_EQ(client.match()->id, "m2");
}

TEST_F(States, a_leave_that_is_cut_off_is_asked_again_from_the_lobby) {
  FakeSession session;
  session.answer = [](const GotEvent&) { return ""; };
  server.on_peer = [&](Peer& peer) { session.attach(peer, FakeServer::in_match()); };
  client.join("m1");
  run();
  server.peer().cut();
  client.leave();
  loop.run_for(1s);
  EXPECT_EQ(server.peer().request.path, "/");
  EXPECT_EQ(client.state(), ClientState::kConnected) << "though the server's Welcome still spoke of the match";
  ASSERT_EQ(session.handled.size(), 1U);
  EXPECT_EQ(session.handled[0].name, "scrim:leave");
}

TEST_F(States, a_join_after_a_leave_that_is_cut_off_is_not_forgotten) {
  FakeSession session;
  session.answer = [](const GotEvent&) { return ""; };
  server.on_peer = [&](Peer& peer) {
    const std::string& path = peer.request.path;
    session.attach(peer, path == "/" ? FakeServer::lobby() : FakeServer::in_match(path.substr(7)));
  };
  client.join("m1");
  run();
  server.peer().cut();
  client.leave();
  client.join("m2");
  loop.run_for(1s);
  ASSERT_TRUE(client.match());
  EXPECT_EQ(client.match()->id, "m2");
  ASSERT_EQ(server.peers.size(), 3U);
  EXPECT_EQ(server.peers[1]->request.path, "/");
}

TEST_F(States, a_move_that_the_server_made_and_we_called_off_is_found_out) {
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

TEST_F(States, the_end_of_a_match_leads_back_to_the_lobby_with_its_result) {
  join();
  std::vector<std::string> results;
  client.on_ended([&](std::string_view result) { results.emplace_back(result); });
  const Bytes body = protocol::encode_match_ended({.match = "m1", .result = "ada wins"});
  server.peer().send(
      protocol::encode(protocol::EventMessage{.sequence = 1, .name = "scrim:ended", .ack = 0, .body = body}));
  run();
  EXPECT_THAT(results, ElementsAre("ada wins"));
  EXPECT_THAT(states, ElementsAre("connecting", "in match", "connected: the match is over"));
  EXPECT_FALSE(client.match());
  server.welcome_with(FakeServer::lobby());
  server.peer().cut();
  loop.run_for(1s);
  EXPECT_EQ(server.peer().request.path, "/");
}

TEST_F(States, word_that_an_older_match_ended_does_not_end_this_one) {
  join();
  bool ended = false;
  client.on_ended([&](std::string_view) { ended = true; });
  const Bytes body = protocol::encode_match_ended({.match = "m0", .result = "long ago"});
  server.peer().send(
      protocol::encode(protocol::EventMessage{.sequence = 1, .name = "scrim:ended", .ack = 0, .body = body}));
  run();
  EXPECT_FALSE(ended);
  EXPECT_EQ(client.state(), ClientState::kInMatch);
}

TEST_F(States, a_match_that_ends_while_we_move_to_another_does_not_stop_the_move) {
  join();
  server.on_peer = nullptr;
  client.join("m2");
  run();
  const Bytes body = protocol::encode_match_ended({.match = "m1", .result = "over"});
  server.peers[0]->send(
      protocol::encode(protocol::EventMessage{.sequence = 1, .name = "scrim:ended", .ack = 0, .body = body}));
  run();
  EXPECT_EQ(client.state(), ClientState::kConnected);
  auto welcome = FakeServer::in_match("m2");
  welcome.resumed = true;
  server.peer().send(protocol::encode(welcome));
  run();
  EXPECT_EQ(client.state(), ClientState::kInMatch);
  EXPECT_TRUE(server.peer().events.empty()) << "and asks not to leave it again";
}

TEST_F(States, a_new_session_begun_from_inside_the_end_of_the_old_one_is_begun_once) {
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

TEST_F(States, a_match_that_ended_while_we_were_away_still_tells_its_result) {
  FakeSession session;
  server.on_peer = [&](Peer& peer) { session.attach(peer, FakeServer::in_match()); };
  client.join("m1");
  run();
  std::vector<std::string> results;
  client.on_ended([&](std::string_view result) { results.emplace_back(result); });
  server.peer().cut();
  run();
  server.on_peer = [&](Peer& peer) { session.attach(peer, FakeServer::lobby()); };
  session.emit("scrim:ended", protocol::encode_match_ended({.match = "m1", .result = "bob wins"}));
  loop.run_for(1s);
  EXPECT_EQ(client.state(), ClientState::kConnected);
  EXPECT_THAT(results, ElementsAre("bob wins"));
}

TEST_F(States, close_says_goodbye_and_gives_the_seat_up) {
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

TEST_F(States, a_client_that_is_destroyed_says_goodbye) {
  auto second = std::make_unique<TestClient>(config_of_tests(), server.connector());
  server.welcome_with(FakeServer::lobby());
  second->connect();
  run();
  second.reset();
  run();
  ASSERT_TRUE(server.peer().closed);
  EXPECT_EQ(server.peer().closed->code, CloseCode::kNormal);
}

TEST_F(States, after_closed_a_join_begins_a_new_session) {
  join();
  client.close();
  run();
  client.join("m1");
  run();
  EXPECT_EQ(client.state(), ClientState::kInMatch);
  EXPECT_EQ(server.peer().query("token"), "(absent)");
  EXPECT_EQ(server.peer().query("name"), "ada");
}

TEST_F(States, a_lost_connection_is_resumed) {
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

TEST_F(States, a_dropped_connection_is_one_that_was_lost) {
  join();
  client.drop_connection();
  EXPECT_EQ(client.state(), ClientState::kInMatch) << "noticed in the loop";
  loop.run_for(1s);
  EXPECT_EQ(client.state(), ClientState::kInMatch);
  EXPECT_EQ(client.stats().resumed, 1U);
  EXPECT_EQ(server.peers[0]->closed->code, CloseCode::kAbnormal);
}

TEST_F(States, a_first_attempt_that_is_dropped_fails) {
  client.connect();
  client.drop_connection();
  run();
  EXPECT_EQ(client.state(), ClientState::kClosed);
}

TEST_F(States, retries_back_off_and_end_when_the_seat_is_gone) {
  join();
  server.network.stop_listening();
  server.peer().cut();
  loop.run_for(25s);
  EXPECT_EQ(client.state(), ClientState::kReconnecting);
  loop.run_for(5s);
  EXPECT_EQ(client.state(), ClientState::kClosed);
  EXPECT_EQ(client.reason(), "gave up reconnecting: connection refused by server:1");
}

TEST_F(States, retries_go_on_until_the_server_is_back) {
  join();
  server.refuse = [](const auto&) { return transport::HttpResponse{503, "text/plain", "starting"}; };
  server.peer().cut();
  loop.run_for(20s);
  server.refuse = nullptr;
  loop.run_for(8s);
  EXPECT_EQ(client.state(), ClientState::kInMatch);
  EXPECT_EQ(client.stats().reconnects, 1U);
}

TEST_F(States, a_resume_that_is_refused_closes_with_the_reason) {
  join();
  server.on_peer = [](Peer& peer) { peer.close(CloseCode::kRefused, "the session is over"); };
  server.peer().cut();
  loop.run_for(1s);
  EXPECT_THAT(states, ElementsAre("connecting", "in match", "reconnecting: the connection was lost",
                                  "closed: the session is over"));
  EXPECT_EQ(client.session(), SessionId{});
}

TEST_F(States, a_session_that_the_server_began_anew_is_not_a_resume) {
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

TEST_F(States, a_server_that_goes_silent_is_left_for_a_new_connection) {
  join();
  transport::MemoryNetwork::pause_reading(*server.peer().connection, true);
  loop.run_for(limits::kSilenceMax - 1s);
  EXPECT_EQ(server.peers.size(), 1U);
  loop.run_for(5s);
  EXPECT_EQ(client.state(), ClientState::kInMatch);
  EXPECT_EQ(client.stats().resumed, 1U);
}

TEST_F(States, a_quiet_server_that_answers_pings_is_not_silent) {
  join();
  loop.run_for(2min);
  EXPECT_EQ(server.peers.size(), 1U);
  EXPECT_EQ(client.stats().disconnects, 0U);
}

TEST_F(States, handlers_may_go_elsewhere_from_inside) {
  server.welcome_with(FakeServer::lobby());
  client.on_state([&](ClientState state, std::string_view) {
    if (state == ClientState::kConnected) {
      server.welcome_with(FakeServer::in_match());
      client.join("m1");
    }
  });
  client.on_joined([&](const JoinedMatch&) { client.close("enough"); });
  client.connect();
  run();
  EXPECT_EQ(client.state(), ClientState::kClosed);
  EXPECT_EQ(client.reason(), "enough");
}

TEST_F(States, a_handler_may_replace_itself) {
  std::vector<std::string> heard;
  const auto witness = std::make_shared<std::string>("first");
  client.on_state([&, witness](ClientState, std::string_view) {
    client.on_state([&](ClientState, std::string_view) { heard.push_back("second"); });
    heard.push_back(*witness);
  });
  connect();
  EXPECT_THAT(heard, ElementsAre("first", "second"));
}

TEST_F(States, an_address_that_is_none_closes_with_a_reason) {
  auto config = config_of_tests();
  config.url = "server:1";
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
