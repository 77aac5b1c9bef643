// A client over two connections against a fake server: what it asks for, what it says over which, and what it makes of
// copies, silence and refusals.
// Tests also: connection_manager.cpp, link_slot.cpp.
#include "client_fixture.hpp"
#include "netcode/limits.hpp"

namespace netcode {
namespace {

using transport::CloseCode;

struct TwinLinks : ClientTest {
  explicit TwinLinks(Links links = Links::kTwo)
      : ClientTest([links] {
          auto config = config_of_tests();
          config.links = links;
          return config;
        }()) {
    server.on_peer = [](Peer& peer) { welcome(peer); };
  }

  /// As a server does that grants a second link.
  static void welcome(Peer& peer) {
    auto message = FakeServer::in_match();
    message.resumed = peer.query("token") == message.token;
    message.link = peer.query("link") == "1" ? 1 : 0;
    peer.send(protocol::encode(message));
  }
  void join_twice() {
    client.join("m1");
    loop.run_for(100ms);
    ASSERT_EQ(client.stats().links, 2U);
    ASSERT_EQ(server.peers.size(), 2U);
  }
  Peer& first() { return *server.peers[0]; }
  Peer& second() { return *server.peers[1]; }
  void snapshot(Peer& peer, Tick tick) { peer.send_snapshot({.tick = tick}, world(tick)); }
  /// Everything that is open answers pings and says nothing else.
  void stay(engine::Duration time) { loop.run_for(time); }
};

TEST_F(TwinLinks, asks_for_the_second_with_its_token_and_what_it_has) {
  join_twice();
  EXPECT_EQ(second().request.path, "/match/m1");
  EXPECT_EQ(second().query("token"), "secret");
  EXPECT_EQ(second().query("link"), "1");
  EXPECT_EQ(second().query("resume"), "1");
  EXPECT_EQ(first().query("link"), "(absent)");
  ASSERT_FALSE(second().received.empty()) << "at once, so that the server takes it for the link";
  EXPECT_THAT(states, ElementsAre("connecting", "in match"));
}

TEST_F(TwinLinks, says_everything_over_both_but_a_volatile_event) {
  join_twice();
  client.act(push(1));
  client.emit(note(1));
  run();
  for (const Peer* peer : {&first(), &second()}) {
    ASSERT_EQ(peer->actions.size(), 1U);
    EXPECT_EQ(peer->actions[0].sequence, 1U);
    ASSERT_EQ(peer->events.size(), 1U);
    EXPECT_EQ(peer->events[0].sequence, 1U);
  }
  client.emit_volatile(note(2));
  run();
  EXPECT_EQ(first().events.size() + second().events.size(), 3U);
}

TEST_F(TwinLinks, takes_the_first_copy_of_a_snapshot_and_tells_what_came_over_each) {
  join_twice();
  std::vector<Tick> seen;
  client.on_snapshot([&](const auto&, const SnapshotInfo& info) { seen.push_back(info.tick); });
  for (const Tick tick : {102U, 104U}) {
    snapshot(first(), tick);
    run();
    snapshot(second(), tick);
    run();
  }
  snapshot(second(), 106);
  run();
  snapshot(second(), 108);
  run();
  snapshot(first(), 106);
  run();
  EXPECT_THAT(seen, ElementsAre(102, 104, 106, 108));
  EXPECT_EQ(client.stats().first_copies[0], 2U);
  EXPECT_EQ(client.stats().first_copies[1], 2U);
  EXPECT_EQ(client.stats().snapshots, 4U);
  client.act(push(1));
  client.act(push(2));
  run();
  ASSERT_FALSE(first().actions.empty());
  EXPECT_EQ(first().actions.back().snapshot_tick, 106U);
  EXPECT_EQ(first().actions.back().twin_snapshot_tick, 108U);
}

TEST_F(TwinLinks, repeats_over_each_what_that_one_has_carried_and_begins_anew_over_a_new_one) {
  client.join("m1");
  run();
  client.act(push(1));
  loop.run_for(100ms);
  ASSERT_EQ(client.stats().links, 2U);
  for (int i = 0; i < 4; ++i) client.act(push(1));
  run();
  second().cut();
  loop.run_for(1s);
  ASSERT_EQ(client.stats().links, 2U);
  ASSERT_EQ(server.peers.size(), 3U);
  for (int i = 0; i < 4; ++i) client.act(push(1));
  loop.run_for(2s);  // what waits for a link's turn goes with the next word
  const Bytes body = encode(push(1));
  for (const auto& peer : server.peers) {
    ASSERT_FALSE(peer->actions.empty());
    for (const GotAction& action : peer->actions) EXPECT_EQ(action.body, body);
  }
  EXPECT_EQ(first().actions.size(), 9U);
  EXPECT_EQ(server.peers[2]->actions.back().sequence, 9U);
}

TEST_F(TwinLinks, is_sent_home_by_a_replacement_that_was_not_its_own) {
  join_twice();
  first().close(CloseCode::kReplaced, "newer");
  second().close(CloseCode::kReplaced, "newer");
  loop.run_for(1min);
  EXPECT_EQ(client.state(), ClientState::kClosed);
  EXPECT_EQ(client.reason(), "newer");
  EXPECT_EQ(server.peers.size(), 2U) << "it does not come back to take it again";
}

TEST_F(TwinLinks, asks_for_a_withdrawn_one_after_thirty_seconds) {
  join_twice();
  second().close(CloseCode::kWithdrawn, "too busy");
  loop.run_for(limits::kLinkRefusedFor - 1s);
  EXPECT_EQ(server.peers.size(), 2U);
  EXPECT_EQ(client.state(), ClientState::kInMatch);
  loop.run_for(2s);
  EXPECT_EQ(server.peers.size(), 3U);
  EXPECT_EQ(client.stats().links, 2U);
}

TEST_F(TwinLinks, does_not_go_on_with_a_server_that_kicks_it_over_either) {
  join_twice();
  second().close(CloseCode::kKicked, "out");
  loop.run_for(1min);
  EXPECT_EQ(client.state(), ClientState::kClosed);
  EXPECT_EQ(client.reason(), "out");
}

TEST_F(TwinLinks, refuses_a_second_one_of_another_session) {
  server.on_peer = [this](Peer& peer) {
    if (server.peers.size() == 1) return welcome(peer);
    auto other = FakeServer::in_match();
    other.session = SessionId{77};
    other.link = 1;
    peer.send(protocol::encode(other));
  };
  client.join("m1");
  loop.run_for(20s);
  EXPECT_EQ(client.stats().links, 1U);
  EXPECT_EQ(client.state(), ClientState::kInMatch);
  EXPECT_EQ(server.peers.size(), 2U);
}

TEST_F(TwinLinks, close_says_goodbye_over_both) {
  join_twice();
  client.close("bye");
  run();
  EXPECT_EQ(first().closed->code, CloseCode::kNormal);
  EXPECT_EQ(second().closed->code, CloseCode::kNormal);
}

TEST_F(TwinLinks, leaves_the_second_without_a_word_when_it_leaves_the_match) {
  join_twice();
  client.leave();
  run();
  ASSERT_TRUE(second().closed);
  EXPECT_EQ(second().closed->code, CloseCode::kAbnormal) << "a close frame might end the session";
  EXPECT_FALSE(first().closed);
  EXPECT_EQ(client.stats().twin_lost, 0U);
}

struct Racing : TwinLinks {
  Racing() : TwinLinks(Links::kOne) {}
  void join_once() {
    client.join("m1");
    loop.run_for(100ms);
    ASSERT_EQ(server.peers.size(), 1U);
  }
  void silence(Peer& peer) { transport::MemoryNetwork::pause_reading(*peer.connection, true); }
};

TEST_F(Racing, leaves_an_idle_link_that_answers_pings_alone) {
  join_once();
  loop.run_for(1min);
  EXPECT_EQ(server.peers.size(), 1U);
}

TEST_F(Racing, begins_after_a_second_of_silence_and_keeps_the_state) {
  join_once();
  client.emit(note(1));
  run();
  silence(first());
  loop.run_for(900ms);
  EXPECT_EQ(server.peers.size(), 1U);
  loop.run_for(600ms);
  ASSERT_EQ(server.peers.size(), 2U);
  EXPECT_EQ(second().query("link"), "0");
  EXPECT_EQ(client.stats().raced, 1U);
  EXPECT_EQ(client.stats().links, 1U);
  EXPECT_FALSE(second().received.empty());
  EXPECT_EQ(second().events.size(), 1U) << "what the server has not said to have";
  EXPECT_THAT(states, ElementsAre("connecting", "in match"));
  loop.run_for(1min);
  EXPECT_EQ(server.peers.size(), 2U);
  EXPECT_EQ(client.stats().disconnects, 0U);
}

TEST_F(Racing, tries_every_half_second_until_one_is_welcomed_and_gives_each_up_in_time) {
  join_once();
  server.on_peer = nullptr;
  silence(first());
  loop.run_for(6s);
  EXPECT_GE(server.peers.size(), 9U);
  EXPECT_LE(server.peers.size(), 12U);
  EXPECT_LE(server.network.open_links(), 1U + limits::kRaceAttemptFor / limits::kRaceEvery);
  EXPECT_EQ(client.state(), ClientState::kInMatch);
  server.on_peer = [](Peer& peer) { welcome(peer); };
  loop.run_for(600ms);
  EXPECT_EQ(client.stats().raced, 1U);
  loop.run_for(3s);
  EXPECT_EQ(server.network.open_links(), 1U);
}

TEST_F(Racing, begins_no_more_attempts_once_the_old_one_speaks_and_is_still_won_by_who_is_welcomed) {
  join_once();
  server.on_peer = nullptr;
  silence(first());
  loop.run_for(1200ms);
  ASSERT_EQ(server.peers.size(), 2U);
  transport::MemoryNetwork::pause_reading(*first().connection, false);
  loop.run_for(700ms);
  EXPECT_EQ(server.peers.size(), 2U);
  auto message = FakeServer::in_match();
  message.resumed = true;
  second().send(protocol::encode(message));
  loop.run_for(10s);
  EXPECT_EQ(client.stats().raced, 1U) << "what the old one said may have been old news";
  EXPECT_TRUE(first().closed);
}

TEST_F(Racing, is_given_up_where_nobody_welcomes_it_and_the_old_one_is_back) {
  join_once();
  server.on_peer = nullptr;
  silence(first());
  loop.run_for(1200ms);
  transport::MemoryNetwork::pause_reading(*first().connection, false);
  loop.run_for(10s);
  EXPECT_EQ(client.stats().raced, 0U);
  EXPECT_EQ(server.network.open_links(), 1U);
  EXPECT_FALSE(first().closed);
}

TEST_F(Racing, ends_with_a_session_that_the_server_does_not_know_any_more) {
  join_once();
  server.on_peer = [](Peer& peer) { peer.close(CloseCode::kRefused, "this session is over"); };
  silence(first());
  loop.run_for(2s);
  EXPECT_EQ(client.state(), ClientState::kClosed);
  EXPECT_EQ(client.reason(), "this session is over");
}

struct AutoLinks : TwinLinks {
  AutoLinks() : TwinLinks(Links::kAuto) {}
};

TEST_F(AutoLinks, opens_the_second_at_the_second_burst) {
  client.join("m1");
  loop.run_for(100ms);
  Tick tick = 100;
  for (int burst = 0; burst < 2; ++burst) {
    EXPECT_EQ(server.peers.size(), 1U);
    for (int i = 0; i < 30; ++i) {
      snapshot(first(), tick += 2);
      loop.run_for(33ms);
    }
    loop.run_for(100ms);
    for (int i = 0; i < 4; ++i) {
      snapshot(first(), tick += 2);
      run();
    }
  }
  EXPECT_EQ(server.peers.size(), 2U);
  EXPECT_EQ(client.stats().links, 2U);
}

}  // namespace
}  // namespace netcode
