// Where a client is, and how it gets from one place to another: every transition of the table in docs/protocol.md.
// Tests also: hello.cpp.
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
  EXPECT_EQ(server.peer().query("unpacks"), fmt::format("{:016x}", load_test_schema().layout_hash("clienttest.World")));
  EXPECT_EQ(server.peer().query("rules"), "af63aa4c86019796");  // FNV-1a 64 of "7"
  EXPECT_EQ(server.peer().query("token"), "(absent)");
  EXPECT_EQ(server.peer().query("map"), "(absent)");
  EXPECT_THAT(request.subprotocols, ElementsAre("scrim.v1"));
}

TEST_F(States, an_auth_is_shown_when_a_session_begins_and_not_when_it_goes_on) {
  ClientConfig config = config_of_tests();
  config.auth = pong(7);
  TestClient showing(std::move(config), server.connector());
  server.welcome_with(FakeServer::lobby());
  showing.connect();
  run();
  ASSERT_EQ(showing.state(), ClientState::kConnected);
  EXPECT_THAT(server.peer().request.subprotocols,
              ElementsAre("scrim.v1", ::testing::StartsWith("scrim.auth.clienttest.Pong.")));
  server.welcome_with(FakeServer::in_match("m1"));
  showing.join("m1");
  run();
  EXPECT_NE(server.peer().query("token"), "(absent)");
  EXPECT_THAT(server.peer().request.subprotocols, ElementsAre("scrim.v1"));
}

TEST_F(States, an_auth_that_no_server_could_take_is_refused_when_the_client_is_made) {
  const auto reason = [&](Auth auth) -> std::string {
    ClientConfig config = config_of_tests();
    config.auth = std::move(auth);
    try {
      const TestClient made(std::move(config), server.connector());
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(reason(note(1, std::string(2048, 's'))).substr(0, 20), "ClientConfig: auth: ");
  EXPECT_THAT(reason(note(1, std::string(2048, 's'))), HasSubstr("2048 is the limit"));
  EXPECT_THAT(reason(Auth("clienttest.Nothing", Bytes(8, 0))), HasSubstr("auth: "));
  EXPECT_THAT(reason(note(1, "\xFF")), HasSubstr("not UTF-8"));
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
  EXPECT_FALSE(joined[0].schema_differs);
  EXPECT_FALSE(joined[0].resumed);
  EXPECT_EQ(client.player(), PlayerId{3});
}

TEST_F(States, another_schema_of_the_same_layout_is_played_and_told) {
  std::vector<JoinedMatch> joined;
  client.on_joined([&](const JoinedMatch& match) { joined.push_back(match); });
  auto welcome = FakeServer::in_match();
  welcome.match->schema_hash += 1;
  server.welcome_with(welcome);
  client.join("m1");
  run();
  EXPECT_EQ(client.state(), ClientState::kInMatch) << client.reason();
  ASSERT_EQ(joined.size(), 1U);
  EXPECT_TRUE(joined[0].schema_differs);
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

TEST_F(States, a_join_that_is_refused_too_late_to_go_back_leads_to_the_lobby) {
  join();
  protocol::Welcome refused = FakeServer::lobby();
  refused.refusal = "match m2 is over\x1b";
  server.welcome_with(refused);
  for (const char* again : {"m2", "m3"}) {
    client.join(again);
    run();
  }
  EXPECT_THAT(states,
              ElementsAre("connecting", "in match", "connected: match m2 is over", "connected: match m2 is over"));
  EXPECT_FALSE(client.match());
  EXPECT_EQ(client.stats().refused, 2U);
  EXPECT_EQ(client.stats().disconnects, 0U);
  server.welcome_with(FakeServer::lobby());
  server.peer().cut();
  loop.run_for(1s);
  EXPECT_EQ(server.peer().request.path, "/");
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
    client.on_state(nullptr);
    client.on_state([&](ClientState, std::string_view) { heard.push_back("second"); });
    heard.push_back(*witness);
  });
  connect();
  EXPECT_THAT(heard, ElementsAre("first", "second"));
}

}  // namespace
}  // namespace netcode
