// Worlds, maps and actions; and how the server hears what has come.
// Tests also: client.cpp, receive.cpp.
#include "client_fixture.hpp"
#include "engine/core/hash.hpp"
#include "netcode/limits.hpp"
#include "protocol/packed_envelope.hpp"

namespace netcode {
namespace {

using clienttest::World;

std::uint64_t hash_of(const Bytes& bytes) {
  engine::Hasher hasher;
  hasher.add(BytesView(bytes));
  return hasher.value();
}

class Snapshots : public ClientTest {
 protected:
  void send_world(Tick tick, std::uint32_t number, std::uint32_t received = 0) {
    server.peer().send_snapshot(
        {.tick = tick, .action_sequence = 4, .action_tick = 90, .received = received, .slack_ms = -7}, world(number));
    run();
  }
  protocol::Welcome with_map(const Bytes& map) {
    auto welcome = FakeServer::in_match();
    welcome.match->map_hash = hash_of(map);
    return welcome;
  }
};

TEST_F(Snapshots, the_newest_world_is_kept_with_what_its_head_says) {
  join();
  EXPECT_EQ(client.world(), nullptr);
  EXPECT_FALSE(client.snapshot());
  std::vector<std::uint32_t> heard;
  client.on_snapshot([&](const World& world, const SnapshotInfo& info) {
    EXPECT_EQ(info.tick, 100 + world.number());
    heard.push_back(world.number());
  });
  send_world(101, 1);
  send_world(102, 2);
  EXPECT_THAT(heard, ElementsAre(1U, 2U));
  ASSERT_NE(client.world(), nullptr);
  EXPECT_EQ(client.world()->number(), 2U);
  EXPECT_EQ(client.world()->dots()->Get(1)->x(), 3);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(client.world_bytes().data()) % 8, 0U);
  const auto info = client.snapshot();
  ASSERT_TRUE(info);
  EXPECT_EQ(info->tick, 102U);
  EXPECT_EQ(info->action_sequence, 4U);
  EXPECT_EQ(info->action_tick, 90U);
  EXPECT_EQ(info->slack, -7ms);
  EXPECT_EQ(info->arrived, loop.now());
  EXPECT_EQ(client.stats().snapshots, 2U);
  EXPECT_EQ(client.stats().snapshot_bytes, 2 * info->message_bytes);
}

TEST_F(Snapshots, an_event_after_a_world_leaves_the_world_alone) {
  join();
  send_world(101, 1);
  for (std::uint32_t i = 1; i < 20; ++i) {
    const Bytes body = encode(note(i, std::string(i * 10, 'x')));
    server.peer().send(protocol::encode(protocol::EventMessage{.sequence = i, .name = "note", .ack = 0, .body = body}));
    run();
    EXPECT_EQ(client.world()->number(), 1U);
    EXPECT_EQ(client.world()->label()->str(), "world");
  }
}

TEST_F(Snapshots, of_a_match_that_was_left_are_not_heard) {
  join();
  send_world(101, 1);
  client.leave();
  send_world(102, 2);
  EXPECT_EQ(client.world()->number(), 1U) << "the last one stays";
  EXPECT_EQ(client.state(), ClientState::kConnected);
}

TEST_F(Snapshots, of_another_match_do_not_mix_and_those_before_a_resume_stay) {
  join();
  send_world(101, 1);
  server.peer().cut();
  loop.run_for(1s);
  ASSERT_EQ(client.state(), ClientState::kInMatch);
  EXPECT_NE(client.world(), nullptr);
  server.welcome_with(FakeServer::in_match("m2"));
  client.join("m2");
  run();
  EXPECT_EQ(client.world(), nullptr);
}

// Maps --------------------------------------------------------------------------------------------

TEST_F(Snapshots, a_match_is_joined_once_its_map_is_there) {
  const Bytes map = {1, 2, 3, 4, 5};
  std::vector<std::size_t> sizes;
  client.on_joined([&](const JoinedMatch&) { sizes.push_back(client.map().size()); });
  server.welcome_with(with_map(map));
  client.join("m1");
  run();
  EXPECT_EQ(client.state(), ClientState::kConnecting);
  EXPECT_EQ(client.act(push(1)), 0U);
  server.peer().send(protocol::encode(protocol::MapView{.hash = hash_of(map), .body = map}));
  run();
  EXPECT_EQ(client.state(), ClientState::kInMatch);
  EXPECT_THAT(sizes, ElementsAre(5U));
  EXPECT_EQ(Bytes(client.map().begin(), client.map().end()), map);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(client.map().data()) % 8, 0U);
}

TEST_F(Snapshots, a_map_that_the_client_holds_is_named_and_not_sent_again) {
  const Bytes map = {1, 2, 3, 4, 5};
  server.welcome_with(with_map(map));
  client.join("m1");
  run();
  server.peer().send(protocol::encode(protocol::MapView{.hash = hash_of(map), .body = map}));
  run();
  server.peer().cut();
  loop.run_for(1s);
  EXPECT_EQ(server.peer().query("map"), fmt::format("{:016x}", hash_of(map)));
  EXPECT_EQ(client.state(), ClientState::kInMatch);
  EXPECT_EQ(client.map().size(), 5U);
}

TEST_F(Snapshots, a_map_with_another_hash_closes_with_a_reason) {
  const Bytes map = {1, 2, 3, 4, 5};
  server.welcome_with(with_map(map));
  client.join("m1");
  run();
  server.peer().send(protocol::encode(protocol::MapView{.hash = hash_of(map), .body = Bytes{1, 2, 3, 4, 6}}));
  run();
  EXPECT_EQ(client.state(), ClientState::kClosed);
  EXPECT_THAT(client.reason(), HasSubstr("map"));
}

TEST_F(Snapshots, a_connection_lost_before_the_map_came_asks_again) {
  const Bytes map = {1, 2, 3, 4, 5};
  server.welcome_with(with_map(map));
  client.join("m1");
  run();
  server.peer().cut();
  loop.run_for(1s);
  EXPECT_EQ(client.state(), ClientState::kReconnecting);
  server.peer().send(protocol::encode(protocol::MapView{.hash = hash_of(map), .body = map}));
  run();
  EXPECT_EQ(client.state(), ClientState::kInMatch);
}

TEST_F(Snapshots, a_match_without_a_map_has_none) {
  const Bytes map = {1, 2, 3, 4, 5};
  server.welcome_with(with_map(map));
  client.join("m1");
  run();
  server.peer().send(protocol::encode(protocol::MapView{.hash = hash_of(map), .body = map}));
  run();
  server.welcome_with(FakeServer::in_match("m2"));
  client.join("m2");
  run();
  EXPECT_TRUE(client.map().empty());
}

// Actions -----------------------------------------------------------------------------------------

TEST_F(Snapshots, actions_are_numbered_and_say_what_has_come) {
  join();
  const Bytes body = encode(note(1));
  server.peer().send(protocol::encode(protocol::EventMessage{.sequence = 1, .name = "note", .ack = 0, .body = body}));
  send_world(101, 1);
  EXPECT_EQ(client.act(push(-3)), 1U);
  run();
  EXPECT_EQ(client.act_at(120, push(4), {.tick = 99, .fraction = 128, .from = 98, .to = 100}), 2U);
  run();
  const auto& actions = server.peer().actions;
  ASSERT_EQ(actions.size(), 2U);
  EXPECT_EQ(actions[0].tick, 0U);
  EXPECT_EQ(actions[0].sequence, 1U);
  EXPECT_EQ(actions[0].snapshot_tick, 101U);
  EXPECT_EQ(actions[0].received, 1U);
  EXPECT_EQ(flatbuffers::GetRoot<clienttest::Push>(actions[0].body.data())->dx(), -3);
  EXPECT_EQ(actions[1].tick, 120U);
  EXPECT_EQ(actions[1].sequence, 2U);
  EXPECT_EQ(actions[1].view_tick, 99U);
  EXPECT_EQ(actions[1].view_fraction, 128U);
  EXPECT_EQ(actions[1].view_from, 98U);
  EXPECT_EQ(actions[1].view_to, 100U);
  EXPECT_EQ(client.stats().actions, 2U);
}

// A client that draws seldom goes on past the newest snapshot, and may have shown what the server has not computed yet.
TEST_F(Snapshots, an_action_names_no_moment_that_the_server_may_not_have_computed) {
  join();
  client.act_at(120, push(1), {.tick = 99, .fraction = 128});
  send_world(101, 1);
  client.act_at(121, push(1), {.tick = 102, .fraction = 64});
  client.act_at(122, push(1), {.tick = 100, .fraction = 200});
  loop.run_for(25ms);  // one and a half ticks later
  client.act_at(123, push(1), {.tick = 103, .fraction = 0});
  run();
  const auto& actions = server.peer().actions;
  ASSERT_EQ(actions.size(), 4U);
  EXPECT_EQ(actions[0].view_tick, 0U) << "nothing has been shown";
  EXPECT_EQ(actions[1].view_tick, 101U);
  EXPECT_EQ(actions[1].view_fraction, 0U);
  EXPECT_EQ(actions[2].view_tick, 100U);
  EXPECT_EQ(actions[2].view_fraction, 200U);
  EXPECT_EQ(actions[3].view_tick, 102U);
  EXPECT_NEAR(actions[3].view_fraction, 128, 4);
}

TEST_F(Snapshots, an_action_that_repeats_the_one_before_is_sent_without_its_body) {
  join();
  const auto before = client.stats().action_bytes;
  for (int i = 0; i < 3; ++i) client.act(push(5));
  run();
  const Peer& peer = server.peer();
  ASSERT_EQ(peer.actions.size(), 3U);
  for (std::uint32_t i = 0; i < 3; ++i) {
    EXPECT_EQ(peer.actions[i].sequence, i + 1);
    EXPECT_EQ(peer.actions[i].body, peer.actions[0].body);
  }
  EXPECT_GT(peer.action_message_bytes[0], protocol::kPackedEnvelopeBytes + peer.actions[0].body.size());
  EXPECT_EQ(peer.action_message_bytes[2], protocol::kPackedEnvelopeBytes + 1);
  EXPECT_EQ(client.stats().action_bytes - before,
            peer.action_message_bytes[0] + peer.action_message_bytes[1] + peer.action_message_bytes[2]);
}

TEST_F(Snapshots, the_first_action_over_a_new_connection_is_whole) {
  join();
  client.act(push(5));
  run();
  const Bytes body = server.peer().actions.at(0).body;
  server.peer().cut();
  loop.run_for(1s);
  ASSERT_EQ(client.state(), ClientState::kInMatch);
  client.act(push(5));
  run();
  ASSERT_EQ(server.peer().actions.size(), 1U);
  EXPECT_EQ(server.peer().actions[0].sequence, 2U);
  EXPECT_EQ(server.peer().actions[0].body, body);
}

TEST_F(Snapshots, without_a_match_there_is_nothing_to_act_in) {
  EXPECT_FALSE(client.action_due());
  EXPECT_EQ(client.act(push(1)), 0U);
  connect();
  EXPECT_FALSE(client.action_due());
  EXPECT_EQ(client.act(push(1)), 0U);
  join();
  EXPECT_EQ(client.act(push(1)), 1U);
  server.peer().cut();
  run();
  EXPECT_FALSE(client.action_due());
  EXPECT_EQ(client.act(push(1)), 0U);
  loop.run_for(1s);
  EXPECT_EQ(client.act(push(1)), 2U) << "the count goes on after a resume";
}

TEST_F(Snapshots, an_action_is_due_once_per_tick) {
  join();
  int due = 0;
  for (int ms = 0; ms < 10'000; ++ms) {
    while (client.action_due()) ++due;
    loop.run_for(1ms);
  }
  EXPECT_NEAR(due, 600, 1);
}

TEST_F(Snapshots, after_a_pause_at_most_four_actions_are_due) {
  join();
  loop.run_for(5s);
  int due = 0;
  while (client.action_due()) ++due;
  EXPECT_EQ(due, 4);
  loop.run_for(17ms);
  EXPECT_TRUE(client.action_due());
  EXPECT_FALSE(client.action_due());
}

TEST_F(Snapshots, bytes_are_counted_by_what_they_are_for) {
  join();
  const ClientStats before = client.stats();
  EXPECT_GT(before.other_bytes, 0U) << "the Welcome";
  const Bytes body = encode(note(1));
  server.peer().send(protocol::encode(protocol::EventMessage{.sequence = 1, .name = "note", .ack = 0, .body = body}));
  run();
  EXPECT_GT(client.stats().event_bytes, before.event_bytes);
  EXPECT_EQ(client.stats().snapshot_bytes, before.snapshot_bytes);
  send_world(101, 1);
  EXPECT_GT(client.stats().snapshot_bytes, before.snapshot_bytes);
  EXPECT_EQ(client.stats().other_bytes, before.other_bytes);
  client.act(push(1));
  EXPECT_GT(client.stats().action_bytes, before.action_bytes);
  EXPECT_EQ(client.stats().sent_event_bytes, before.sent_event_bytes);
  client.emit(note(2));
  EXPECT_GT(client.stats().sent_event_bytes, before.sent_event_bytes);
  loop.run_for(3s);
  EXPECT_GT(client.stats().sent_other_bytes, before.sent_other_bytes) << "a heartbeat";
}

// What the server is told -------------------------------------------------------------------------

TEST_F(Snapshots, who_says_nothing_still_says_once_a_second_what_has_come) {
  join();
  send_world(101, 1);
  const Bytes body = encode(note(1));
  server.peer().send(protocol::encode(protocol::EventMessage{.sequence = 1, .name = "note", .ack = 0, .body = body}));
  loop.run_for(999ms);
  EXPECT_THAT(server.peer().received, IsEmpty());
  loop.run_for(2ms);
  ASSERT_EQ(server.peer().received.size(), 1U);
  EXPECT_EQ(server.peer().received[0].snapshot_tick, 101U);
  EXPECT_EQ(server.peer().received[0].received, 1U);
  loop.run_for(10s);
  EXPECT_EQ(server.peer().received.size(), 11U);
}

TEST_F(Snapshots, who_acts_says_it_in_the_actions) {
  join();
  for (int i = 0; i < 100; ++i) {
    client.act(push(1));
    loop.run_for(100ms);
  }
  EXPECT_THAT(server.peer().received, IsEmpty());
}

TEST_F(Snapshots, a_spectator_says_every_few_snapshots_what_has_come) {
  join();
  for (Tick tick = 101; tick <= 116; ++tick) send_world(tick, tick);
  ASSERT_EQ(server.peer().received.size(), 4U) << "well before the server's limit of unacknowledged ones";
  EXPECT_EQ(server.peer().received[3].snapshot_tick, 116U);
}

TEST_F(Snapshots, every_32_reliable_messages_are_acknowledged_at_once) {
  connect();
  for (std::uint32_t i = 1; i <= 100; ++i) {
    const Bytes body = encode(note(i));
    server.peer().send(protocol::encode(protocol::EventMessage{.sequence = i, .name = "note", .ack = 0, .body = body}));
  }
  run();
  ASSERT_EQ(server.peer().received.size(), 3U);
  EXPECT_EQ(server.peer().received[0].received, 32U);
  EXPECT_EQ(server.peer().received[2].received, 96U);
}

TEST_F(Snapshots, what_a_snapshot_says_to_have_is_let_go_of) {
  join();
  client.emit(note(1));
  run();
  send_world(101, 1, 1);
  EXPECT_EQ(client.state(), ClientState::kInMatch);
  send_world(102, 2, 2);
  EXPECT_EQ(client.state(), ClientState::kClosed) << "it was never sent a second one";
  EXPECT_THAT(client.reason(), HasSubstr("message 2"));
}

}  // namespace
}  // namespace netcode
